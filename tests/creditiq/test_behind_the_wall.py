"""A bank's people and an owner act on a held business without tripping over the wall between tenants."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from accounts.models import ConsentAct, ConsentUse, Duty, Role, User
from accounts.services.consent_uses import LookedTooOften
from creditiq.kernel.clock import now
from creditiq.kernel.wall import request_of
from fraud.models import Alert, DisputeFile, Match, RingMember, WatchlistSource
from fraud.services import load_watchlists, screen_customer
from lending.engine.policy import DEFAULT_DOCUMENT
from lending.selectors.standings import standing_again
from lending.services import write_policy
from scoring.models import ShadowScore
from scoring.selectors import chronicle
from scoring.services import look_over_time
from tests.factories.accounts import BusinessFactory, RiskManagerFactory, UserFactory
from tests.factories.lending import AT, ApplicationFactory, ModelVersionFactory, ScoreRunFactory
from tests.factories.loans import a_loan
from tests.lending.conftest import Desk, alert, desk

__all__ = ["alert", "desk"]
pytestmark = pytest.mark.integration
NOBODY = {"uuid": str(UUID(int=0))}


def signed(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def post(client: Client, path: str, **body: object) -> HttpResponse:
    """What the interface answers to a document."""
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


@pytest.fixture
def bank(desk: Desk, alert: Alert) -> dict[str, User]:
    """People of the desk's bank, its principal officer among them, and the owner."""
    RingMember.objects.create(
        ring=alert.ring, business=BusinessFactory(), confidence=0.97, recurrence=7, retention=0.9, concentration=0.5,
        velocity_paise=1, hop_hours=4, suspect=True,
    )  # fmt: skip
    duty = {"role": Role.RISK_MANAGER, "organisation": desk.bank, "duties": [Duty.PRINCIPAL_OFFICER]}
    analyst = UserFactory(role=Role.CREDIT_ANALYST, organisation=desk.bank)
    people = {"officer": desk.officer, "analyst": analyst, "risk": desk.risk, "principal": UserFactory(**duty)}
    return people | {"owner": desk.owner}


@pytest.fixture
def things(desk: Desk, alert: Alert, bank: dict[str, User]) -> dict[str, str]:
    """What the addresses name: made by the bank's own people wherever they can."""
    house, risk, owner = RiskManagerFactory(), signed(bank["risk"]), signed(bank["owner"])
    tried = ModelVersionFactory(version="test-2", digest="e" * 64, status="challenger", split=0.2, installed=True)
    ShadowScore.objects.create(run=desk.run, version=tried, score=700, pd=0.02, band="low_risk")
    other = ScoreRunFactory(business=desk.business, as_of=AT + timedelta(hours=1), pd=0.3)
    write_policy(section="scoring", document={"least_months": 9}, by=house, at=AT)
    write_policy(section="lending", document=DEFAULT_DOCUMENT | {"risk": tighter()}, by=house, at=AT)
    load_watchlists(files=[("made.csv", f"id,schema,name\nQ1,Company,{desk.business.legal_name}\n".encode())], at=AT)
    screen_customer(business_id=desk.business.pk, at=now())
    case = post(risk, "fraud/cases", ring=str(alert.ring.uuid)).json()["id"]
    today = f"{now():%Y-%m-%d}"
    condition = {"compare": ">", "left": {"fact": "findings"}, "right": {"value": 1}}
    rule = {"slug": "findings", "title": "Findings", "severity": "low", "expression": condition, "cases": []}
    paper = SimpleUploadedFile("paper.pdf", b"%PDF-1.7 a paper", "application/pdf")
    words = {"subject": "datum", "reference": "INV-1", "text": "Not ours.", "documents": paper}
    dispute = owner.post("/owner/disputes/new", words).headers["Location"].rsplit("/", 1)[1]
    return {
        "ring_id": str(alert.ring.uuid), "alert_id": str(alert.uuid), "case_id": case,
        "report_id": post(risk, "fraud/str", case=case).json().get("id", NOBODY["uuid"]),
        "snapshot_id": post(risk, "fraud/monitoring", since=today, until=today).json()["id"],
        "rule_id": post(risk, "fraud/rules", **rule).json()["id"],
        "dispute_id": dispute, "file_id": str(DisputeFile.objects.get().uuid),
        "match_id": str(Match.objects.latest("pk").uuid), "business_id": str(desk.business.uuid),
        "application_id": str(desk.application.uuid), "score_id": str(desk.run.uuid), "against_id": str(other.uuid),
        "loan_id": str(a_loan(business=desk.business, bank=desk.bank).uuid), "version": "test-2", "other": "test-1",
        "feature": "cash_buffer_days", "code": "WC-CC", "text": desk.business.gstin,
        "consent_id": str(desk.business.consents.filter(organisation=desk.bank).get().uuid),
    }  # fmt: skip


def tighter() -> dict[str, object]:
    """The risk part of the lending policy with another coverage."""
    return DEFAULT_DOCUMENT["risk"] | {"coverage": "9"}


def test_the_acts_of_a_banks_people_on_a_held_business(
    desk: Desk, bank: dict[str, User], things: dict[str, str]
) -> None:
    officer, risk, principal, owner = (signed(bank[kind]) for kind in ("officer", "risk", "principal", "owner"))
    case, dispute = f"/risk/cases/{things['case_id']}/acts", f"/risk/disputes/{things['dispute_id']}/acts"
    freezes = f"/risk/rings/{things['ring_id']}/freezes"
    decisions = f"/officer/applications/{things['application_id']}/decisions"
    match, later = f"/risk/names/{things['match_id']}/verdicts", f"{now() + timedelta(days=9):%Y-%m-%d}"
    replies, why = f"/owner/disputes/{things['dispute_id']}/replies", {"reason": "Papers under way."}
    acts = (
        (officer, decisions, {"outcome": "recommend", "reasons": ["score.meets"]}, 409),
        (owner, f"/scores/{things['business_id']}/what-if", {}, 405),
        (risk, freezes, {"act": "freeze", "until": later, **why}, 302),
        (principal, freezes, {"act": "lift", **why}, 302),
        (risk, case, {"act": "note", "text": "Called the transporter."}, 302),
        (risk, case, {"act": "snooze", "until": later, **why}, 302),
        (risk, case, {"act": "link", "target": things["ring_id"], "why": "The ring itself"}, 302),
        (risk, case, {"act": "draft"}, 409),  # no transaction of it is stored
        (risk, case, {"act": "propose", "outcome": "confirmed", "finding": "No goods moved at all."}, 302),
        (principal, case, {"act": "agree"}, 302),
        (risk, dispute, {"act": "ask", "question": "Whose lorry?"}, 302),
        (owner, replies, {"act": "reply", "text": "Ours."}, 302),
        (risk, dispute, {"act": "uphold", "outcome": "Goods seen."}, 302),
        (risk, match, {"verdict": "false", "note": "Another register."}, 302),
        (principal, match, {"verdict": "false", "note": "Another register."}, 302),
    )
    answers = [(path, form, client.post(path, form).status_code, wanted) for client, path, form, wanted in acts]
    assert [answer for answer in answers if answer[2] != answer[3]] == []


def test_an_officer_declines_a_held_business(desk: Desk, bank: dict[str, User], alert: Alert) -> None:
    officer, path = signed(bank["officer"]), f"/officer/applications/{desk.application.uuid}"
    assert officer.get(path).status_code == 200
    decline = {"outcome": "decline", "reasons": ["documents.unverified"], "note": "The papers could not be checked."}
    assert officer.post(f"{path}/decisions", decline).status_code == 302
    decision = desk.application.decisions.get()
    assert decision.outcome == "decline"
    latest = desk.business.screenings.latest("pk").pk
    with request_of(bound=True):  # as a replay reads it
        assert standing_again(business_id=desk.business.pk, screening_id=latest, at=now()).held


def test_a_simulation_names_only_the_banks_own_applications(desk: Desk, bank: dict[str, User]) -> None:
    strangers = ApplicationFactory(business=BusinessFactory())
    ScoreRunFactory(business=strangers.business)
    harder = DEFAULT_DOCUMENT | {"risk": tighter(), "bands": {}}
    bands = {
        name: terms | {"working_capital": "0", "term_loan": "0"} for name, terms in DEFAULT_DOCUMENT["bands"].items()
    }
    asked = {"section": "lending", "document": harder | {"bands": bands}}
    mine = post(signed(bank["risk"]), "policies/simulate", **asked).json()
    every = post(signed(RiskManagerFactory()), "policies/simulate", **asked).json()
    assert (mine["applications"], every["applications"]) == (1, 2)
    assert mine["businesses"] == every["businesses"] == 2
    assert strangers.number not in str(mine["flips"])


def test_a_bank_verifies_the_trail_and_loads_no_lists(desk: Desk, bank: dict[str, User]) -> None:
    risk = signed(bank["risk"])

    def made() -> SimpleUploadedFile:
        return SimpleUploadedFile("made.csv", b"id,schema,name\nQ1,Company,Somebody\n")

    assert {risk.get(address).status_code for address in ("/overview/chain", "/api/v1/audit/verify")} == {200}
    assert "Load a list" not in risk.get("/risk/names").content.decode()
    assert risk.post("/api/v1/fraud/watchlists", {"files": [made()]}).status_code == 403
    assert risk.post("/risk/names/lists", {"lists": [made()]}).status_code == 403
    assert "Load a list" in signed(RiskManagerFactory()).get("/risk/names").content.decode()
    assert not WatchlistSource.objects.exists()


def test_a_bank_sees_when_returns_were_filed_only_where_consent_covers_them(desk: Desk, bank: dict[str, User]) -> None:
    ScoreRunFactory(business=desk.business, as_of=AT - timedelta(days=120))
    told = {kind: chronicle(user=bank[kind], business_id=desk.business.uuid, at=AT) for kind in ("analyst", "owner")}
    assert told["analyst"].filings == told["owner"].filings != ()
    desk.business.consents.filter(organisation=desk.bank).update(kinds=["upi_payments"])
    told = {kind: chronicle(user=bank[kind], business_id=desk.business.uuid, at=AT) for kind in ("analyst", "owner")}
    assert told["analyst"].filings == ()
    assert told["owner"].filings
    assert told["analyst"].points == told["owner"].points


def test_a_bank_that_reads_when_returns_were_filed_is_on_record_and_bound(desk: Desk, bank: dict[str, User]) -> None:
    ScoreRunFactory(business=desk.business, as_of=AT - timedelta(days=120))
    consents = desk.business.consents.filter(organisation=desk.bank)
    uses = ConsentUse.objects.filter(consent__in=consents, by=bank["analyst"], target="gst_returns")
    look_over_time(business_id=desk.business.uuid, by=bank["analyst"], at=AT)
    assert uses.get().act == ConsentAct.RECORDS
    consents.update(frequency_unit="HOUR", frequency_value=1)
    with pytest.raises(LookedTooOften):
        look_over_time(business_id=desk.business.uuid, by=bank["risk"], at=AT)
    look_over_time(business_id=desk.business.uuid, by=bank["owner"], at=AT)
    assert uses.count() == 1
