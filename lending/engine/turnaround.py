"""By when an application has to be answered."""

from datetime import date, timedelta
from decimal import Decimal

# Business days from a complete application, by amount (lending rules §7).
CLOCKS = ((Decimal(1_000_000), 7), (Decimal(50_000_000), 14))
LONGEST = 30
SATURDAY = 5


def due_on(opened: date, amount: Decimal) -> date:
    """The last day for an answer: 7 business days up to ₹10 lakh, 14 up to ₹5 crore, 30 above.

    Monday to Friday count; bank holidays are not known here.

    >>> due_on(date(2026, 11, 20), Decimal(500_000)).isoformat()
    '2026-12-01'
    """
    days = next((days for most, days in CLOCKS if amount <= most), LONGEST)
    day = opened
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day


def resumed(due: date, paused: date, resumed_on: date) -> date:
    """The last day after the clock stood still from `paused` to `resumed_on`: later by the business days between.

    >>> resumed(date(2026, 12, 1), date(2026, 11, 23), date(2026, 11, 25)).isoformat()
    '2026-12-03'
    """
    day, waited = paused, 0
    while day < resumed_on:
        day += timedelta(days=1)
        waited += day.weekday() < SATURDAY
    while waited:
        due += timedelta(days=1)
        waited -= due.weekday() < SATURDAY
    return due
