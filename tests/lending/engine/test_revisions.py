from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.accrual import Stretch
from lending.engine.days import DayCount
from lending.engine.revisions import Keep, cooling_off, foreclosure, prepay, reset_rate, restructure
from lending.engine.terms import Method, Moratorium, UnsoundTerms
from tests.lending.engine.loans import money, repaid, terms

LOAN = repaid(1_000_000, 12, 36)


def test_two_lakh_prepaid_after_a_year_at_the_same_tenor_lower_the_instalment():
    revised = prepay(LOAN, 12, Decimal(200_000), Keep.TENOR)

    assert LOAN.rows[11].balance == Decimal("705584.45")
    assert revised.plan.terms.principal == Decimal("505584.45")
    assert (revised.instalment, revised.saved) == money("23799.62", "25952.69")
    assert len(revised.plan.rows) == 24


def test_two_lakh_prepaid_after_a_year_at_the_same_instalment_shorten_the_loan():
    revised = prepay(LOAN, 12, Decimal(200_000), Keep.INSTALMENT)

    assert len(revised.plan.rows) == 17
    assert (revised.instalment, revised.plan.last, revised.saved) == money("33214.31", "19825.76", "45888.71")


def test_a_quarter_of_a_point_more_raises_the_instalment_or_adds_a_month():
    dearer = reset_rate(LOAN, 12, Decimal("12.25"), Keep.TENOR)
    longer = reset_rate(LOAN, 12, Decimal("12.25"), Keep.INSTALMENT)

    assert dearer.instalment == Decimal("33296.75")
    assert (len(longer.plan.rows), longer.plan.last) == (25, Decimal("2251.79"))
    assert longer.saved < 0


def test_the_due_dates_go_on_where_they_were():
    revised = prepay(LOAN, 12, Decimal(200_000), Keep.TENOR)

    assert [row.due for row in revised.plan.rows] == [row.due for row in LOAN.rows[12:]]


def test_a_loan_revised_within_its_moratorium_keeps_the_rest_of_it():
    waiting = repaid(1_000_000, 12, 36, moratorium=Moratorium(6))

    during = prepay(waiting, 2, Decimal(100_000), Keep.TENOR).plan
    after = prepay(waiting, 6, Decimal(100_000), Keep.TENOR).plan

    assert [row.amount for row in during.rows[:4]] == [0] * 4
    assert during.rows[4].amount == during.level
    assert after.rows[0].amount == after.level


def test_before_the_first_instalment_the_whole_principal_is_the_balance():
    assert prepay(LOAN, 0, Decimal(100_000), Keep.TENOR).plan.terms.principal == 900_000


@pytest.mark.parametrize(
    ("field", "paid", "amount", "method"),
    [("amount", 12, 0, "emi"), ("amount", 12, 705_585, "emi"), ("paid", 36, 1, "emi"), ("method", 1, 1, "bullet")],
)
def test_what_cannot_be_revised_is_refused(field, paid, amount, method):
    loan = repaid(1_000_000, 12, 36, method=Method(method))

    with pytest.raises(UnsoundTerms) as refusal:
        prepay(loan, paid, Decimal(amount), Keep.TENOR)

    assert refusal.value.field == field


def test_an_instalment_that_does_not_cover_the_new_interest_is_refused():
    with pytest.raises(UnsoundTerms):
        reset_rate(LOAN, 1, Decimal(60), Keep.INSTALMENT)


@given(st.integers(0, 34), st.integers(1, 20_000))
def test_a_prepayment_saves_interest_and_a_kept_instalment_saves_more(paid, amount):
    tenor, level = (prepay(LOAN, paid, Decimal(amount), keep) for keep in (Keep.TENOR, Keep.INSTALMENT))

    assert level.saved >= tenor.saved - 1
    assert level.saved >= 0
    assert sum(row.principal for row in tenor.plan.rows) == tenor.plan.terms.principal


def test_closing_early_costs_principal_interest_of_the_days_and_what_is_unpaid():
    since = Stretch(date(2026, 3, 5), date(2026, 3, 20), Decimal(400_000), Decimal("13.5"))

    closing = foreclosure(since, DayCount.ACT_365F, unpaid=Decimal(100), charges=Decimal(590))

    assert (closing.principal, closing.interest, closing.charges) == money("400000", "2319.18", "590")
    assert closing.total == Decimal("402909.18")


def test_leaving_in_the_cooling_off_days_costs_the_annual_rate_of_the_days_only():
    left = cooling_off(Decimal(1_000_000), Decimal("13.45"), 2)

    assert (left.interest, left.charges) == money("736.99", "0")
    assert cooling_off(Decimal(1_000_000), Decimal("13.45"), 0).total == 1_000_000


def test_a_restructuring_at_the_same_rate_gives_nothing_up_and_a_cheaper_one_does():
    same = restructure(Decimal(500_000), Decimal(10_000), Decimal(12), terms(510_000, 12, 48))
    cheaper = restructure(Decimal(500_000), Decimal(10_000), Decimal(12), terms(510_000, 10, 48))

    assert same.sacrifice < 1
    assert cheaper.sacrifice == Decimal("18809.95")


def test_a_restructuring_takes_principal_and_unpaid_interest_and_nothing_else():
    with pytest.raises(UnsoundTerms):
        restructure(Decimal(500_000), Decimal(10_000), Decimal(12), terms(515_000, 10, 48))
