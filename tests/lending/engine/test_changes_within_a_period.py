"""Several changes within one instalment period: interest is asked for the days it was owed, once."""

from datetime import date
from decimal import Decimal

import pytest

from lending.engine.acts import Act, ActKind, perform
from lending.engine.book import BookState
from lending.engine.ledger import Account
from lending.engine.revisions import Keep
from lending.engine.rounding import Rounding
from lending.engine.terms import Terms
from tests.lending.engine.books import DAY, closed_through, disbursed, receive

START, FEB, MAR = date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5)
LAKH = Terms(principal=Decimal(100_000), percent=Decimal(12), months=12, disbursed=START, first_due=FEB)


def change(book, on, kind=ActKind.DRAW, amount=1000, **more):
    """An act of a day, after closing the days before it."""
    return perform(closed_through(book, on - DAY), Act(kind, on, Decimal(amount), **more))


@pytest.fixture
def second():
    """The loan in its second period, nothing behind."""
    book = disbursed(LAKH, floating=True)
    row = book.rows[0]
    return receive(book, FEB, f"{row.principal + row.interest}")


def test_two_draws_in_a_period_bear_interest_from_their_days(second):
    assert second.rows[0].interest == Decimal("921.15")

    book = change(change(second, date(2026, 2, 10)), date(2026, 2, 20))

    # 921.15 and 10 rupees a month on each thousand, for 23 and 13 of the 28 days
    assert abs(book.rows[0].interest - Decimal("934.01")) <= Decimal("0.02")
    assert sum(row.principal for row in book.rows) == book.balance(Account.PRINCIPAL)
    asked = closed_through(book, MAR).dues
    assert asked[0].amount == book.rows[0].interest


def test_draws_of_a_rupee_change_the_interest_of_the_first_period_by_paise():
    book = disbursed(LAKH)
    for day in (10, 20, 30):
        book = change(book, date(2026, 1, day), amount=1)
    assert Decimal(1000) <= book.rows[0].interest <= Decimal("1000.03")


@pytest.mark.parametrize("count", ["same-as-period", "ACT/365F"])
def test_two_draws_of_one_day_are_like_one(count):
    terms = Terms(Decimal(100_000), Decimal(12), 12, START, FEB, day_count=count)
    day = date(2026, 1, 20)
    twice = change(change(disbursed(terms), day), day)
    once = change(disbursed(terms), day, amount=2000)
    assert abs(twice.rows[0].interest - once.rows[0].interest) <= Decimal("0.01")
    assert twice.rows[0].brought == once.rows[0].brought


def test_a_reset_after_a_draw_asks_the_new_rate_for_its_days_only(second):
    drawn = change(second, date(2026, 2, 10))
    reset = change(drawn, date(2026, 2, 20), ActKind.RESET, 0, percent=Decimal(24), keep=Keep.TENOR)
    more = Decimal("931.15") * 13 / 28  # another per cent a month on what is left
    assert abs(reset.rows[0].interest - drawn.rows[0].interest - more) <= Decimal("0.02")


def test_a_prepayment_after_a_draw_keeps_what_was_earned(second):
    drawn = change(second, date(2026, 2, 10))
    less = change(drawn, date(2026, 2, 20), ActKind.PREPAY, 1000, reference="P1", keep=Keep.TENOR)
    expected = drawn.rows[0].interest - 10 * Decimal(13) / 28
    assert abs(less.rows[0].interest - expected) <= Decimal("0.02")


def test_a_period_from_a_months_end_counts_its_own_days():
    terms = Terms(Decimal(100_000), Decimal(12), 12, date(2026, 1, 31), date(2026, 2, 28))
    book = change(change(disbursed(terms), date(2026, 2, 10)), date(2026, 2, 20))
    fair = 1000 + 10 * Decimal(18) / 28 + 10 * Decimal(8) / 28
    assert abs(book.rows[0].interest - fair) <= Decimal("0.02")


def test_a_rounded_instalment_may_repay_what_is_drawn_sooner():
    terms = Terms(Decimal(10_000), Decimal(12), 36, START, FEB, rounding=Rounding(multiple=Decimal(100)))
    before = disbursed(terms)
    book = change(before, date(2026, 1, 20))
    assert len(book.rows) <= len(before.rows)
    assert sum(row.principal for row in book.rows) == book.balance(Account.PRINCIPAL) == 11_000


def test_leaving_after_a_draw_costs_each_part_for_its_own_days():
    terms = Terms(Decimal(100_000), Decimal(12), 12, START, FEB)
    book = disbursed(terms, apr=Decimal(12), cooling_off_days=5)
    book = change(book, date(2026, 1, 9), amount=900_000)
    left = change(book, date(2026, 1, 10), ActKind.COOL_OFF, "1000460.27", reference="C1")
    assert left.state is BookState.CLOSED
    assert left.unallocated == left.owed == 0  # 1 lakh for five days, 9 lakh for one
