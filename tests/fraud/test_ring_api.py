"""Decisions, freezes, alerts, cases and files over the API: the same rules as on the pages."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from fraud import services
from fraud.models import Alert, Freeze, Ring
from fraud.services.cases import About
from tests.factories.accounts import UserFactory
from tests.fraud.conftest import Town
from tests.fraud.test_pages import api_for, banker

pytestmark = pytest.mark.integration


@pytest.fixture
def ring(town: Town) -> Ring:
    services.screen_population(as_of=town.end)
    return Ring.objects.get(members__business_id=town.keys[2], suspect=True)


def test_a_ring_is_confirmed_with_a_reason_and_only_by_who_sees_it(ring: Ring, town: Town, risk_manager: User) -> None:
    address = f"/api/v1/fraud/rings/{ring.uuid}/decisions"
    assert api_for(risk_manager).post(address, {"state": "open", "reason": "x"}).status_code == 422
    assert api_for(risk_manager).post(address, {"state": "confirmed", "reason": ""}).status_code == 422
    assert api_for(banker(town, 0)).post(address, {"state": "confirmed", "reason": "x"}).status_code == 404
    made = api_for(risk_manager).post(address, {"state": "confirmed", "reason": "Laps seen.", "until": "2100-01-01"})
    assert (made.status_code, made.json()["state"], made.json()["until"]) == (201, "confirmed", None)
    assert made.json()["ring"] == str(ring.uuid)
    assert Alert.objects.get(ring=ring).decided_by == risk_manager


def test_members_are_frozen_and_another_person_lifts_it(ring: Ring, town: Town, risk_manager: User) -> None:
    address, until = f"/api/v1/fraud/rings/{ring.uuid}/freezes", date(2100, 1, 1)
    second = UserFactory(role="risk_manager")
    frozen = api_for(risk_manager).post(address, {"act": "freeze", "until": until, "reason": "Papers."})
    assert (frozen.status_code, frozen.json()["in_force"], frozen.json()["until"]) == (201, True, "2100-01-01")
    assert api_for(risk_manager).post(address, {"act": "freeze", "until": until, "reason": "Again."}).status_code == 409
    assert api_for(risk_manager).post(address, {"act": "lift", "reason": "Mine."}).status_code == 403
    assert api_for(banker(town, 0)).post(address, {"act": "lift", "reason": "x"}).status_code == 404
    assert api_for(second).post(address, {"act": "lift", "reason": "Seen."}).status_code == 201
    listed = api_for(second).get(address).json()
    assert [(row["in_force"], row["lifted_by"], row["lifted_for"]) for row in listed] == [
        (False, str(second.uuid), "Seen.")
    ]
    assert api_for(second).post(address, {"act": "freeze", "reason": "No day."}).status_code == 422
    assert not Freeze.objects.in_force().exists()


def test_an_alert_about_a_business_is_read_with_its_rows(ring: Ring, risk_manager: User) -> None:
    alert = Alert.objects.filter(business__isnull=False, business__fraud_findings__isnull=False).earliest("pk")
    told = api_for(risk_manager).get(f"/api/v1/fraud/alerts/{alert.uuid}").json()
    assert told["alert"]["id"] == str(alert.uuid)
    assert told["rows_total"] >= len(told["evidence"]) > 0
    assert told["findings"][0]["figures"]
    of_ring = Alert.objects.get(ring=ring)
    assert api_for(risk_manager).get(f"/api/v1/fraud/alerts/{of_ring.uuid}").status_code == 404


def test_the_next_case_is_taken_and_given_to_a_colleague(ring: Ring, risk_manager: User) -> None:
    colleague = UserFactory(role="risk_manager", organisation=risk_manager.organisation)
    taken = api_for(risk_manager).post("/api/v1/fraud/cases/next")
    assert (taken.status_code, taken.json()["assignee"]) == (200, str(risk_manager.uuid))
    acts = f"/api/v1/fraud/cases/{taken.json()['id']}/acts"
    assert api_for(risk_manager).post(acts, {"act": "assign", "target": "nobody"}).status_code == 422
    given = api_for(risk_manager).post(acts, {"act": "assign", "target": str(colleague.uuid)})
    assert given.json()["assignee"] == str(colleague.uuid)


def test_reports_come_as_files(ring: Ring, town: Town, risk_manager: User) -> None:
    case = services.open_case(about=About(ring_id=ring.uuid), by=risk_manager, at=town.end)
    report = services.draft_report(case_id=case.uuid, by=risk_manager, at=town.end)
    paper = api_for(risk_manager).get(f"/api/v1/fraud/str/{report.uuid}.pdf")
    assert (paper["Content-Type"], paper.content[:4]) == ("application/pdf", b"%PDF")
    assert api_for(risk_manager).get(f"/api/v1/fraud/str/{report.uuid}.xml").status_code == 409
    days = {"since": town.end.date() - timedelta(days=30), "until": town.end.date()}
    made = api_for(risk_manager).post("/api/v1/fraud/monitoring", days)
    assert made.status_code == 201, made.content
    address = f"/api/v1/fraud/monitoring/{made.json()['id']}"
    table = api_for(risk_manager).get(f"{address}.csv")
    assert table["Content-Disposition"].startswith("attachment")
    assert api_for(risk_manager).get(f"{address}.pdf").content[:4] == b"%PDF"
    assert api_for(banker(town, 0)).get(f"{address}.csv").status_code == 404
