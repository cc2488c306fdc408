"""What pages do with an application, over the API: claim, assign, review, conditions, papers, payment, limits."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry, Flag, FlagName
from accounts.services import approve_request
from creditiq.kernel.clock import now
from fraud.models import Screening
from lending.models import ExposureLimit, LimitUsage
from lending.services import decide
from lending.services.limits import Cap, ask_exposure_limit
from lending.services.offering import accept_offer, issue_key_facts
from tests.factories.accounts import AnalystFactory, OfficerFactory, OwnerFactory, UserFactory
from tests.factories.lending import AT
from tests.lending.api.test_applications import APPLICATIONS, client_of

pytestmark = pytest.mark.integration
LIMITS = "/api/v1/lending/limits"


def path(desk, step: str) -> str:
    return f"{APPLICATIONS}/{desk.application.uuid}/{step}"


@pytest.fixture
def accepted(desk):
    """The desk's application with an offer its owner said yes to, today."""
    part = {"application_id": desk.application.uuid, "reason_codes": ["score.meets"], "note": "", "at": AT}
    decide(outcome="recommend", by=desk.officer, **part)
    decide(outcome="sanction", by=desk.risk, **part)
    at = now()
    statement = issue_key_facts(application_id=desk.application.pk, at=at)
    accept_offer(
        application_id=desk.application.uuid, sha256=statement.sha256, confirmed_by="password", by=desk.owner, at=at
    )
    Screening.objects.create(
        business=desk.business, as_of=at, fraud_ring_flag=0.0, fraud_confidence=0.01, complete=True, window_hours=72
    )
    return desk


def test_a_case_is_claimed_as_it_was_read_and_once(desk):
    officer = client_of(desk.officer)
    version = officer.get(f"{APPLICATIONS}/{desk.application.uuid}").json()["application"]["version"]

    taken = officer.post(path(desk, "claim"), {"version": version}, format="json")
    late = client_of(OfficerFactory(organisation=desk.bank)).post(path(desk, "claim"), {"version": version})

    assert (taken.status_code, taken.json()["officer"]) == (200, "Asha Rao")
    assert (late.status_code, late.json()["type"].rsplit(":", 1)[-1]) == (409, "taken")
    assert AuditEntry.objects.filter(action="application.assigned").exists()


def test_cases_are_given_to_an_officer(desk):
    body = {"applications": [str(desk.application.uuid)], "officer": str(desk.officer.uuid)}

    assert client_of(desk.risk).post(f"{APPLICATIONS}/assign", body, format="json").json() == {"assigned": 1}
    strangers = client_of(OfficerFactory()).post(f"{APPLICATIONS}/assign", body, format="json")
    assert strangers.status_code == 404


def test_an_analyst_reads_a_recommended_case(desk):
    analyst = client_of(AnalystFactory())
    assert analyst.post(path(desk, "review"), {"note": "Sound."}, format="json").status_code == 409
    client_of(desk.officer).post(
        path(desk, "decisions"), {"outcome": "recommend", "reasons": ["score.meets"]}, format="json"
    )

    assert analyst.post(path(desk, "review"), {"note": "Sound."}, format="json").json()["state"] == "analyst_reviewed"


def test_another_amount_is_tried_and_nothing_stored(desk):
    body = {"amount": "250000.00", "months": 12}

    trial = client_of(desk.officer).post(path(desk, "what_if"), body, format="json").json()

    assert (trial["amount"], trial["outcome"]) == ("250000.00", "recommend")
    desk.application.refresh_from_db()
    assert desk.application.amount == Decimal(1_000_000)


def test_a_condition_is_set_and_met(desk):
    officer = client_of(desk.officer)

    made = officer.post(path(desk, "conditions"), {"text": "Insurance of the machine"}, format="json")
    met = officer.post(f"{APPLICATIONS}/conditions/{made.json()['id']}/met")

    assert (made.status_code, met.json()["met_by"]) == (201, "Asha Rao")
    shown = client_of(desk.owner).get(path(desk, "conditions")).json()
    assert [row["text"] for row in shown] == ["Insurance of the machine"]
    assert client_of(OwnerFactory()).get(path(desk, "conditions")).status_code == 404


def test_a_paper_is_given_read_and_verified(desk):
    file = SimpleUploadedFile("quotation.pdf", b"%PDF-1.7 a quotation", "application/pdf")
    owner, officer = client_of(desk.owner), client_of(desk.officer)

    kept = owner.post(path(desk, "papers"), {"kind": "invoice", "file": file}, format="multipart")
    paper = f"{APPLICATIONS}/papers/{kept.json()['id']}"

    assert kept.status_code == 201
    assert officer.get(paper).content == b"%PDF-1.7 a quotation"
    assert officer.post(f"{paper}/verify").json()["verified_by"] == "Asha Rao"
    assert owner.get(path(desk, "papers")).json()[0]["verified_by"] == "Asha Rao"
    assert client_of(OwnerFactory()).get(paper).status_code == 404


def test_a_program_is_no_paper(desk):
    file = SimpleUploadedFile("x.pdf", b"MZ\x90 a program", "application/pdf")

    answer = client_of(desk.owner).post(path(desk, "papers"), {"kind": "invoice", "file": file}, format="multipart")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "file")


def test_the_statement_is_read_on_paper(accepted):
    assert client_of(accepted.owner).get(path(accepted, "kfs/pdf")).content.startswith(b"%PDF")


def test_a_payment_is_prepared_by_one_and_released_by_another(accepted):
    officer, risk = client_of(accepted.officer), client_of(accepted.risk)
    to = {"holder": accepted.business.legal_name, "account_tail": "4321", "utr": "SBIN0001"}
    Flag.objects.filter(name=FlagName.STEP_UP).update(is_on=False)

    made = officer.post(path(accepted, "payments"), to, format="json")
    answer = f"{APPLICATIONS}/payments/{made.json()['id']}/answer"

    assert (made.status_code, made.json()["state"]) == (201, "pending")
    assert officer.post(answer, {"release": True}, format="json").status_code == 403
    assert risk.post(answer, {"release": False}, format="json").status_code == 422
    assert risk.post(answer, {"release": True}, format="json").json()["state"] == "released"
    assert [row["state"] for row in officer.get(path(accepted, "payments")).json()] == ["released"]


def test_a_limit_takes_two_people_and_shows_its_use(desk):
    LimitUsage.objects.create(application=desk.application, organisation=desk.bank, amount=900_000, at=AT)
    asked = {"bank": str(desk.bank.uuid), "dimension": "state", "key": f"{desk.business.state_code}", "cap": "1000000"}
    risk = client_of(desk.risk)

    waiting = risk.post(LIMITS, asked, format="json")
    assert (waiting.status_code, risk.get(LIMITS).json()) == (202, [])
    second = UserFactory(role="risk_manager", organisation=desk.bank)
    approve_request(approval_id=waiting.json()["approval"], by=second, at=now())

    (limit,) = risk.get(LIMITS).json()
    assert (limit["used"], limit["left"], limit["state"]) == ("900000.00", "100000.00", "near")
    assert AuditEntry.objects.get(action="limit.set").actor_id == second.pk


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"dimension": "state", "key": "99"}, "key"),
        ({"dimension": "group", "key": "them"}, "key"),
        ({"dimension": "product", "key": "NONE"}, "key"),
        ({"dimension": "sector", "key": "no_such_sector"}, "key"),
        ({"dimension": "group", "warn_percent": "0"}, "warn_percent"),
        ({"dimension": "group", "cap": "-1"}, "cap"),
    ],
)
def test_a_limit_that_makes_no_sense_names_its_field(desk, body, field):
    answer = client_of(desk.risk).post(LIMITS, {"bank": str(desk.bank.uuid), "cap": "5", **body}, format="json")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_a_banks_risk_manager_asks_for_no_limit_of_another_bank(desk):
    other = OfficerFactory().organisation

    answer = client_of(desk.risk).post(LIMITS, {"bank": str(other.uuid), "dimension": "group", "cap": "5"})

    assert answer.status_code == 404


def test_the_page_shows_limits_and_asks_for_one(desk, client):
    client.force_login(desk.risk)
    assert "No limit is set" in client.get("/risk/limits").content.decode()

    form = {"organisation": desk.bank.uuid, "dimension": "group", "key": "", "cap": "5000000", "warn_percent": "75"}
    assert client.post("/risk/limits", form).status_code == 302
    assert client.post("/risk/limits", form | {"cap": ""}).status_code == 422
    assert "Connected group" in client.get("/approvals").content.decode() or not ExposureLimit.objects.exists()


def test_the_largest_connected_group_counts(desk, django_assert_num_queries, client):
    at = now()
    asked = Cap("group", "", Decimal(800_000))
    waiting = ask_exposure_limit(organisation_id=desk.bank.uuid, asked=asked, by=desk.risk, at=at)
    approve_request(approval_id=waiting.uuid, by=UserFactory(role="risk_manager", organisation=desk.bank), at=at)
    LimitUsage.objects.create(application=desk.application, organisation=desk.bank, amount=900_000, at=AT)
    client.force_login(desk.risk)
    client.get("/risk/limits")

    with django_assert_num_queries(10):
        page = client.get("/risk/limits").content.decode()

    assert "1 exposure limit full" in page
