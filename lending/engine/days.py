"""The calendar of a loan: whole months, and how many days of a year a period has."""

from calendar import isleap, monthrange
from datetime import date
from decimal import Decimal
from enum import StrEnum

YEAR = Decimal(365)
BANK_YEAR = Decimal(360)
LEAP_YEAR = Decimal(366)
FULL_MONTH = 30
SHORTEST_MONTH = 28
MONTHS = 12


class DayCount(StrEnum):
    """How the days of a period become a part of a year (ISDA 2006 §4.16); a regular period is whole months."""

    SAME_AS_PERIOD = "same-as-period"
    ACT_365F = "ACT/365F"
    ACT_360 = "ACT/360"
    THIRTY_360 = "30/360"
    ACT_ACT = "ACT/ACT"


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later, clamped to the last day of a shorter month.

    >>> months_after(date(2024, 1, 31), 1).isoformat(), months_after(date(2024, 2, 29), 12).isoformat()
    ('2024-02-29', '2025-02-28')
    """
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    last = day.day if day.day <= SHORTEST_MONTH else monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def due_dates(first: date, count: int, every: int = 1) -> tuple[date, ...]:
    """`count` due dates, `every` months apart; the day of the first one is kept where the month has it.

    >>> [day.isoformat() for day in due_dates(date(2026, 1, 31), 3)]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    """
    return tuple(months_after(first, number * every) for number in range(count))


def year_fraction(start: date, end: date, count: DayCount) -> Decimal:
    """The part of a year from `start` to before `end`. Days of a broken period count ACT/365F.

    >>> round(year_fraction(date(2024, 2, 1), date(2024, 3, 1), DayCount.ACT_ACT) * 366, 9)
    Decimal('29.000000000')
    """
    days = Decimal((end - start).days)
    if count is DayCount.THIRTY_360:
        return Decimal(_thirty(start, end)) / BANK_YEAR
    if count is DayCount.ACT_360:
        return days / BANK_YEAR
    return _by_calendar_year(start, end) if count is DayCount.ACT_ACT else days / YEAR


def _thirty(start: date, end: date) -> int:
    # Bond basis: a 31st counts as the 30th; the end only where the start is already there.
    first = min(start.day, FULL_MONTH)
    last = FULL_MONTH if end.day > FULL_MONTH and first == FULL_MONTH else end.day
    return (end.year - start.year) * 360 + (end.month - start.month) * FULL_MONTH + last - first


def _by_calendar_year(start: date, end: date) -> Decimal:
    total = Decimal(0)
    while start < end:
        stop = min(end, date(start.year + 1, 1, 1))
        total += Decimal((stop - start).days) / (LEAP_YEAR if isleap(start.year) else YEAR)
        start = stop
    return total
