from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.accrual import Stretch, accrued, bookings
from lending.engine.days import DayCount
from lending.engine.rounding import rounded
from tests.lending.engine.loans import money

RATE = Decimal("13.5")
JANUARY = Stretch(date(2026, 1, 1), date(2026, 2, 1), Decimal(400_000), RATE)
LEAP_FEBRUARY = Stretch(date(2024, 2, 1), date(2024, 3, 1), Decimal(400_000), RATE)


@pytest.mark.parametrize(
    ("stretch", "count", "expected"),
    [
        (JANUARY, DayCount.ACT_365F, "4586.30"),
        (JANUARY, DayCount.THIRTY_360, "4500.00"),
        (LEAP_FEBRUARY, DayCount.ACT_ACT, "4278.69"),
        (JANUARY, DayCount.ACT_360, "4650.00"),
    ],
)
def test_the_worked_accruals_come_out_to_the_paisa(stretch, count, expected):
    assert rounded(accrued([stretch], count)) == Decimal(expected)


def test_a_part_payment_within_the_month_is_rounded_once():
    halves = (
        Stretch(date(2026, 1, 1), date(2026, 1, 15), Decimal(400_000), RATE),
        Stretch(date(2026, 1, 15), date(2026, 2, 1), Decimal(350_000), RATE),
    )

    assert [rounded(accrued([half], DayCount.ACT_365F)) for half in halves] == list(money("2071.23", "2200.68"))
    assert rounded(accrued(halves, DayCount.ACT_365F)) == Decimal("4271.92")
    assert sum(bookings(halves, DayCount.ACT_365F)) == Decimal("4271.92")


@given(st.integers(1, 10_000_000), st.integers(1, 3_600), st.integers(1, 90))
def test_booking_day_by_day_gives_the_rounded_whole(balance, points, days):
    start, percent = date(2026, 1, 1), Decimal(points) / 100
    moments = [start + timedelta(days=number) for number in range(days + 1)]
    daily = [Stretch(*pair, Decimal(balance), percent) for pair in pairwise(moments)]

    whole = Stretch(start, moments[-1], Decimal(balance), percent)

    assert sum(bookings(daily, DayCount.ACT_365F)) == rounded(accrued([whole], DayCount.ACT_365F))
