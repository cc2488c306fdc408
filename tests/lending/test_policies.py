"""Policy versions: drafted, held against the portfolio, published by a second person, rolled back."""

import copy
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import AuditEntry, PolicyVersion, Role, User
from accounts.selectors import policy
from accounts.services import UnableToPublish
from creditiq.kernel.clock import now
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from fraud.selectors import written_out
from fraud.selectors.policy import policy_at as fraud_policy_at
from lending.engine.leaves import changes, document_of, leaves
from lending.engine.policy import DEFAULT_DOCUMENT
from lending.forms import PolicyForm
from lending.selectors.policy_versions import document_in_force
from lending.services import discard_version, publish_version, simulate_policy, write_policy
from tests.factories.accounts import UserFactory
from tests.factories.lending import AT

LATER = AT + timedelta(days=1)


@pytest.fixture
def author(db: None) -> User:
    return UserFactory(role=Role.RISK_MANAGER)


@pytest.fixture
def checker(db: None) -> User:
    return UserFactory(role=Role.RISK_MANAGER)


def tighter() -> dict[str, object]:
    """No working capital beyond a lakh for anybody, and a coverage of 9."""
    document = copy.deepcopy(DEFAULT_DOCUMENT)
    for terms in document["bands"].values():
        terms["working_capital"], terms["term_loan"] = "100000", "0"
    document["risk"]["coverage"] = "9"
    return document


def test_leaves_and_documents_are_two_ways_of_writing_the_same() -> None:
    assert document_of(leaves(DEFAULT_DOCUMENT)) == DEFAULT_DOCUMENT
    assert changes(DEFAULT_DOCUMENT, DEFAULT_DOCUMENT) == ()
    changed = {change.path: change.after for change in changes(DEFAULT_DOCUMENT, tighter())}
    assert changed["risk.coverage"] == "9"
    assert changed["bands.low_risk.working_capital"] == "100000"


def test_a_draft_goes_live_at_its_date_by_a_second_person(author: User, checker: User) -> None:
    write_policy(section="lending", document=tighter(), by=author, at=AT)
    with pytest.raises(UnableToPublish, match="somebody else"):
        publish_version(section="lending", version=1, by=author, live_from=AT, at=AT)
    with pytest.raises(UnableToPublish, match="past"):
        publish_version(section="lending", version=1, by=checker, live_from=AT - timedelta(days=1), at=AT)
    publish_version(section="lending", version=1, by=checker, live_from=AT, at=AT)
    write_policy(section="lending", document=DEFAULT_DOCUMENT, by=checker, at=AT)
    publish_version(section="lending", version=2, by=author, live_from=LATER, at=AT)
    assert policy("lending", AT).version == 1
    assert policy("lending", LATER).version == 2
    with pytest.raises(NotVisible):
        publish_version(section="lending", version=2, by=checker, live_from=LATER, at=AT)
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"policy.drafted", "policy.published"}


def test_what_is_wrong_is_named_and_who_may_not_is_refused(author: User) -> None:
    broken = {name: value for name, value in DEFAULT_DOCUMENT.items() if name != "risk"}
    with pytest.raises(InvalidInput, match="risk"):
        write_policy(section="lending", document=broken, by=author, at=AT)
    with pytest.raises(InvalidInput, match="change an entry"):
        write_policy(section="lending", document=DEFAULT_DOCUMENT, by=author, at=AT)
    with pytest.raises(InvalidInput, match="Months"):
        write_policy(section="scoring", document={"least_months": 99}, by=author, at=AT)
    with pytest.raises(NotVisible):
        write_policy(section="nothing", document={}, by=author, at=AT)
    with pytest.raises(Forbidden):
        write_policy(section="lending", document=tighter(), by=UserFactory(role=Role.CREDIT_ANALYST), at=AT)
    assert not PolicyVersion.objects.exists()


def test_a_draft_can_be_thrown_away(author: User) -> None:
    write_policy(section="lending", document=tighter(), by=author, at=AT)
    discard_version(section="lending", version=1, by=author, at=AT)
    assert not PolicyVersion.objects.exists()


def test_a_simulation_counts_flips_and_rupees_and_stores_nothing(desk) -> None:
    found = simulate_policy(section="lending", document=tighter(), by=desk.risk, at=AT)
    assert (found.businesses, found.applications, found.sampled, found.changed) == (1, 1, 1, 0)
    assert found.effect < 0
    assert found.low <= found.effect <= found.high
    assert found.flips[0][0] == desk.application.number
    assert not PolicyVersion.objects.exists()
    same = simulate_policy(section="lending", document=DEFAULT_DOCUMENT, by=desk.risk, at=AT)
    assert (same.effect, same.flips) == (0, ())


def test_the_pages_lead_from_draft_to_live(
    desk, author: User, checker: User, client: Client, django_assert_max_num_queries
) -> None:
    client.force_login(author)
    draft = reverse("lending:policy_draft", args=["lending"])
    page = client.get(draft).content.decode()
    assert "Risk · coverage" in page
    typed = {path: "" if value is False else value for path, value in leaves(DEFAULT_DOCUMENT).items()}
    for path, value in typed.items():
        typed[path] = str(value).replace("'", '"') if isinstance(value, list) else value
    typed = {path: value for path, value in typed.items() if value != ""}
    assert client.post(draft, typed).status_code == 422
    made = client.post(draft, typed | {"risk.coverage": "9"})
    assert made.status_code == 302
    shown = client.get(made.url).content.decode()
    assert "Another person puts it in force" in shown
    assert "Open applications that change verdict" in shown
    table = client.get(reverse("lending:simulation_csv", args=["lending", 1])).content.decode().splitlines()
    assert table[1].split(",")[0] in shown
    assert client.get(reverse("lending:simulation_pdf", args=["lending", 1])).content.startswith(b"%PDF")
    assert client.post(reverse("lending:policy_publish", args=["lending", 1])).status_code == 409
    client.force_login(desk.risk)  # of one bank: what every bank decides by is the house's
    assert client.post(reverse("lending:policy_publish", args=["lending", 1])).status_code == 403
    client.force_login(checker)
    assert client.post(reverse("lending:policy_publish", args=["lending", 1]), {"day": "x"}).status_code == 422
    assert client.post(reverse("lending:policy_publish", args=["lending", 1])).status_code == 302
    with django_assert_max_num_queries(9):
        assert "Version 1 is in force" in client.get("/risk/policies").content.decode()
    assert client.get(reverse("lending:policy", args=["lending", 7])).status_code == 404
    assert client.get(draft, {"from": "1"}).status_code == 200
    client.force_login(desk.officer)
    assert client.get("/risk/policies").status_code == 403


def test_the_interface_does_the_same(desk, author: User, checker: User) -> None:
    client = APIClient()
    client.force_authenticate(author)
    asked = {"section": "lending", "document": tighter()}
    told = client.post("/api/v1/policies/simulate", asked, format="json")
    assert told.status_code == 200
    assert told.json()["applications"] == 1
    made = client.post("/api/v1/policies", asked, format="json")
    assert made.status_code == 201
    assert made.json()["state"] == "draft"
    assert client.post("/api/v1/policies", {"section": "lending", "document": {}}, format="json").status_code == 422
    assert client.post("/api/v1/policies/lending/1/publish", {}, format="json").status_code == 409
    client.force_authenticate(desk.risk)
    assert client.post("/api/v1/policies/lending/1/publish", {}, format="json").status_code == 403
    client.force_authenticate(checker)
    day = (now() + timedelta(days=2)).isoformat()
    published = client.post("/api/v1/policies/lending/1/publish", {"live_from": day}, format="json")
    assert published.json()["state"] == "scheduled"
    assert {section["code"] for section in client.get("/api/v1/policies").json()} == {"fraud", "lending", "scoring"}


def test_the_fraud_section_is_drafted_tried_on_everybody_and_published_by_a_second_person(
    desk, author: User, checker: User, client: Client
) -> None:
    built_in = document_in_force("fraud", AT)
    assert built_in["high_risk_pincodes"] == []
    looser = {**built_in, "suspect_confidence": 0.0, "high_risk_pincodes": ["7430"]}
    client.force_login(author)
    editor = client.get(reverse("lending:policy_draft", args=["fraud"]))
    assert 'name="suspect_confidence"' in editor.content.decode()
    draft = write_policy(section="fraud", document=looser, by=author, at=AT)
    found = simulate_policy(section="fraud", document=draft.document, by=author, at=now())
    assert found.businesses > 0
    assert sum(count for *_, count in found.moves) == found.changed
    assert (found.effect, found.low, found.high) == (0, 0, 0)
    assert simulate_policy(section="fraud", document=built_in, by=author, at=now()).changed == 0
    page = client.get(reverse("lending:policy", args=["fraud", draft.version])).content.decode()
    assert "Businesses suspected, or no longer" in page
    publish_version(section="fraud", version=draft.version, by=checker, live_from=AT, at=AT)
    assert fraud_policy_at(LATER).policy.high_risk_pincodes == ("7430",)


@pytest.mark.parametrize(
    ("entry", "value", "told"),
    [
        ("no_such_entry", 1, "is no entry"),
        ("suspect_confidence", 1.5, "between 0 and 1"),
        ("window_hours", 0, "above 0"),
        ("window_hours", 7.5, "whole number"),
        ("window_hours", True, "is a number"),
        ("alert_severity", "loud", "one of low, medium, high"),
        ("high_risk_pincodes", ["Goa"], "beginnings of pin codes"),
        ("quiet_typologies", ["gossip"], "names of typologies"),
    ],
)
def test_what_is_wrong_with_a_fraud_document_is_named(author: User, entry: str, value: object, told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refused:
        write_policy(section="fraud", document={**document_in_force("fraud", AT), entry: value}, by=author, at=AT)
    assert refused.value.field == entry


def test_the_form_of_the_fraud_section_keeps_an_empty_list_and_an_empty_choice() -> None:
    built_in = written_out({})
    typed = {name: json.dumps(value) if isinstance(value, list) else value for name, value in built_in.items()}
    form = PolicyForm(QueryDict(urlencode(typed)), document=built_in)
    assert form.is_valid(), form.errors
    assert form.document == built_in
