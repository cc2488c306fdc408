"""What the conventions promise of every operation, asked of every operation that the description lists."""

import json
import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.test import APIClient

from creditiq.kernel.pages import PAGE_SIZE
from tests.accounts.conftest import signed_in
from tests.architecture.sources import ROOT
from tests.factories.accounts import (
    AdminFactory,
    AnalystFactory,
    BankFactory,
    ConsentFactory,
    OfficerFactory,
    RiskManagerFactory,
)

pytestmark = pytest.mark.django_db
DESCRIPTION = json.loads((ROOT / "tests" / "data" / "openapi.json").read_text())
METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = "application/problem+json"
MEMBERS = {"type", "title", "status", "detail", "errors", "request_id"}
NOTHING = "00000000-0000-4000-8000-000000000000"
WHOLE = {
    "applications_conditions": "of one application",
    "applications_events": "of one application",
    "applications_papers": "of one application",
    "applications_payments": "of one application",
    "applications_stock_statements": "of one application",
    "auth_sessions": "one's own, at most a few",
    "chains_list": "the registry",
    "flags_list": "the switches that exist",
    "features_list": "the registry",
    "fraud_ring_freezes": "of one ring",
    "fraud_watchlists_list": "the lists in force",
    "guide_topics": "the lessons there are",
    "interactions_list": "one reading",
    "lending_contacts": "of one loan",
    "lending_limits": "of one bank",
    "lending_loan_statement": "one document",
    "lending_offers": "those that stand",
    "lending_payment_intentions": "of one loan",
    "lending_products": "those on offer",
    "models_list": "versions of the model",
    "onchain_scores_components": "the 24 parts of one score",
    "onchain_scores_diff": "the parts of one comparison",
    "onchain_scores_history": "of one wallet",
    "onchain_scores_shares": "of one score",
    "policies_list": "the sections that exist",
    "signals_list": "one reading",
    "wallets_approvals": "of one wallet, those that stand",
    "wallets_positions": "of one wallet, those it holds",
    "wallets_warnings": "of one's own wallets, those that stand",
    "webhooks_events": "the kinds of news that exist",
}
"""Answers that are a whole and not a list that grows: why each comes without pages."""
STREAMS = {"score_stream"}
SHOWN_ONCE = "urn:creditiq:problem:answer_not_kept"
"""Where an answer may hold a secret: the act is done once, and its answer is not repeated but refused."""
PATHS = sorted(DESCRIPTION["paths"])
READS = sorted(path for path, methods in DESCRIPTION["paths"].items() if "get" in methods)


def address(path: str) -> str:
    """The path with something in each place that leads nowhere."""
    methods = DESCRIPTION["paths"][path].values()
    places = {place["name"]: place["schema"] for method in methods for place in method.get("parameters", [])}
    numbers = {name for name, schema in places.items() if schema.get("type") == "integer"}
    return re.sub(r"\{(\w+)\}", lambda place: "0" if place[1] in numbers else NOTHING, path)


def shape_of(path: str) -> dict[str, object]:
    """What a read answers, references followed."""
    content = DESCRIPTION["paths"][path]["get"]["responses"].get("200", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        return DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


@pytest.fixture
def risk() -> APIClient:
    """Whoever may read most, without signing in each time."""
    client = APIClient()
    client.force_authenticate(RiskManagerFactory())
    return client


@pytest.fixture
def limited(settings: Settings) -> Iterator[None]:
    settings.CALLS_PER_MINUTE = 10_000
    cache.clear()
    yield
    cache.clear()


def assert_is_a_problem(answer: object) -> None:
    assert answer.headers["Content-Type"] == PROBLEM
    told = json.loads(answer.content)
    assert set(told) == MEMBERS
    assert told["status"] == answer.status_code
    assert told["type"].startswith("urn:creditiq:problem:")


@pytest.mark.parametrize("path", READS)
def test_a_list_comes_in_cursor_pages(path: str) -> None:
    shape, name = shape_of(path), DESCRIPTION["paths"][path]["get"]["operationId"]
    if name.endswith("_list") and name not in WHOLE:
        assert {"next", "previous", "results"} <= set(shape.get("properties", {}))
    if shape.get("type") == "array":
        assert name in WHOLE


PAGED = [path for path in READS if {"next", "previous", "results"} <= set(shape_of(path).get("properties", {}))]


@pytest.mark.parametrize("path", PAGED)
def test_a_list_is_ordered_by_what_it_allows_and_by_nothing_else(path: str, risk: APIClient, limited: None) -> None:
    taken = {place["name"] for place in DESCRIPTION["paths"][path]["get"]["parameters"] if place["in"] == "query"}
    assert {"cursor", "ordering"} <= taken
    refused = risk.get(address(path), {"ordering": "password"})
    if risk.get(address(path)).status_code == 200:
        assert refused.status_code == 422
        assert [error["field"] for error in refused.json()["errors"]] == ["ordering"]
        allowed = re.findall(r"-?\w+(?= or|\.$)", refused.json()["detail"])
        statuses = [risk.get(address(path), {"ordering": name}).status_code for name in (*allowed, f"-{allowed[0]}")]
        assert set(statuses) == {200}


@pytest.mark.parametrize("path", [path for path in PATHS if "post" in DESCRIPTION["paths"][path]])
def test_a_key_repeats_the_first_answer_and_refuses_another_body(path: str, risk: APIClient, limited: None) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": f"once-{path}"[-100:]}
    first = risk.post(address(path), {}, format="json", **key)
    again = risk.post(address(path), {}, format="json", **key)
    other = risk.post(address(path), {"another": 1}, format="json", **key)
    if "Idempotent-Replayed" in again.headers:
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert other.status_code == 422
    else:
        assert first.status_code == 403 or again.json()["type"] == SHOWN_ONCE


@pytest.mark.parametrize("path", READS)
def test_a_read_has_a_tag_and_says_what_is_left_or_is_a_problem(path: str, risk: APIClient, limited: None) -> None:
    answer = risk.get(address(path))
    if answer.status_code >= 400:
        assert_is_a_problem(answer)
    elif DESCRIPTION["paths"][path]["get"]["operationId"] not in STREAMS:
        again = risk.get(address(path), HTTP_IF_NONE_MATCH=answer.headers["ETag"])
        assert again.status_code == 304 or answer.headers["ETag"] != again.headers["ETag"]
    assert {"RateLimit", "RateLimit-Policy"} <= set(answer.headers) or answer.status_code in {403, 404}


@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_is_not_offered_is_a_405_problem(path: str, risk: APIClient) -> None:
    offered = DESCRIPTION["paths"][path]
    for method in set(METHODS) - set(offered):
        answer = getattr(risk, method)(address(path), {})
        assert answer.status_code in {403, 405}
        assert_is_a_problem(answer)


@pytest.mark.parametrize("path", [path for path in PATHS if "post" in DESCRIPTION["paths"][path]])
def test_a_stranger_and_a_body_of_another_kind_get_a_problem(path: str, risk: APIClient) -> None:
    for client in (APIClient(), risk):
        answer = client.generic("POST", address(path), b"<a/>", content_type="application/xml")
        assert answer.status_code >= 400 or answer.status_code in {200, 201, 202, 204}
        if answer.status_code >= 400:
            assert_is_a_problem(answer)


@pytest.mark.parametrize(
    ("status", "request_of"),
    [
        (404, {"path": "/api/v1/nowhere"}),
        (404, {"path": "/api/v2/score"}),
        (404, {"path": "/api/v1/consents?cursor=not-ours"}),
        (404, {"path": "/api/v1/keys?cursor=%00%ff"}),
        (400, {"path": "/api/v1/score", "method": "POST", "data": b"{", "content_type": "application/json"}),
        (415, {"path": "/api/v1/score", "method": "POST", "data": b"a", "content_type": "text/plain"}),
        (406, {"path": "/api/v1/consents", "HTTP_ACCEPT": "image/png"}),
        (400, {"path": "/api/v1/consents", "HTTP_HOST": "elsewhere.example"}),
        (405, {"path": "/api/v1/consents", "method": "DELETE"}),
    ],
)
def test_what_goes_wrong_before_a_door_is_a_problem_too(status: int, request_of: dict[str, object]) -> None:
    client = APIClient()
    client.force_authenticate(OfficerFactory())
    given = dict(request_of)
    answer = client.generic(str(given.pop("method", "GET")), str(given.pop("path")), **given)
    assert answer.status_code == status
    assert_is_a_problem(answer)


def test_a_session_without_the_token_against_forgery_is_a_403_problem() -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(OfficerFactory(), backend="accounts.adapters.VerifiedBackend")
    answer = client.post("/api/v1/consents", {})
    assert answer.status_code == 403
    assert_is_a_problem(answer)


def test_too_many_calls_is_a_429_problem_that_says_when_to_come_back(settings: Settings) -> None:
    settings.CALLS_PER_MINUTE = 1
    cache.clear()
    client = signed_in(AnalystFactory())
    answers = [client.get("/api/v1/auth/me") for _ in range(3)]
    cache.clear()
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert_is_a_problem(answers[-1])


@pytest.mark.parametrize("name", ["consents", "banks"])
def test_pages_follow_each_other_there_and_back_without_a_gap(name: str) -> None:
    bank = BankFactory()
    for _ in range(PAGE_SIZE * 2 + 3):
        ConsentFactory(organisation=bank) if name == "consents" else BankFactory()
    client = APIClient()
    client.force_authenticate(OfficerFactory(organisation=bank) if name == "consents" else AdminFactory())
    pages, link = [], f"/api/v1/{name}"
    while link:
        pages.append(client.get(link).json())
        link = pages[-1]["next"]
    ids = [row["id"] for page in pages for row in page["results"]]
    assert len(pages) == 3
    assert len(set(ids)) == len(ids) >= PAGE_SIZE * 2 + 3
    back = client.get(pages[2]["previous"]).json()
    assert back["results"] == pages[1]["results"]
    assert pages[0]["previous"] is None
