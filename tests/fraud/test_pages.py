"""The risk manager's pages and the fraud API: what is shown, to whom, and what may be done."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Business, User
from accounts.services import ConsentTerms, grant_consents
from fraud import services
from fraud.models import Alert, Ring
from tests.factories.accounts import BankFactory, UserFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration


@pytest.fixture
def screened(town: Town) -> Town:
    services.screen_population(as_of=town.end)
    return town


@pytest.fixture
def ring(screened: Town) -> Ring:
    """The ring that runs through the demo's fraudulent owner."""
    return Ring.objects.get(members__business_id=screened.keys[2], suspect=True)


def page_of(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def data_of(page: str, name: str) -> dict:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def api_for(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def banker(town: Town, *numbers: int) -> User:
    """A risk manager of a bank to which some businesses of the town consented."""
    bank = BankFactory()
    terms = ConsentTerms(organisation=bank, expires_at=town.end + timedelta(days=365))
    grant_consents(business_ids=[town.keys[number] for number in numbers], terms=terms, at=town.end)
    return UserFactory(role="risk_manager", organisation=bank)


def test_the_queue_lists_every_ring_to_review(screened: Town, risk_manager: User) -> None:
    page = page_of(risk_manager, "/risk")
    assert page.count("data-row") == Ring.objects.filter(suspect=True).count()
    assert f"{len(screened.guilty)} businesses held" in page


@pytest.mark.parametrize("tab", ["open", "confirmed", "snoozed", "dismissed", "watch", "all", "nonsense"])
def test_every_tab_and_the_panel_open(screened: Town, risk_manager: User, tab: str) -> None:
    assert "Confidence" in page_of(risk_manager, f"/risk?tab={tab}") or tab in (
        "confirmed",
        "snoozed",
        "dismissed",
        "watch",
    )
    assert "<html" not in page_of(risk_manager, f"/risk/panel?tab={tab}")


def test_the_queue_says_why_it_is_empty(risk_manager: User) -> None:
    assert "Nobody was screened yet" in page_of(risk_manager, "/risk")
    assert "Nobody was screened yet" in page_of(risk_manager, "/risk/topology")


def test_the_ring_page_shows_members_and_every_payment_of_a_lap(ring: Ring, risk_manager: User) -> None:
    page = page_of(risk_manager, f"/risk/rings/{ring.uuid}")
    for business in Business.objects.filter(ring_memberships__ring=ring):
        assert business.trade_name in page.replace("&amp;", "&").replace("&#x27;", "'")
    network = data_of(page, "ring-network")
    assert len(network["nodes"]) == ring.members.count()
    assert network["edges"]
    assert "Confirm the ring" in page


def test_the_topology_draws_the_network_and_the_ring(screened: Town, risk_manager: User) -> None:
    page = page_of(risk_manager, "/risk/topology")
    traces = data_of(page, "overview")["data"]
    assert {trace["type"] for trace in traces} == {"scatter3d"}
    assert sum(len(trace["x"]) for trace in traces if trace["mode"] == "markers") == len(screened.keys)
    assert data_of(page, "ring-network")["edges"]
    assert data_of(page, "ranks")["data"][0]["type"] == "bar"


def test_the_filter_keeps_only_the_held(screened: Town, risk_manager: User) -> None:
    page = page_of(risk_manager, "/risk/topology?flagged=on&confidence=0.5&amount=1000")
    markers = [trace for trace in data_of(page, "overview")["data"] if trace["mode"] == "markers"]
    assert sum(len(trace["x"]) for trace in markers) == len(screened.guilty)
    assert "No business matches" in page_of(risk_manager, "/risk/topology?flagged=on&confidence=1")


def test_a_bad_filter_filters_nothing_and_says_so(screened: Town, risk_manager: User) -> None:
    assert "less than or equal to 1" in page_of(risk_manager, "/risk/topology?confidence=7")


def test_the_ring_of_the_address_is_drawn(ring: Ring, risk_manager: User) -> None:
    assert str(ring.uuid) in page_of(risk_manager, f"/risk/topology?ring={ring.uuid}")


def test_a_bank_sees_members_without_consent_only_as_pseudonyms(ring: Ring, screened: Town) -> None:
    page = page_of(banker(screened, 2), f"/risk/rings/{ring.uuid}")
    shown = Business.objects.get(pk=screened.keys[2])
    assert shown.trade_name in page.replace("&amp;", "&").replace("&#x27;", "'")
    assert len(set(re.findall(r"Party [0-9A-F]{6}", page))) == ring.members.count() - 1
    for business in Business.objects.filter(ring_memberships__ring=ring).exclude(pk=shown.pk):
        assert business.gstin not in page
        assert str(business.uuid) not in page


def test_a_bank_sees_of_a_lap_only_the_payments_that_touch_its_business(
    ring: Ring, screened: Town, risk_manager: User
) -> None:
    mine = Business.objects.get(pk=screened.keys[2]).gstin
    address = f"/api/v1/fraud/rings/{ring.uuid}"
    whole, part = (api_for(person).get(address).json()["laps"] for person in (risk_manager, banker(screened, 2)))
    assert all(mine in (paid["payer"]["gstin"], paid["payee"]["gstin"]) for lap in part for paid in lap["payments"])
    assert [len(lap["payments"]) + lap["hidden"] for lap in part] == [len(lap["payments"]) for lap in whole]
    assert all(lap["hidden"] == 0 for lap in whole)
    assert sum(lap["hidden"] for lap in part) > 0
    page = page_of(banker(screened, 2), f"/risk/rings/{ring.uuid}")
    assert "between parties you may not see" in page
    assert "between parties you may not see" not in page_of(risk_manager, f"/risk/rings/{ring.uuid}")


def test_a_ring_without_a_consenting_member_does_not_exist_for_a_bank(ring: Ring, screened: Town) -> None:
    client = Client()
    client.force_login(banker(screened, 0))
    assert client.get(f"/risk/rings/{ring.uuid}").status_code == 404
    assert client.post(f"/risk/rings/{ring.uuid}/decisions", {"state": "confirmed", "reason": "x"}).status_code == 404


def test_a_bank_sees_only_payments_that_touch_its_businesses(screened: Town) -> None:
    graph = api_for(banker(screened, 2)).get("/api/v1/fraud/graph").json()
    mine = str(Business.objects.get(pk=screened.keys[2]).uuid)
    assert graph["links"]
    assert all(mine in (link["payer"]["id"], link["payee"]["id"]) for link in graph["links"])


def test_confirming_keeps_the_hold_and_leaves_a_trace(ring: Ring, risk_manager: User) -> None:
    client = Client()
    client.force_login(risk_manager)
    answer = client.post(f"/risk/rings/{ring.uuid}/decisions", {"state": "confirmed", "reason": "Seen the books."})
    assert answer.status_code == 302
    assert Alert.objects.get(ring=ring).state == "confirmed"
    again = client.post(f"/risk/rings/{ring.uuid}/decisions", {"state": "dismissed", "reason": "Changed my mind."})
    assert again.status_code == 409


@pytest.mark.parametrize("form", [{"state": "confirmed", "reason": " "}, {"state": "snoozed", "reason": "Waiting."}])
def test_an_incomplete_decision_is_refused_and_keeps_what_was_typed(
    ring: Ring, risk_manager: User, form: dict[str, str]
) -> None:
    client = Client()
    client.force_login(risk_manager)
    answer = client.post(f"/risk/rings/{ring.uuid}/decisions", form)
    assert answer.status_code == 422
    assert form["reason"].strip() in answer.content.decode()
    assert Alert.objects.get(ring=ring).state == "open"


def test_an_analyst_may_look_but_not_decide(ring: Ring) -> None:
    client = Client()
    client.force_login(UserFactory(role="credit_analyst"))
    assert "Confirm the ring" not in client.get(f"/risk/rings/{ring.uuid}").content.decode()
    assert client.post(f"/risk/rings/{ring.uuid}/decisions", {"state": "dismissed", "reason": "x"}).status_code == 403


def test_the_api_tells_rings_members_and_laps(ring: Ring, risk_manager: User) -> None:
    api = api_for(risk_manager)
    listed = api.get("/api/v1/fraud/rings").json()["results"]
    assert str(ring.uuid) in [row["id"] for row in listed]
    detail = api.get(f"/api/v1/fraud/rings/{ring.uuid}").json()
    assert {member["party"]["gstin"] for member in detail["members"]} == set(
        Business.objects.filter(ring_memberships__ring=ring).values_list("gstin", flat=True)
    )
    assert detail["laps"][0]["payments"][0]["amount"].count(".") == 1
    assert detail["state"] == "open"


def test_the_api_tells_the_screening_of_a_business(screened: Town, risk_manager: User) -> None:
    business = Business.objects.get(pk=screened.keys[2])
    answer = api_for(risk_manager).get(f"/api/v1/fraud/screening/{business.uuid}").json()
    assert answer["held"] is True
    assert answer["network"]["fraud_ring_flag"] == 1.0
    missing = api_for(banker(screened, 0)).get(f"/api/v1/fraud/screening/{business.uuid}")
    assert missing.status_code == 404


@pytest.mark.parametrize("path", ["rings", "graph"])
def test_the_api_refuses_roles_without_the_capability(db: None, path: str) -> None:
    assert api_for(UserFactory(role="loan_officer")).get(f"/api/v1/fraud/{path}").status_code == 403
    assert APIClient().get(f"/api/v1/fraud/{path}").status_code == 401


def test_a_graph_filter_out_of_range_is_refused(risk_manager: User) -> None:
    assert api_for(risk_manager).get("/api/v1/fraud/graph?confidence=3").status_code == 422
