from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.schedule import annuity, monthly_rate, present_value, schedule

WORKED = [
    ("1000000", "12", 36, "33214.31", "33214.30", "195715.15"),
    ("500000", "14.5", 24, "24124.71", "24124.83", "78993.16"),
    ("2500000", "11.25", 60, "54668.27", "54668.24", "780096.17"),
    ("50000", "18", 12, "4584.00", "4583.99", "5007.99"),
    ("200000", "0", 10, "20000.00", "20000.00", "0"),
]


@pytest.mark.parametrize(("principal", "percent", "months", "level", "last", "interest"), WORKED)
def test_the_worked_instalments_come_out_to_the_paisa(principal, percent, months, level, last, interest):
    rows = schedule(Decimal(principal), monthly_rate(Decimal(percent)), months)

    assert rows[0].amount == Decimal(level)
    assert rows[-1].amount == Decimal(last)
    assert sum(row.interest for row in rows) == Decimal(interest)


def test_the_rows_of_the_worked_example_split_as_published():
    rows = schedule(Decimal(1_000_000), Decimal("0.01"), 36)

    first, second, last = rows[0], rows[1], rows[35]
    assert (first.principal, first.interest, first.balance) == (
        Decimal("23214.31"),
        Decimal("10000.00"),
        Decimal("976785.69"),
    )
    assert (second.principal, second.interest) == (Decimal("23446.45"), Decimal("9767.86"))
    assert (last.principal, last.interest, last.balance) == (Decimal("32885.45"), Decimal("328.85"), Decimal("0.00"))


@given(
    st.integers(1_000, 500_000_000).map(lambda paise: Decimal(paise) / 100),
    st.integers(0, 3_600).map(lambda points: monthly_rate(Decimal(points) / 100)),
    st.integers(1, 120),
)
def test_instalments_repay_exactly_the_principal(principal, rate, months):
    rows = schedule(principal, rate, months)

    assert len(rows) == months
    assert sum(row.principal for row in rows) == principal
    assert rows[-1].balance == 0
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows)


@given(st.integers(1_000, 10_000_000), st.integers(0, 3_600), st.integers(1, 120))
def test_present_value_is_the_inverse_of_the_annuity(principal, points, months):
    rate = monthly_rate(Decimal(points) / 100)

    back = present_value(annuity(Decimal(principal), rate, months), rate, months)

    assert abs(back - principal) < Decimal("0.000001")


def test_a_loan_without_instalments_is_refused():
    with pytest.raises(ValueError, match="at least one instalment"):
        annuity(Decimal(1000), Decimal("0.01"), 0)
