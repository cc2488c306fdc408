"""An application's way: begun, sent, reviewed, decided, offered, accepted, paid out, or ended."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEntry, KycProfile
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.transitions import ForbiddenTransition
from fraud.models import AlertState
from lending.models import (
    STEPS,
    ApplicationState,
    LoanApplication,
)
from lending.services import Asked, offer_products, open_application
from lending.services.applications import UnableToApply, begin_draft, save_draft, submit
from lending.services.assessing import resume_screened
from lending.services.deciding import UnableToDecide
from lending.services.moving import UnableToProceed
from lending.services.offering import withdraw
from lending.services.papers import attach_paper, verify_paper
from lending.services.reviewing import (
    answer_bank,
    ask_owner,
    assign,
    claim,
    review_credit,
)
from tests.factories.accounts import AnalystFactory, MembershipFactory, OfficerFactory, OwnerFactory
from tests.factories.kyc import KycProfileFactory
from tests.factories.lending import AT, ApplicationFactory
from tests.lending.steps import state_of, step

HOUR = timedelta(hours=1)
ASKED = Asked(product="TL-MSME", amount=Decimal(500_000), months=24, purpose="A new loom")
PDF = b"%PDF-1.7 a quotation"


def decided(alert, state, desk):
    """The fraud desk made up its mind half an hour before."""
    alert.state, alert.decided_at, alert.decided_by, alert.reason = state, AT - HOUR / 2, desk.risk, "Looked at"
    alert.save()


@pytest.fixture
def draft(desk):
    offer_products(at=AT)
    return begin_draft(business=desk.business, organisation=desk.bank, asked=ASKED, by=desk.owner, at=AT)


def test_a_draft_is_its_owners_alone_and_sending_it_takes_it_to_an_officer(desk, draft):
    assert not LoanApplication.objects.visible_to(desk.officer, AT).filter(pk=draft.pk).exists()

    sent = submit(application_id=draft.uuid, by=desk.owner, at=AT)

    assert sent.state == "under_review"
    assert [event.event for event in sent.events.order_by("pk")] == ["submit", "screen", "score", "review"]
    assert (sent.submitted_at, sent.due.isoformat()) == (AT, "2026-11-10")
    assert LoanApplication.objects.visible_to(desk.officer, AT).filter(pk=draft.pk).exists()


def test_a_draft_keeps_what_was_typed_and_is_gone_on_with(desk, draft):
    changed = Asked("TL-MSME", Decimal(700_000), 36, "")
    save_draft(application_id=draft.uuid, asked=changed, by=desk.owner, at=AT, whole=False)

    again = begin_draft(business=desk.business, organisation=desk.bank, asked=ASKED, by=desk.owner, at=AT)

    assert (again.pk, again.amount, again.months) == (draft.pk, Decimal(700_000), 36)
    with pytest.raises(InvalidInput, match="money is for"):
        submit(application_id=draft.uuid, by=desk.owner, at=AT)


def test_what_was_sent_is_not_saved_again(desk, draft):
    submit(application_id=draft.uuid, by=desk.owner, at=AT)

    with pytest.raises(ForbiddenTransition):
        save_draft(application_id=draft.uuid, asked=ASKED, by=desk.owner, at=AT, whole=True)


def test_a_suspected_business_waits_in_screening_until_the_fraud_desk_decides(desk, alert, draft):
    sent = submit(application_id=draft.uuid, by=desk.owner, at=AT)
    assert sent.state == "screening"

    decided(alert, AlertState.DISMISSED, desk)

    assert resume_screened(at=AT + HOUR) == 1
    assert state_of(sent) == "under_review"


def test_a_confirmed_ring_is_declined_by_hard_policy(desk, alert, draft):
    decided(alert, AlertState.CONFIRMED, desk)

    assert submit(application_id=draft.uuid, by=desk.owner, at=AT).state == "auto_declined"


def test_two_officers_who_take_a_case_at_once_are_told_apart(desk):
    version = desk.application.version
    claim(application_id=desk.application.uuid, version=version, by=desk.officer, at=AT)

    with pytest.raises(UnableToProceed, match="taken this case"):
        claim(application_id=desk.application.uuid, version=version, by=OfficerFactory(organisation=desk.bank), at=AT)


def test_a_case_that_changed_meanwhile_is_looked_at_again(desk):
    with pytest.raises(UnableToProceed) as refused:
        claim(application_id=desk.application.uuid, version=7, by=desk.officer, at=AT)

    assert refused.value.code == "changed"


def test_a_related_officer_gets_no_case(desk):
    MembershipFactory(user=desk.officer, business=desk.business)

    with pytest.raises(UnableToProceed) as refused:
        claim(application_id=desk.application.uuid, version=0, by=desk.officer, at=AT)

    assert refused.value.code == "related_party"


def test_cases_are_given_out_together_or_not_at_all(desk):
    second = ApplicationFactory(organisation=desk.bank)
    elsewhere = ApplicationFactory()

    assert assign(application_ids=[desk.application.uuid, second.uuid], to=desk.officer.uuid, by=desk.risk, at=AT) == 2
    with pytest.raises(NotVisible):
        assign(application_ids=[second.uuid, elsewhere.uuid], to=desk.officer.uuid, by=desk.risk, at=AT)


def test_the_clock_stands_still_while_the_owner_is_asked(desk):
    desk.application.due = (AT + timedelta(days=9)).date()
    desk.application.save()
    ask_owner(application_id=desk.application.uuid, note="Which machine?", by=desk.officer, at=AT)
    assert state_of(desk.application) == "info_requested"

    answered = answer_bank(application_id=desk.application.uuid, note="A loom.", by=desk.owner, at=AT + 48 * HOUR)

    assert (answered.state, answered.paused_at) == ("under_review", None)
    assert answered.due.isoformat() == "2026-11-12"


def test_an_owner_does_not_ask_and_an_officer_does_not_answer(desk):
    with pytest.raises(Forbidden):
        ask_owner(application_id=desk.application.uuid, note="?", by=desk.owner, at=AT)
    ask_owner(application_id=desk.application.uuid, note="?", by=desk.officer, at=AT)
    with pytest.raises(Forbidden):
        answer_bank(application_id=desk.application.uuid, note="!", by=desk.officer, at=AT)


def test_a_forbidden_step_is_refused_and_on_record(desk):
    with pytest.raises(ForbiddenTransition):
        answer_bank(application_id=desk.application.uuid, note="Too early", by=desk.owner, at=AT)

    assert AuditEntry.objects.get(action="application.answer").outcome == "refused"


def test_a_weak_band_is_read_by_an_analyst_before_the_sanction(desk):
    ask = {"application_id": desk.application.uuid, "at": AT}
    step(desk, "recommend", desk.officer)
    review_credit(note="Margins hold.", by=AnalystFactory(), **ask)

    assert state_of(desk.application) == "analyst_reviewed"
    assert step(desk, "sanction", desk.risk).outcome == "sanction"


def test_against_the_policy_nothing_is_sanctioned_unread(desk):
    desk.business.registered_on = AT.date() - timedelta(days=200)
    desk.business.save()
    step(desk, "recommend", desk.officer, note="Known for years.")

    with pytest.raises(UnableToDecide) as refused:
        step(desk, "sanction", desk.risk, note="Agreed.")

    assert refused.value.code == "analyst_first"


def test_whoever_brought_a_case_in_does_not_sanction_it(desk):
    step(desk, "recommend", desk.officer)
    LoanApplication.objects.filter(pk=desk.application.pk).update(officer=desk.risk)

    with pytest.raises(UnableToDecide) as refused:
        step(desk, "sanction", desk.risk)

    assert refused.value.code == "sourced_it"


def test_papers_are_known_by_what_they_are(desk):
    paper = {"application_id": desk.application.uuid, "kind": "invoice", "by": desk.owner, "at": AT}
    first = attach_paper(name="quotation.pdf", content=PDF, **paper)

    assert attach_paper(name="again.pdf", content=PDF, **paper).pk == first.pk
    for content in (b"", b"MZ\x90 a program", b"%PDF-1.4 /JavaScript", b"%PDF-1.4" + b"x" * 5_300_000):
        with pytest.raises(InvalidInput):
            attach_paper(name="x.pdf", content=content, **paper)
    assert verify_paper(paper_id=first.uuid, by=desk.officer, at=AT).verified_by == desk.officer
    with pytest.raises(NotVisible):
        verify_paper(paper_id=first.uuid, by=OfficerFactory(), at=AT)


def test_a_step_is_never_changed(desk, draft):
    submit(application_id=draft.uuid, by=desk.owner, at=AT)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        draft.events.update(note="x")


def test_somebody_elses_application_is_not_withdrawn(desk):
    with pytest.raises(NotVisible):
        withdraw(application_id=desk.application.uuid, reason="x", by=OwnerFactory(), at=AT)


def test_every_state_is_known_to_the_table_or_an_end():
    named = {step.source for step in STEPS} | {step.target for step in STEPS}
    assert named == set(ApplicationState.values)


def test_an_application_in_one_go_is_the_same_way(desk):
    offer_products(at=AT)
    made = open_application(business=desk.business, organisation=desk.bank, asked=ASKED, by=desk.owner, at=AT)

    assert made.events.count() == 4


@pytest.mark.parametrize("change", [{"tier": "basic"}, {"next_due": AT.date()}, None])
def test_only_a_business_that_is_known_sends_its_application(desk, draft, change):
    if change is None:
        KycProfile.objects.all().delete()
    else:
        KycProfileFactory(business=desk.business, verified_at=AT - HOUR, **change)

    with pytest.raises(UnableToApply, match=r"(?i)identity check") as refused:
        submit(application_id=draft.uuid, by=desk.owner, at=AT)

    assert (refused.value.code, state_of(draft)) == ("kyc", "draft")
    assert AuditEntry.objects.get(action="application.submit").outcome == "refused"
