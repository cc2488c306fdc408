"""When a registered business owes which GST return, by the rules of the period.

Monthly: GSTR-1 on the 11th, GSTR-3B on the 20th of the next month. A quarterly filer (QRMP, rules 59 and 61A of the
CGST Rules, from January 2021) owes nothing for the first two months of a quarter, GSTR-1 on the 13th after it
(notification 83/2020) and GSTR-3B on the 22nd or 24th, by State (notification 85/2020); invoices it furnishes in
between (IFF) are an offer, open until the 13th of the next month. Before, small filers owed GSTR-1 quarterly, by the
end of the next month (notification 27/2019; by 13 January 2021 for the last of them, 74/2020), and GSTR-3B monthly.
GSTR-9: 31 December after the financial year (rule 80). The Council moves single dates now and then: what is computed
here is the law's date, not an extension.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

GST_BEGAN: Final = date(2017, 7, 1)
MONTHS_OF_A_QUARTER: Final = 3
ON_THE_22ND: Final = frozenset({22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37})
"""State codes whose quarterly filers owe GSTR-3B by the 22nd; those of all others by the 24th."""
QRMP_PERIOD: Final = 2021 * 12
"""January 2021: the first month of the scheme, as year × 12 + month − 1."""
THIRTEENTH_PERIOD: Final = QRMP_PERIOD - 1
"""The first quarter whose GSTR-1 fell due on a 13th ended in December 2020."""
MARCH: Final = 2
LONGEST_WAIT: Final = 9
"""Months from the end of a period to the month its return is due in, at most."""


class Return(StrEnum):
    """A return with a date."""

    GSTR1 = "gstr1"
    GSTR3B = "gstr3b"
    GSTR9 = "gstr9"


NAMES = {Return.GSTR1: "GSTR-1", Return.GSTR3B: "GSTR-3B", Return.GSTR9: "GSTR-9"}


@dataclass(frozen=True)
class Due:
    """One return that is owed: `period` is `2026-10` for a month, `2026-Q2` for a quarter, `2025-26` for a year."""

    which: Return
    period: str
    due_on: date

    @property
    def title(self) -> str:
        """What a reminder is called."""
        return f"{NAMES[self.which]} for {self.period}"


def due_on(which: Return, period: int, *, state_code: int, quarterly: bool) -> date | None:
    """The day the return for the period that ends in a month (year × 12 + month − 1) is due; None: none is owed.

    >>> june = 2026 * 12 + 5
    >>> due_on(Return.GSTR3B, june, state_code=29, quarterly=True)
    datetime.date(2026, 7, 22)
    >>> due_on(Return.GSTR3B, june - 1, state_code=29, quarterly=True) is None
    True
    """
    if which is Return.GSTR9:
        return date(period // 12, 12, 31) if period % 12 == MARCH else None
    following = period + 1
    if not _by_quarter(which, period, quarterly):
        return _day(following, 11 if which is Return.GSTR1 else 20)
    if period % MONTHS_OF_A_QUARTER != MONTHS_OF_A_QUARTER - 1:
        return None
    if which is Return.GSTR3B:
        return _day(following, 22 if state_code in ON_THE_22ND else 24)
    return _day(following, 13 if period >= THIRTEENTH_PERIOD else 31)


def offered_until(period: int) -> date | None:
    """Until when a quarterly filer may furnish the invoices of a month within a quarter (IFF); None before the scheme.

    >>> offered_until(2026 * 12 + 3)
    datetime.date(2026, 5, 13)
    """
    return _day(period + 1, 13) if period >= QRMP_PERIOD else None


def returns_due(*, since: date, until: date, state_code: int, quarterly: bool) -> list[Due]:
    """Everything owed from `since` to `until`, both included, by date.

    >>> [due.title for due in returns_due(since=date(2026, 11, 1), until=date(2026, 11, 30),
    ...                                   state_code=29, quarterly=False)]
    ['GSTR-1 for 2026-10', 'GSTR-3B for 2026-10']
    """
    found = [
        Due(which, _named(which, period, quarterly), owed)
        for period in range(_month(since) - LONGEST_WAIT, _month(until) + 1)
        for which in Return
        if (owed := due_on(which, period, state_code=state_code, quarterly=quarterly)) and since <= owed <= until
    ]
    return sorted(found, key=lambda due: (due.due_on, due.which))


def _by_quarter(which: Return, period: int, quarterly: bool) -> bool:
    return quarterly and (which is Return.GSTR1 or period >= QRMP_PERIOD)


def _day(month: int, day: int) -> date:
    """A day of a month, or the month's last."""
    year, number = month // 12, month % 12 + 1
    return date(year, number, min(day, calendar.monthrange(year, number)[1]))


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _named(which: Return, period: int, quarterly: bool) -> str:
    """The period in words; Q1 begins in April, as the financial year does."""
    year, month = period // 12, period % 12 + 1
    if which is Return.GSTR9:
        return f"{year - 1}-{year % 100:02d}"
    if not _by_quarter(which, period, quarterly):
        return f"{year}-{month:02d}"
    quarter = {3: 4, 6: 1, 9: 2, 12: 3}[month]
    return f"{year - (quarter == 4)}-Q{quarter}"
