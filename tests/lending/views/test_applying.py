"""An owner applies step by step, and staff work on the case, by the pages alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role
from creditiq.kernel.clock import now
from fraud.models import Screening
from lending.models import LoanApplication, PaymentOrder
from lending.services import offer_products
from lending.services.offering import issue_key_facts
from tests.factories.accounts import AnalystFactory, MembershipFactory, OfficerFactory, UserFactory
from tests.factories.lending import ScoreRunFactory

PASSWORD = "correct horse battery"
NEED = {"amount": "400000", "months": "24", "purpose": "A loom"}


def signed(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def owner(desk) -> Client:
    offer_products(at=now())
    desk.owner.set_password(PASSWORD)
    desk.owner.save()
    return signed(desk.owner)


def begun(owner, desk) -> LoanApplication:
    owner.post("/owner/apply", {"product": "TL-MSME", "bank": desk.bank.uuid})
    return LoanApplication.objects.get(state="draft")


def sent(owner, desk) -> str:
    path = f"/owner/applications/{begun(owner, desk).uuid}"
    owner.post(f"{path}/need", NEED)
    owner.post(f"{path}/send")
    return path


def test_four_steps_without_a_script_take_a_request_to_the_bank(desk, owner):
    draft = begun(owner, desk)
    path = f"/owner/applications/{draft.uuid}"

    assert owner.post(f"{path}/need", NEED).headers["Location"].endswith("/papers")
    paper = SimpleUploadedFile("quotation.pdf", b"%PDF-1.7 a quotation")
    assert owner.post(f"{path}/papers", {"kind": "invoice", "file": paper}).status_code == 302
    check = owner.get(f"{path}/send").content.decode()
    page = owner.post(f"{path}/send", follow=True).content.decode()

    assert "Today this fits the bank" in check
    assert LoanApplication.objects.get(pk=draft.pk).state == "under_review"
    assert f"is with {desk.bank.name}" in page
    assert "Sent to the bank" in page


def test_what_is_typed_is_kept_before_it_fits(desk, owner):
    path = f"/owner/applications/{begun(owner, desk).uuid}/need"

    answer = owner.post(path, {**NEED, "amount": "5", "autosave": "1"})

    assert "Kept at" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert LoanApplication.objects.get(state="draft").amount == 5


def test_a_request_outside_the_product_is_explained_beside_the_field(desk, owner):
    answer = owner.post(f"/owner/applications/{begun(owner, desk).uuid}/need", {**NEED, "amount": "5"})

    assert answer.status_code == 422
    assert "goes from ₹ 1,00,000 to ₹ 1,00,00,000" in answer.content.decode()


def test_a_program_is_no_paper(desk, owner):
    path = f"/owner/applications/{begun(owner, desk).uuid}/papers"

    answer = owner.post(path, {"kind": "invoice", "file": SimpleUploadedFile("bill.pdf", b"MZ a program")})

    assert answer.status_code == 422
    assert "Give a PDF, a PNG or a JPEG." in answer.content.decode()


def test_an_unsent_draft_is_begun_again_from_the_first_step(desk, owner):
    begun(owner, desk)

    assert "Begun and not sent" in owner.get("/owner/apply").content.decode()


def test_a_case_is_taken_asked_answered_decided_offered_accepted_and_paid(desk, owner):
    path = sent(owner, desk)
    application = LoanApplication.objects.get(purpose="A loom")
    case, officer, risk = f"/officer/applications/{application.uuid}", signed(desk.officer), signed(desk.risk)
    ScoreRunFactory(business=desk.business, as_of=now())
    Screening.objects.create(
        business=desk.business, as_of=now(), fraud_ring_flag=0.0, fraud_confidence=0.01, complete=True, window_hours=72
    )

    assert officer.post(f"{case}/claim", {"version": application.version}).status_code == 302
    assert officer.post(f"{case}/claim", {"version": application.version}).status_code == 409
    assert officer.post(f"{case}/ask", {"note": "Which loom?"}).status_code == 302
    assert "Which loom?" in owner.get(path).content.decode()
    assert owner.post(f"{path}/answer", {"note": "A rapier loom."}).status_code == 302
    assert officer.post(f"{case}/conditions", {"note": "Insure the loom"}).status_code == 302
    condition = application.conditions.get()
    assert (
        officer.post(
            f"{case}/decisions", {"outcome": "recommend", "reasons": "score.meets", "note": "Known."}
        ).status_code
        == 302
    )
    analyst = signed(AnalystFactory())
    assert desk.business.trade_name in analyst.get("/analyst/reviews").content.decode()
    assert analyst.post(f"/analyst/reviews/{application.uuid}", {"note": "Holds."}).status_code == 302
    assert (
        risk.post(f"{case}/decisions", {"outcome": "sanction", "reasons": "score.meets", "note": "Agreed."}).status_code
        == 302
    )
    statement = issue_key_facts(application_id=application.pk, at=now())
    assert statement.sha256 in owner.get(path).content.decode()
    assert owner.get(f"{path}/key-facts.pdf").content.startswith(b"%PDF")
    assert owner.post(f"{path}/accept", {"sha256": statement.sha256, "password": "wrong"}).status_code == 422
    assert owner.post(f"{path}/accept", {"sha256": statement.sha256, "password": PASSWORD}).status_code == 302
    to = {"holder": desk.business.legal_name, "account_tail": "4321", "utr": "SBIN1"}
    assert officer.post(f"{case}/payment", {"holder": "x"}).status_code == 422
    assert officer.post(f"{case}/payment", to).status_code == 302
    order = PaymentOrder.objects.get()
    assert risk.post(f"{case}/payment/{order.uuid}", {"verdict": "release"}).status_code == 409
    assert officer.post(f"/officer/conditions/{condition.uuid}/met").status_code == 302
    assert risk.post(f"{case}/payment/{order.uuid}", {"verdict": "release"}).status_code == 302
    assert LoanApplication.objects.get(pk=application.pk).state == "disbursed"
    assert "1 decision" in officer.get("/officer/decisions").content.decode()


def test_an_owner_withdraws_and_says_why(desk, owner):
    path = sent(owner, desk)

    assert owner.post(f"{path}/withdraw", {"note": ""}).status_code == 422
    assert owner.post(f"{path}/withdraw", {"note": "Found the money"}).status_code == 302
    assert "withdrawn" in owner.get(path).content.decode()


def test_a_refusal_is_told_in_sentences(desk, owner):
    path = sent(owner, desk)
    application = LoanApplication.objects.get(purpose="A loom")
    form = {"outcome": "decline", "reasons": "purpose.not_financed"}
    signed(desk.officer).post(f"/officer/applications/{application.uuid}/decisions", form)

    assert "The stated purpose is not one that is financed." in owner.get(path).content.decode()


def test_another_owner_finds_nothing(desk, owner):
    path = sent(owner, desk)
    other = signed(MembershipFactory().user)

    assert other.get(path).status_code == 404
    assert other.post(f"{path}/withdraw", {"note": "x"}).status_code == 404


def test_the_case_answers_what_if(desk):
    ask = {"amount": "300000", "months": "12", "collateral": "0"}

    page = signed(desk.officer).get(f"/officer/applications/{desk.application.uuid}", ask).content.decode()

    assert "₹ 3,00,000, 12 months" in page
    assert "Public schemes that fit" in page


def test_cases_are_assigned_from_the_queue(desk):
    risk = signed(UserFactory(role=Role.RISK_MANAGER, organisation=desk.bank))
    colleague = OfficerFactory(organisation=desk.bank)

    page = risk.post(
        "/officer/assign", {"applications": str(desk.application.uuid), "officer": str(colleague.uuid)}, follow=True
    ).content.decode()

    assert "1 assigned." in page
    assert "Choose applications and an officer." in risk.post("/officer/assign", follow=True).content.decode()
