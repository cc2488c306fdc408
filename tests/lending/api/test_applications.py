"""Applications and decisions over the API."""

from base64 import b64encode
from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from creditiq.kernel.clock import now
from lending.services import decide, offer_products
from lending.services.offering import issue_key_facts
from tests.factories.accounts import AnalystFactory, OfficerFactory, OwnerFactory
from tests.factories.lending import AT, ApplicationFactory

APPLICATIONS = "/api/v1/applications"


def client_of(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def asked(desk, **changes):
    body = {"gstin": desk.business.gstin, "bank": str(desk.bank.uuid), "product": "TL-MSME", "amount": "400000.00",
            "months": 24, "purpose": "A loom"}  # fmt: skip
    return body | changes


def test_an_owner_applies_and_finds_the_application(desk):
    offer_products(at=AT)
    owner = client_of(desk.owner)

    made = owner.post(APPLICATIONS, asked(desk), format="json")
    listed = owner.get(APPLICATIONS).json()["results"]

    assert made.status_code == 201
    assert made.json()["amount"] == "400000.00"
    assert [row["id"] for row in listed] == [made.json()["id"], str(desk.application.uuid)]


def test_a_request_outside_the_product_is_422_and_names_the_field(desk):
    offer_products(at=AT)

    answer = client_of(desk.owner).post(APPLICATIONS, asked(desk, months=300), format="json")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "months"


def test_an_officer_sees_own_banks_applications_only(desk):
    ApplicationFactory()

    assert len(client_of(desk.officer).get(APPLICATIONS).json()["results"]) == 1
    assert client_of(OfficerFactory()).get(APPLICATIONS).json()["results"] == []


def test_staff_read_the_verdict_and_owners_the_letter(desk):
    path = f"{APPLICATIONS}/{desk.application.uuid}"
    officer = client_of(desk.officer)
    officer.post(f"{path}/decisions", {"outcome": "decline", "reasons": ["purpose.not_financed"]}, format="json")

    staff, owner = officer.get(path).json(), client_of(desk.owner).get(path).json()

    assert staff["verdict"]["outcome"] == "recommend"
    assert staff["decisions"][0]["decision"]["by"] == "Asha Rao"
    assert owner["decisions"][0]["statements"] == ["The stated purpose is not one that is financed."]
    assert set(owner) == {"application", "decisions"}


def test_a_decision_answers_with_its_snapshot(desk):
    path = f"{APPLICATIONS}/{desk.application.uuid}/decisions"

    answer = client_of(desk.officer).post(path, {"outcome": "recommend", "reasons": ["score.meets"]}, format="json")

    assert answer.status_code == 201
    assert len(answer.json()["snapshot_sha256"]) == 64


def test_a_forbidden_step_is_409(desk):
    path = f"{APPLICATIONS}/{desk.application.uuid}/decisions"

    answer = client_of(desk.risk).post(path, {"outcome": "sanction", "reasons": ["score.meets"]}, format="json")

    assert answer.status_code == 409
    assert answer.json()["type"].endswith("forbidden_transition")


@pytest.mark.parametrize("person", [OwnerFactory, OfficerFactory])
def test_another_tenants_application_is_404(desk, person):
    assert client_of(person()).get(f"{APPLICATIONS}/{desk.application.uuid}").status_code == 404


def test_an_analyst_has_no_applications(desk):
    assert client_of(AnalystFactory()).get(APPLICATIONS).status_code == 403


def test_an_officer_does_not_apply_and_an_owner_does_not_decide(desk):
    path = f"{APPLICATIONS}/{desk.application.uuid}/decisions"

    assert client_of(desk.officer).post(APPLICATIONS, asked(desk), format="json").status_code == 403
    assert client_of(desk.owner).post(path, {}, format="json").status_code == 403


@pytest.mark.parametrize("position", ["p=abc", "p=%00", "p=2026-01-01", "p=2026-13-45T00:00:00Z"])
def test_a_made_up_cursor_is_404(desk, position):
    cursor = b64encode(position.encode()).decode()

    assert client_of(desk.owner).get(APPLICATIONS, {"cursor": cursor}).status_code == 404


def test_pages_of_applications_follow_one_another(desk):
    ApplicationFactory.create_batch(50, business=desk.business, opened_at=AT - timedelta(days=1))
    owner = client_of(desk.owner)

    first = owner.get(APPLICATIONS).json()
    second = owner.get(first["next"]).json()

    assert (len(first["results"]), len(second["results"]), second["next"]) == (50, 1, None)


def test_an_owner_takes_the_steps_that_are_theirs_and_reads_the_way(desk):
    path = f"{APPLICATIONS}/{desk.application.uuid}/events"
    officer, owner = client_of(desk.officer), client_of(desk.owner)

    assert officer.post(path, {"event": "ask", "note": "Which loom?"}, format="json").status_code == 201
    assert owner.post(path, {"event": "accept"}, format="json").status_code == 409
    assert owner.post(path, {"event": "answer", "note": "A rapier."}, format="json").json()["state"] == "under_review"
    assert [step["event"] for step in owner.get(path).json()] == ["ask", "answer"]
    assert client_of(OwnerFactory()).get(path).status_code == 404


def test_an_offer_is_read_compared_and_accepted_by_its_digest(desk):
    step = {"application_id": desk.application.uuid, "reason_codes": ["score.meets"], "note": "", "at": AT}
    decide(outcome="recommend", by=desk.officer, **step)
    decide(outcome="sanction", by=desk.risk, **step)
    at = now()
    issue_key_facts(application_id=desk.application.pk, at=at)
    desk.owner.set_password("correct horse battery")
    desk.owner.save()
    owner, path = client_of(desk.owner), f"{APPLICATIONS}/{desk.application.uuid}"

    facts, offers = owner.get(f"{path}/kfs").json(), owner.get("/api/v1/lending/offers").json()
    yes = {"event": "accept", "sha256": facts["sha256"], "password": "correct horse battery"}

    assert [offer["sha256"] for offer in offers] == [facts["sha256"]]
    guess = owner.post(f"{path}/events", {**yes, "password": "a guess"}, format="json")
    assert (guess.status_code, guess.json()["errors"][0]["field"]) == (422, "password")
    assert owner.post(f"{path}/events", yes, format="json").json()["state"] == "accepted"


def test_guessing_the_password_at_an_acceptance_locks_like_guessing_it_at_the_door(desk):
    owner, path = client_of(desk.owner), f"{APPLICATIONS}/{desk.application.uuid}"
    guess = {"event": "accept", "sha256": "0" * 64, "password": "a guess"}

    answers = [owner.post(f"{path}/events", guess, format="json").status_code for _ in range(5)]

    assert answers == [422, 422, 422, 422, 429]
