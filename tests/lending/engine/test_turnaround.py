from datetime import date
from decimal import Decimal

import pytest

from lending.engine.turnaround import due_on

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("amount", "due"),
    [(1_000_000, date(2026, 12, 1)), (1_000_001, date(2026, 12, 10)), (50_000_001, date(2027, 1, 1))],
)
def test_the_clock_follows_the_amount_and_skips_weekends(amount, due):
    assert due_on(FRIDAY, Decimal(amount)) == due


def test_an_application_of_a_saturday_starts_counting_on_monday():
    assert due_on(date(2026, 11, 21), Decimal(1)) == due_on(FRIDAY, Decimal(1))
