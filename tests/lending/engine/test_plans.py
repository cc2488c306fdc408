from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.days import DayCount
from lending.engine.plans import Plan, plan
from lending.engine.rounding import Rounding, RoundingRule
from lending.engine.terms import Grace, Method, Moratorium, Step, UnsoundTerms
from tests.lending.engine.loans import money, repaid, terms

WHOLE = Rounding(multiple=Decimal(1))
NOVEMBER = {"disbursed": date(2022, 11, 1), "first_due": date(2022, 12, 1)}
WORKED = [
    ("1000000", "12", 36, "33214.31", "33214.30", "195715.15"),
    ("500000", "14.5", 24, "24124.71", "24124.83", "78993.16"),
    ("2500000", "11.25", 60, "54668.27", "54668.24", "780096.17"),
    ("50000", "18", 12, "4584.00", "4583.99", "5007.99"),
    ("200000", "0", 10, "20000.00", "20000.00", "0"),
]


@pytest.mark.parametrize(("principal", "percent", "months", "level", "last", "interest"), WORKED)
def test_the_worked_instalments_come_out_to_the_paisa(principal, percent, months, level, last, interest):
    loan = repaid(principal, percent, months)

    assert (loan.level, loan.last, loan.interest) == money(level, last, interest)
    assert {row.amount for row in loan.rows[:-1]} == {Decimal(level)}
    assert len(loan.rows) == months


def test_the_rows_of_the_worked_example_split_as_published():
    rows = repaid(1_000_000, 12, 36).rows

    first, second, last = rows[0], rows[1], rows[35]
    assert (first.principal, first.interest, first.balance) == money("23214.31", "10000.00", "976785.69")
    assert (second.principal, second.interest) == money("23446.45", "9767.86")
    assert (last.principal, last.interest, last.balance) == money("32885.45", "328.85", "0.00")
    assert (first.due, second.due, last.due) == (date(2026, 2, 5), date(2026, 3, 5), date(2029, 1, 5))


def test_the_frappe_loan_rounds_its_instalment_to_the_rupee_and_keeps_interest_in_paise():
    loan = repaid(280_000, "8.4", 20, rounding=WHOLE)

    row = loan.rows[3]
    assert loan.level == 15_052
    assert round(loan.interest) == 21_034
    assert (round(row.principal), round(row.interest), round(row.balance)) == (13_369, 1_683, 227_080)


def test_the_frappe_loan_of_a_fixed_instalment_takes_22_of_them():
    loan = repaid(280_000, "8.4", 20, rounding=WHOLE, instalment=Decimal(14_000))

    assert len(loan.rows) == 22
    assert round(loan.interest) == 22_712
    assert loan.level == 14_000


def test_the_fineract_flat_loan_asks_for_278_and_50():
    loan = repaid(5_000, 12, 18, method=Method.FLAT, rounding=WHOLE)

    assert {(row.principal, row.interest) for row in loan.rows[:-1]} == {money("278.00", "50.00")}
    assert (loan.level, loan.interest) == money("328", "900")


@pytest.mark.parametrize(("count", "interest"), [(DayCount.SAME_AS_PERIOD, "488.22"), (DayCount.ACT_365F, "487.33")])
def test_the_fineract_declining_loan_agrees_in_both_day_counts(count, interest):
    loan = repaid(5_000, 12, 18, rounding=WHOLE, day_count=count, **NOVEMBER)

    assert (loan.level, loan.interest) == money("305", interest)


def test_the_second_row_of_the_fineract_declining_loan_is_257_55_and_47_45():
    second = repaid(5_000, 12, 18, rounding=WHOLE, **NOVEMBER).rows[1]

    assert (second.principal, second.interest) == money("257.55", "47.45")


def test_the_fineract_equal_principal_loan_repays_277_78_a_month():
    loan = repaid(5_000, 12, 18, method=Method.EQUAL_PRINCIPAL)

    assert {row.principal for row in loan.rows[:-1]} == {Decimal("277.78")}
    assert (loan.interest, loan.level) == money("475.00", "327.78")


def test_the_fineract_half_even_loan_rounds_15_625_to_15_62():
    rule = RoundingRule.HALF_EVEN
    loan = repaid(1_250, 15, 4, rounding=Rounding(rule, rule, Decimal(1)))

    assert loan.rows[0].interest == Decimal("15.62")
    assert [row.amount for row in loan.rows] == list(money("322", "322", "322", "323.33"))


def test_a_broken_first_period_charges_its_days_and_the_principal_of_a_regular_month():
    loan = repaid(1_000_000, 12, 36, disbursed=date(2026, 1, 12), first_due=date(2026, 2, 5))

    first, second = loan.rows[:2]
    assert (first.interest, first.principal) == money("7890.41", "23214.31")
    assert (second.amount, loan.level) == money("33214.31", "33214.31")


@pytest.mark.parametrize(
    ("grace", "after", "level", "last"),
    [
        (Grace.CAPITALISED, "1030301.00", "36810.01", "36810.23"),
        (Grace.INTEREST_ONLY, "1000000.00", "35727.44", "35727.35"),
    ],
)
def test_a_moratorium_of_three_months_comes_out_as_published(grace, after, level, last):
    loan = repaid(1_000_000, 12, 36, moratorium=Moratorium(3, grace))

    paid = 0 if grace is Grace.CAPITALISED else 10_000
    assert [row.amount for row in loan.rows[:3]] == [paid] * 3
    assert (loan.rows[2].balance, loan.level, loan.last) == money(after, level, last)
    assert [row.amount for row in loan.rows[3:-1]] == [Decimal(level)] * 32


def test_a_bullet_pays_interest_every_month_and_the_principal_at_the_end():
    loan = repaid(100_000, 12, 6, method=Method.BULLET)

    assert [row.amount for row in loan.rows] == list(money("1000", "1000", "1000", "1000", "1000", "101000"))
    assert loan.level == 1_000


def test_a_step_loan_grows_by_its_step_and_is_worth_its_principal():
    loan = repaid(1_000_000, 12, 36, method=Method.STEP, step=Step(Decimal(10), 12))

    levels = sorted({row.amount for row in loan.rows[:-1]})
    assert levels == [loan.level, Decimal("33365.89"), Decimal("36702.48")]
    assert loan.rows[12].amount == Decimal("33365.89")
    assert abs(loan.level * Decimal("1.1") - levels[1]) < Decimal("0.01")


def test_quarterly_instalments_carry_a_quarter_of_the_yearly_rate():
    loan = repaid(100_000, 12, 12, every=3)

    assert [row.due.month for row in loan.rows] == [2, 5, 8, 11]
    assert loan.rows[1].interest == (loan.rows[0].balance * 3 / 100).quantize(Decimal("0.01"))


def test_a_coarse_multiple_repays_early_rather_than_asking_for_nothing():
    loan = repaid(5_000, 12, 18, rounding=Rounding(RoundingRule.UP, RoundingRule.UP, Decimal(500)))

    assert len(loan.rows) == 11
    assert loan.rows[-1].balance == 0


UNSOUND = [
    ("principal", {"principal": 0}),
    ("principal", {"principal": "0.001"}),
    ("rate", {"percent": -1}),
    ("rate", {"percent": 101}),
    ("months", {"months": 0}),
    ("months", {"months": 601}),
    ("months", {"months": 13, "every": 3}),
    ("every", {"every": 2}),
    ("first_due", {"first_due": date(2026, 1, 5)}),
    ("multiple", {"rounding": Rounding(multiple=Decimal(0))}),
    ("moratorium", {"moratorium": Moratorium(12)}),
    ("moratorium", {"moratorium": Moratorium(2), "every": 3}),
    ("moratorium", {"moratorium": Moratorium(2), "method": Method.FLAT}),
    ("step", {"method": Method.STEP}),
    ("step", {"step": Step(Decimal(10))}),
    ("step", {"method": Method.STEP, "step": Step(Decimal(-100))}),
    ("instalment", {"instalment": Decimal(0)}),
    ("instalment", {"instalment": Decimal(900), "method": Method.BULLET}),
    ("instalment", {"instalment": Decimal(1000)}),
]


@pytest.mark.parametrize(("field", "change"), UNSOUND)
def test_terms_that_cannot_be_are_refused_by_the_name_of_their_field(field, change):
    asked = {"principal": 100_000, "percent": 12, "months": 12, **change}

    with pytest.raises(UnsoundTerms) as refusal:
        plan(terms(**asked))

    assert refusal.value.field == field


amounts = st.integers(100_000, 50_000_000_000).map(lambda paise: Decimal(paise) / 100)
percents = st.integers(0, 3_600).map(lambda points: Decimal(points) / 100)
tenors = st.integers(2, 120)
days = st.integers(1, 60)
roundings = st.builds(
    Rounding,
    st.sampled_from(RoundingRule),
    st.sampled_from(RoundingRule),
    st.sampled_from([Decimal("0.01"), Decimal("0.05"), Decimal(1), Decimal(10)]),
)


@st.composite
def loans(draw: st.DrawFn) -> tuple[Decimal, int, Plan]:
    """A loan of any kind: what was lent, the months asked for, its plan."""
    principal, months, method = draw(amounts), draw(tenors), draw(st.sampled_from(Method))
    grace = draw(st.sampled_from([None, *Grace])) if method is not Method.FLAT else None
    loan = repaid(
        principal,
        draw(percents),
        months,
        first_due=date(2026, 1, 5) + timedelta(days=draw(days)),
        rounding=draw(roundings),
        method=method,
        day_count=draw(st.sampled_from(DayCount)),
        moratorium=Moratorium(months // 3, grace) if grace else None,
        step=Step(Decimal(draw(st.integers(-20, 20))), 6) if method is Method.STEP else None,
    )
    return principal, months, loan


@given(loans())
def test_instalments_repay_exactly_the_principal(drawn):
    principal, months, loan = drawn

    joined = sum(row.capitalised for row in loan.rows)
    assert sum(row.principal for row in loan.rows) == principal + joined
    assert loan.rows[-1].balance == 0
    assert all(row.principal >= 0 and row.interest >= 0 and row.amount == row.amount.quantize(Decimal("0.01"))
               for row in loan.rows)  # fmt: skip
    assert len(loan.rows) <= months
    assert [row.due for row in loan.rows] == sorted({row.due for row in loan.rows})


def oracle(principal: Decimal, percent: Decimal, months: int) -> list[tuple[int, int, int]]:
    """The declining schedule in whole paise and exact fractions: (principal, interest, balance)."""

    def half_up(amount: Fraction) -> int:
        return int(amount + Fraction(1, 2))

    rate, balance = Fraction(percent) / 1200, int(principal * 100)
    worth = sum((1 / (1 + rate) ** k for k in range(1, months + 1)), Fraction(0))
    level, rows = half_up(balance / worth), []
    for number in range(1, months + 1):
        interest = half_up(balance * rate)
        part = balance if number == months else min(max(level - interest, 0), balance)
        balance -= part
        rows.append((part, interest, balance))
        if not balance:
            break
    return rows


@given(amounts, percents, st.integers(1, 48))
def test_the_schedule_agrees_with_one_in_exact_fractions(principal, percent, months):
    rows = repaid(principal, percent, months).rows

    found = [(int(row.principal * 100), int(row.interest * 100), int(row.balance * 100)) for row in rows]
    assert found == oracle(principal, percent, months)
