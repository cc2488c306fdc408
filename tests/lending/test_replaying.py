"""What was scored and decided is rebuilt from the records, byte for byte."""

import json
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import AuditEntry
from fraud.models import Screening
from lending.models import Decision
from lending.selectors import stored_decision
from lending.services import decide, replay_decision
from scoring.services import score_business
from tests.factories.accounts import AnalystFactory, OfficerFactory, RiskManagerFactory
from tests.factories.lending import ApplicationFactory
from tests.scoring.conftest import NOW, champion, developed, town, world
from wallets.models import BankEntry

__all__ = ["champion", "developed", "town", "world"]
SOON = NOW + timedelta(minutes=5)
REPLAY = "/api/v1/audit/replay"


@pytest.fixture
def decision(champion, town) -> Decision:
    """A refusal on the score of the first firm of the demo economy."""
    run = score_business(business_id=town.priya.pk, as_of=NOW)
    application = ApplicationFactory(business=town.priya, opened_by=town.owner)
    officer = OfficerFactory(organisation=application.organisation)
    made = decide(
        application_id=application.uuid, outcome="decline", reason_codes=["purpose.not_financed"], note="",
        by=officer, at=SOON,
    )  # fmt: skip
    assert made.score_run == run
    return made


def again(decision):
    """The decision as a later process finds it."""
    return stored_decision(decision_id=decision.uuid)


def backdate(decision):
    """A receipt that somebody slips under a score that was given already."""
    entry = BankEntry.objects.filter(business=decision.application.business).first()
    entry.pk = (entry.business_id, uuid4())
    entry.reference, entry.purpose, entry.direction = "SLIPPED IN", "receipt", "credit"
    entry.amount_paise = 9_000_000_000
    entry.occurred_at = entry.received_at = NOW - timedelta(days=3)
    entry.save(force_insert=True)


def post(person, **body):
    client = APIClient()
    client.force_authenticate(person)
    return client.post(REPLAY, body, format="json")


def test_a_decision_is_rebuilt_to_the_byte(decision):
    replay = replay_decision(decision=again(decision))

    assert replay.differences == ()
    assert replay.identical
    assert replay.stored_sha256 == replay.rebuilt_sha256 == decision.sha256


def test_what_became_known_later_changes_nothing(decision):
    score_business(business_id=decision.application.business_id, as_of=SOON)

    assert replay_decision(decision=again(decision)).identical


def test_a_record_slipped_under_a_decision_is_found_and_named(decision):
    backdate(decision)

    replay = replay_decision(decision=again(decision))

    assert not replay.identical
    assert "decision.dossier.flows.net_flow" in {difference.path for difference in replay.differences}


def test_the_command_prints_the_answer_and_its_status(decision):
    said = StringIO()
    call_command("replay_decision", str(decision.uuid), "--json", stdout=said)

    assert json.loads(said.getvalue()) == {"decision": str(decision.uuid), "identical": True, "differences": []}

    backdate(decision)
    with pytest.raises(CommandError, match="differs"):
        call_command("replay_decision", str(decision.uuid), stdout=said)
    assert "DIFFERENT" in said.getvalue()


def test_the_command_knows_no_decision_of_a_strange_id(db):
    with pytest.raises(CommandError, match="There is no decision"):
        call_command("replay_decision", str(uuid4()))


def test_the_api_replays_a_decision_a_score_and_a_moment(decision):
    risk = RiskManagerFactory()
    business, run = decision.application.business, decision.score_run

    answers = [
        post(risk, decision_id=decision.uuid),
        post(risk, score_id=run.uuid),
        post(risk, business=business.uuid, as_of=SOON.isoformat()),
    ]

    assert [(answer.status_code, answer.json()["identical"]) for answer in answers] == [(200, True)] * 3
    assert [answer.json()["subject"] for answer in answers[1:]] == [str(run.uuid)] * 2
    assert AuditEntry.objects.filter(action="replay.run").count() == 3


def test_the_api_refuses_what_names_nothing_what_is_hidden_and_who_may_not(decision):
    risk = RiskManagerFactory()
    early = (NOW - timedelta(days=9)).isoformat()

    assert post(risk).status_code == 422
    assert post(risk, business=str(uuid4())).status_code == 422
    assert post(risk, decision_id=str(uuid4())).status_code == 404
    assert post(risk, business=decision.application.business.uuid, as_of=early).status_code == 404
    assert post(decision.by, decision_id=decision.uuid).status_code == 403


def test_a_screening_that_was_under_way_at_the_decision_changes_nothing(decision):
    Screening.objects.create(
        business=decision.application.business, as_of=SOON - timedelta(milliseconds=200), fraud_ring_flag=1.0,
        fraud_confidence=0.9, complete=True, window_hours=72,
    )  # fmt: skip

    assert replay_decision(decision=again(decision)).differences == ()


def test_the_page_says_whether_every_byte_is_the_same(decision) -> None:
    page = Client()
    page.force_login(AnalystFactory())
    assert "Nothing rebuilt yet" in page.get("/audit/replay").text
    assert page.post("/audit/replay", {"kind": "decision"}).status_code == 422
    assert page.post("/audit/replay", {"kind": "business", "public_id": uuid4()}).status_code == 422
    assert page.post("/audit/replay", {"kind": "score", "public_id": uuid4()}).status_code == 422
    asked = {"kind": "decision", "public_id": decision.uuid}
    answer = page.post("/audit/replay", asked)
    assert answer.status_code == 200
    assert "The same, byte for byte" in answer.text
    backdate(decision)
    assert "Something differs" in page.post("/audit/replay", asked).text
    moment = {"kind": "business", "public_id": decision.application.business.uuid, "as_of": "2020-01-01T10:00"}
    assert page.post("/audit/replay", moment).status_code == 422
