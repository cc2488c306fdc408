"""What the description promises, the product keeps: our own typed client, made from it, works a running product."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Protocol
from uuid import UUID, uuid4

import pytest

from tests.client import KEPT, PACKAGE, write_client
from tests.journeys.callers import DOMAIN, ENDED, PASSWORD, eventually
from tests.product import Product

pytestmark = pytest.mark.integration
NOBODYS = UUID("00000000-0000-4000-8000-000000000000")


class Answer(Protocol):
    """What a call of the client gives."""

    status_code: HTTPStatus
    parsed: object


class Client:
    """The generated package, its operations by tag and name."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.package = import_module(PACKAGE)
        self.who: object = self.package.Client(base_url=address)

    def operation(self, tag: str, name: str) -> ModuleType:
        return import_module(f"{PACKAGE}.api.{tag}.{name}")

    def shape(self, name: str) -> type:
        return getattr(import_module(f"{PACKAGE}.models"), name)

    def call(self, tag: str, name: str, *place: object, **given: object) -> Answer:
        """One operation: status and what was read from the answer."""
        return self.operation(tag, name).sync_detailed(*place, client=self.who, **given)

    def close(self) -> None:
        """Let go of the connections."""
        self.who.get_httpx_client().close()

    def sign_in(self, first_name: str, password: str = PASSWORD) -> Answer:
        body = self.shape("SecondSignInInRequest")(email=f"{first_name}@{DOMAIN}", password=password)
        answer = self.call("auth", "auth_sign_in", body=body)
        if answer.status_code == HTTPStatus.OK:
            self.close()
            token = answer.parsed.access_token
            self.who = self.package.AuthenticatedClient(base_url=self.address, token=token)
        return answer


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The client, importable while the tests run."""
    folder = tmp_path_factory.mktemp("client")
    written = write_client(folder)
    sys.path.insert(0, str(folder))
    yield written
    sys.path.remove(str(folder))


@pytest.fixture
def nobody(package: Path, running_product: Product) -> Iterator[Client]:
    client = Client(running_product.address)
    yield client
    client.close()


@pytest.fixture
def priya(nobody: Client) -> Client:
    assert nobody.sign_in("priya").status_code == HTTPStatus.OK
    return nobody


def business_of(client: Client) -> object:
    return client.call("auth", "auth_me").parsed.business


def test_the_client_has_every_operation_of_the_description(package: Path) -> None:
    paths = json.loads((KEPT / "openapi.json").read_text())["paths"]
    promised = {operation["operationId"] for methods in paths.values() for operation in methods.values()}
    made = {path.stem for path in (package / "api").glob("*/*.py") if path.stem != "__init__"}
    assert made == promised


def test_signing_in_gives_a_token_that_says_who_one_is(priya: Client) -> None:
    told = priya.call("auth", "auth_me")
    assert told.status_code == HTTPStatus.OK
    assert told.parsed.email == f"priya@{DOMAIN}"


def test_a_wrong_password_is_a_problem_with_a_stable_type(nobody: Client) -> None:
    refused = nobody.sign_in("vikram", "not the password")
    assert refused.status_code == HTTPStatus.UNAUTHORIZED
    assert refused.parsed.type_.startswith("urn:creditiq:problem:")
    assert refused.parsed.request_id


def test_a_score_is_asked_for_waited_for_and_read_with_its_reasons(priya: Client) -> None:
    business = business_of(priya)
    asked = priya.call("score", "score_request", body=priya.shape("ScoreInRequest")(gstin=business.gstin))
    assert asked.status_code == HTTPStatus.ACCEPTED
    task = asked.parsed.task_id
    score = eventually(lambda: priya.call("score", "score_read", task).parsed, lambda one: str(one.status) in ENDED)
    assert 300 <= score.credit_score <= 900
    newest = priya.call("score", "scores_list", business=business.id).parsed.results[0]
    reasons = priya.call("score", "scores_reasons", newest.score_id)
    assert reasons.status_code == HTTPStatus.OK


def test_applications_come_in_pages_and_one_by_one(priya: Client) -> None:
    page = priya.call("lending", "applications_list").parsed
    assert page.results
    one = priya.call("lending", "applications_read", page.results[0].id)
    assert one.status_code == HTTPStatus.OK


def test_evidence_goes_in_by_the_line_and_the_same_key_counts_it_once(priya: Client) -> None:
    types = import_module(f"{PACKAGE}.types")
    moment = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    row = {
        "reference": f"{time.time_ns() // 1_000:012d}"[-12:],
        "occurred_at": moment,
        "direction": "in",
        "amount": "12.50",
        "kind": "P2M",
        "status": "success",
        "vpa": "shop@okaxis",
        "counterparty_vpa": "asha@ybl",
    }
    lines = json.dumps(row).encode() + b"\n"
    gstin, key = business_of(priya).gstin, str(uuid4())
    answers = [
        priya.call(
            "evidence",
            "evidence_bulk",
            "upi_payments",
            body=types.File(payload=lines),
            gstin=gstin,
            idempotency_key=key,
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [HTTPStatus.OK, HTTPStatus.OK]
    assert answers[0].parsed.to_dict() == answers[1].parsed.to_dict()
    assert answers[0].parsed.accepted == 1


def test_what_is_wrong_missing_or_not_allowed_is_told_in_one_shape(priya: Client) -> None:
    wrong = priya.call("score", "score_request", body=priya.shape("ScoreInRequest")(gstin="29AAACZ0001K1Z0"))
    missing = priya.call("lending", "applications_read", NOBODYS)
    forbidden = priya.call("admin", "users_list")
    statuses = [answer.status_code for answer in (wrong, missing, forbidden)]
    assert statuses == [HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN]
    assert [answer.parsed.status for answer in (wrong, missing, forbidden)] == [422, 404, 403]
    assert wrong.parsed.errors[0].field == "gstin"
