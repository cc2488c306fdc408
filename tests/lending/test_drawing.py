"""A loan that is paid out in parts."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput
from lending.engine.acts import Act, ActKind, perform
from lending.engine.ledger import Account
from lending.models import ExposureLimit, KeyFactStatement, LimitDimension, Loan, Tranche
from lending.selectors import loan_view
from lending.selectors.books import book
from lending.selectors.exposures import limits_of, rooms_for
from lending.selectors.loan_acts import acts_in_force, replayed
from lending.services import (
    Paid,
    UnableToServe,
    Wish,
    answer_proposal,
    propose,
    prove_books,
    record_receipt,
    run_eod,
)
from lending.services.limits import NoRoom, set_exposure_limit
from lending.services.paying_out import release_payment
from lending.services.restating import restate
from tests.factories.accounts import MembershipFactory
from tests.factories.lending import AT
from tests.lending.steps import ordered

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)
LATER = AT + 5 * DAY


@pytest.fixture
def part(desk):
    """Six of ten lakh, paid out on the first day."""
    order = ordered(desk, amount=Decimal(600_000))
    return release_payment(order_id=order.uuid, by=desk.risk, at=AT)


def draw(desk, loan, amount, utr="PART2", at=LATER):
    wish = Wish(kind="draw", amount=Decimal(amount), reference=utr)
    asked = propose(loan_id=loan.uuid, wish=wish, note="The second machine", by=desk.officer, at=at)
    return answer_proposal(proposal_id=asked.uuid, approve=True, answer="", by=desk.risk, at=at)


def test_the_first_part_leaves_the_rest_to_be_paid_out(desk, part):
    view = loan_view(loan=part, user=desk.officer)

    assert (part.sanctioned, part.principal) == (Decimal(1_000_000), Decimal(600_000))
    assert (view.drawn, view.undrawn) == (Decimal(600_000), Decimal(400_000))
    assert sum(row.principal for row in part.instalments.all()) == 600_000


def test_two_people_pay_out_the_rest_and_the_rows_bear_it(desk, part):
    before = part.instalments.filter(version=1).count()

    draw(desk, part, 400_000)

    loan = Loan.objects.get(pk=part.pk)
    rows = loan.instalments.filter(version=2)
    assert (loan.principal, loan.schedule_version, rows.count()) == (Decimal(1_000_000), 2, before)
    assert sum(row.principal for row in rows) == 1_000_000
    assert (Tranche.objects.get().maker, Tranche.objects.get().checker) == (desk.officer, desk.risk)
    assert loan_view(loan=loan, user=desk.officer).undrawn == 0
    assert prove_books(at=LATER).holds


def test_more_than_was_sanctioned_and_a_used_reference_are_refused(desk, part):
    with pytest.raises(InvalidInput, match="left to pay out"):
        draw(desk, part, 400_001)
    with pytest.raises(InvalidInput, match="used already"):
        draw(desk, part, 100_000, utr="SBIN0001")


def test_the_gate_is_asked_again(desk, part):
    with pytest.raises(UnableToServe, match="screening"):
        draw(desk, part, 100_000, at=AT + 8 * DAY)


def test_a_life_with_two_parts_is_lived_again_to_the_same_book(desk, part):
    draw(desk, part, 400_000)
    on = AT.astimezone(IST).date() + 45 * DAY
    run_eod(on=on, at=AT + 47 * DAY)

    loan = Loan.objects.get(pk=part.pk)
    (lived,) = replayed([loan], acts_in_force([loan]), loan.through)
    live = book(loan)
    assert (lived.rows, lived.dues, lived.percent) == (live.rows, live.dues, live.percent)
    assert all(lived.balance(account) == amount for account, amount in live.balances.items())
    assert live.balance(Account.PRINCIPAL) <= 1_000_000


@pytest.mark.parametrize("dimension", ["group", "sector"])
def test_what_is_still_to_be_drawn_takes_room_under_the_limits(desk, part, dimension):
    key = desk.business.sector if dimension == "sector" else ""
    set_exposure_limit(organisation=desk.bank, dimension=LimitDimension(dimension), key=key, cap=Decimal(1_200_000))

    assert [limit.used for limit in limits_of(desk.officer)] == [Decimal(1_000_000)]
    assert [room.used for room in rooms_for(part.application)] == [Decimal(1_000_000)]

    draw(desk, part, 400_000)
    assert [limit.used for limit in limits_of(desk.officer)] == [Decimal(1_000_000)]


def test_nothing_is_drawn_under_a_limit_that_was_lowered_below_what_is_taken(desk, part):
    set_exposure_limit(organisation=desk.bank, dimension=LimitDimension.GROUP, key="", cap=Decimal(1_000_000))
    ExposureLimit.objects.update(cap=900_000)

    with pytest.raises(NoRoom, match="connected group is passed"):
        draw(desk, part, 100_000)


def test_leaving_within_the_days_costs_each_part_for_its_own_days(desk, part):
    before = payoff_of_leaving(part, AT)
    draw(desk, part, 400_000, at=AT + DAY)

    loan = Loan.objects.get(pk=part.pk)
    assert book(loan).drawn == (((AT + DAY).astimezone(IST).date(), Decimal(400_000)),)
    assert payoff_of_leaving(loan, AT + DAY) - before == cost(part, 600_000, 1)


def cost(loan, amount, days):
    """The yearly cost of rupees for days."""
    apr = Decimal(str(loan.agreement["apr"]))
    return (amount * apr * days / 36500).quantize(Decimal("0.01"))


def payoff_of_leaving(loan, at):
    """The interest asked when the loan is left today."""
    act = Act(ActKind.COOL_OFF, at.astimezone(IST).date(), Decimal(2_000_000), reference="LEFT")
    left = perform(book(loan), act)
    return Decimal(2_000_000) - left.unallocated - book(loan).balance(Account.PRINCIPAL)


def test_a_payment_in_and_a_payment_out_never_share_a_reference(desk, part):
    paid = Paid(amount=Decimal(1000), on=LATER.astimezone(IST).date(), mode="neft", utr="SAME1")
    record_receipt(loan_id=part.uuid, paid=paid, by=desk.officer, at=LATER)
    with pytest.raises(InvalidInput, match="used already"):
        draw(desk, part, 100_000, utr="SAME1")

    draw(desk, part, 100_000)
    with pytest.raises(InvalidInput, match="booked already"):
        record_receipt(loan_id=part.uuid, paid=replace(paid, utr="PART2"), by=desk.officer, at=LATER)


def test_a_payment_that_comes_back_takes_nothing_else_of_its_reference_along(desk, part):
    draw(desk, part, 100_000)
    found = restate(business_id=part.business_id, without=(part.account_no, "PART2"))
    assert found.after[0].balance(Account.PRINCIPAL) == 700_000


def test_nobody_draws_for_a_business_of_their_own(desk, part):
    MembershipFactory(user=desk.risk, business=part.business)
    with pytest.raises(UnableToServe) as refused:
        draw(desk, part, 100_000)
    assert refused.value.code == "related_party"


def test_nothing_is_drawn_on_a_loan_whose_security_is_worth_too_little(desk, part):
    with connection.cursor() as cursor:  # as one accepted for a secured product says it
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE lending_keyfactstatement DISABLE TRIGGER USER")
    statement = KeyFactStatement.objects.get(application=part.application)
    statement.document["terms"] |= {"secured": True, "most_loan_to_value": "75"}
    statement.save(update_fields=["document"])
    with pytest.raises(UnableToServe) as refused:
        draw(desk, part, 100_000)
    assert refused.value.code == "security_short"
