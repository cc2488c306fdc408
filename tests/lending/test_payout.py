"""From the sanction to the payment: room is reserved, the offer accepted or ended, the money goes through the gate."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role
from lending.engine.keyfacts import NOT_STATED
from lending.models import ExposureLimit, LimitDimension, LimitUsage, Loan, PaymentOrder
from lending.selectors import case
from lending.services.deciding import UnableToDecide
from lending.services.limits import NoRoom, set_exposure_limit
from lending.services.moving import UnableToProceed
from lending.services.offering import accept_offer, expire_offers, issue_key_facts, withdraw
from lending.services.paying_out import follow_loan, refuse_payment, release_payment
from lending.services.reviewing import add_condition, ask_owner, meet_condition
from tests.factories.accounts import MembershipFactory
from tests.factories.kyc import KycProfileFactory
from tests.factories.lending import AT, ApplicationFactory
from tests.lending.steps import ordered, sanctioned, state_of, step

HOUR = timedelta(hours=1)


def test_a_sanction_reserves_and_a_withdrawal_releases(desk):
    set_exposure_limit(
        organisation=desk.bank, dimension=LimitDimension.SECTOR, key=desk.business.sector, cap=Decimal(1_500_000)
    )
    application = sanctioned(desk)
    assert LimitUsage.objects.get(application=application).state == "reserved"

    withdraw(application_id=application.uuid, reason="Found the money", by=desk.owner, at=AT + HOUR)

    assert LimitUsage.objects.get(application=application).state == "released"
    assert state_of(application) == "withdrawn"


def test_a_full_limit_is_named_and_binds_the_verdict(desk):
    set_exposure_limit(organisation=desk.bank, dimension=LimitDimension.GROUP, key="", cap=Decimal(900_000))

    with pytest.raises(UnableToDecide, match="exposure limit of the connected group"):
        step(desk, "recommend", desk.officer)


def test_the_room_of_a_limit_is_among_the_bounds_of_the_case(desk):
    set_exposure_limit(organisation=desk.bank, dimension=LimitDimension.GROUP, key="", cap=Decimal(900_000))

    shown = case(user=desk.officer, application_id=desk.application.uuid, at=AT)

    assert (shown.facility.constraint, shown.facility.amount) == ("Exposure of the bank", Decimal(900_000))


def test_a_limit_that_filled_up_meanwhile_stops_the_sanction(desk):
    set_exposure_limit(organisation=desk.bank, dimension=LimitDimension.GROUP, key="", cap=Decimal(1_000_000))
    step(desk, "recommend", desk.officer)
    ExposureLimit.objects.update(cap=10)

    with pytest.raises((NoRoom, UnableToDecide)):
        step(desk, "sanction", desk.risk)

    assert state_of(desk.application) == "recommended"


def test_the_offer_is_made_once_and_accepted_as_it_was_read(desk):
    application = sanctioned(desk)
    statement = issue_key_facts(application_id=application.pk, at=AT)

    assert issue_key_facts(application_id=application.pk, at=AT) is None
    assert bytes(statement.pdf).startswith(b"%PDF")
    part = {"application_id": application.uuid, "by": desk.owner, "at": AT + HOUR, "confirmed_by": "password"}
    with pytest.raises(UnableToProceed, match="another one now"):
        accept_offer(sha256="0" * 64, **part)
    assert accept_offer(sha256=statement.sha256, **part).state == "accepted"


def test_an_offer_holds_what_the_bank_says_of_recovery_complaints_and_transfer(desk, settings):
    settings.LENDER_STATEMENTS = {str(desk.bank.uuid): {"transfer": "Only with your consent"}}
    statement = issue_key_facts(application_id=sanctioned(desk).pk, at=AT)

    assert statement.document["part_two"] == [
        ["Engaging recovery agents", NOT_STATED],
        ["Grievance redressal officer", NOT_STATED],
        ["Transfer of the loan to others", "Only with your consent"],
    ]


def test_an_offer_is_never_rewritten(desk):
    statement = issue_key_facts(application_id=sanctioned(desk).pk, at=AT)
    statement.percent += 1

    with pytest.raises(IntegrityError, match="as it was made"), transaction.atomic():
        statement.save()


def test_an_offer_ends_by_itself_and_frees_what_was_reserved(desk):
    application = sanctioned(desk)
    issue_key_facts(application_id=application.pk, at=AT)

    assert expire_offers(at=AT + timedelta(days=29)) == 0
    assert expire_offers(at=AT + timedelta(days=32)) == 1
    assert (state_of(application), LimitUsage.objects.get().state) == ("expired", "released")


def test_a_draft_and_a_question_to_the_owner_end_after_a_month(desk):
    draft = ApplicationFactory(state="draft", submitted_at=None)
    ask_owner(application_id=desk.application.uuid, note="Which machine?", by=desk.officer, at=AT + HOUR)

    assert expire_offers(at=AT + timedelta(days=30)) == 0
    assert expire_offers(at=AT + timedelta(days=31)) == 2
    assert expire_offers(at=AT + timedelta(days=31)) == 0
    assert (state_of(draft), state_of(desk.application)) == ("expired", "expired")
    desk.application.refresh_from_db()
    assert desk.application.closed_reason == "The question of the bank was not answered in time."


def test_the_money_goes_out_by_two_people_through_the_gate(desk):
    order = ordered(desk)

    loan = release_payment(order_id=order.uuid, by=desk.risk, at=AT + HOUR)

    assert (loan.application_id, loan.sanctioned) == (desk.application.pk, Decimal(1_000_000))
    assert loan.cover == Decimal(75)  # the price counts on the guarantee, so the book carries it
    assert state_of(desk.application) == "disbursed"
    assert LimitUsage.objects.get().state == "used"


def test_an_application_follows_a_loan_that_is_left_in_the_cooling_off_days(desk):
    loan = release_payment(order_id=ordered(desk).uuid, by=desk.risk, at=AT)
    follow_loan(loan_id=loan.pk, at=AT)
    assert state_of(desk.application) == "disbursed"

    Loan.objects.filter(pk=loan.pk).update(state="closed", closed_as="cooled_off")
    follow_loan(loan_id=loan.pk, at=AT)
    follow_loan(loan_id=loan.pk, at=AT)

    assert state_of(desk.application) == "cooled_off"


def test_the_maker_of_a_payment_does_not_release_it(desk):
    order = ordered(desk)
    desk.officer.role = Role.RISK_MANAGER
    desk.officer.save()

    with pytest.raises(UnableToProceed) as refused:
        release_payment(order_id=order.uuid, by=desk.officer, at=AT)

    assert refused.value.code == "maker_is_checker"


def test_a_stranger_to_the_loan_is_not_paid(desk):
    order = ordered(desk, holder="Somebody Else Entirely")

    with pytest.raises(UnableToProceed) as refused:
        release_payment(order_id=order.uuid, by=desk.risk, at=AT)

    assert refused.value.code == "name_differs"
    refuse_payment(order_id=order.uuid, note="Wrong account", by=desk.risk, at=AT)
    assert PaymentOrder.objects.get().state == "refused"


def test_an_old_screening_stops_the_payment(desk):
    order = ordered(desk)

    with pytest.raises(UnableToProceed) as refused:
        release_payment(order_id=order.uuid, by=desk.risk, at=AT + timedelta(days=8))

    assert refused.value.code == "stale_screening"
    assert state_of(desk.application) == "accepted"


def test_a_condition_has_to_be_met_before_the_payment(desk):
    condition = add_condition(
        application_id=desk.application.uuid, text="Insurance of the machine", by=desk.officer, at=AT
    )
    order = ordered(desk)
    with pytest.raises(UnableToProceed, match="condition"):
        release_payment(order_id=order.uuid, by=desk.risk, at=AT)

    meet_condition(condition_id=condition.uuid, by=desk.officer, at=AT)

    assert release_payment(order_id=order.uuid, by=desk.risk, at=AT).pk


def test_connected_businesses_share_one_cap_at_the_moment_of_the_payment(desk):
    order = ordered(desk)
    set_exposure_limit(organisation=desk.bank, dimension=LimitDimension.GROUP, key="", cap=Decimal(1_500_000))
    sister = ApplicationFactory(organisation=desk.bank)
    MembershipFactory(user=desk.owner, business=sister.business)
    LimitUsage.objects.create(application=sister, organisation=desk.bank, amount=Decimal(600_000), at=AT)

    with pytest.raises(NoRoom, match="connected group leaves ₹ 9,00,000"):
        release_payment(order_id=order.uuid, by=desk.risk, at=AT)


def test_nothing_is_paid_to_a_business_whose_identity_check_is_due(desk):
    order = ordered(desk)
    KycProfileFactory(business=desk.business, verified_at=AT - HOUR, next_due=AT.date())

    with pytest.raises(UnableToProceed) as refused:
        release_payment(order_id=order.uuid, by=desk.risk, at=AT)

    assert refused.value.code == "kyc"
    assert state_of(desk.application) == "accepted"
