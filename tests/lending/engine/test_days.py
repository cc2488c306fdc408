from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.days import DayCount, due_dates, months_after, year_fraction

DATES = st.dates(date(2000, 1, 1), date(2080, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 1, 1), date(2026, 2, 1), 30),
        (date(2026, 1, 30), date(2026, 1, 31), 0),
        (date(2026, 1, 31), date(2026, 3, 31), 60),
        (date(2026, 1, 15), date(2026, 1, 31), 16),
        (date(2024, 2, 29), date(2024, 3, 31), 32),
    ],
)
def test_thirty_360_counts_bond_basis(start, end, days):
    assert year_fraction(start, end, DayCount.THIRTY_360) == Decimal(days) / 360


def test_act_act_splits_at_the_turn_of_the_year():
    expected = Decimal(31) / 365 + Decimal(31) / 366

    assert year_fraction(date(2023, 12, 1), date(2024, 2, 1), DayCount.ACT_ACT) == expected


@given(DATES, st.integers(0, 2000), st.integers(0, 2000), st.sampled_from([DayCount.ACT_365F, DayCount.ACT_360]))
def test_actual_day_counts_add_up_over_neighbouring_periods(start, first, second, count):
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)

    whole = year_fraction(start, end, count)

    parts = year_fraction(start, middle, count) + year_fraction(middle, end, count)
    assert abs(whole - parts) < Decimal("1e-24")


@given(DATES, st.integers(1, 120))
def test_due_dates_keep_their_day_where_the_month_has_it(first, count):
    dues = due_dates(first, count)

    assert dues[0] == first
    assert all(due.day == first.day or (due + timedelta(days=1)).day == 1 for due in dues)
    assert months_after(dues[-1], 1) > dues[-1]
