"""When a registered business owes which GST return.

GSTR-1: the 11th of the next month; of a quarterly filer (QRMP) the 13th after the quarter (notification 83/2020).
GSTR-3B: the 20th of the next month; of a quarterly filer the 22nd or 24th after the quarter, by State (notification
85/2020). GSTR-9: 31 December after the financial year (rule 80). The Council moves single dates now and then: what is
computed here is the law's date, not an extension.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

JANUARY, DECEMBER = 1, 12
MONTHS_OF_A_QUARTER = 3
ON_THE_22ND = frozenset({22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37})
"""State codes whose quarterly filers owe GSTR-3B by the 22nd; those of all others by the 24th."""


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


def returns_due(*, since: date, until: date, state_code: int, quarterly: bool) -> list[Due]:
    """Everything owed from `since` to `until`, both included, by date.

    >>> [due.title for due in returns_due(since=date(2026, 11, 1), until=date(2026, 11, 30),
    ...                                   state_code=29, quarterly=False)]
    ['GSTR-1 for 2026-10', 'GSTR-3B for 2026-10']
    """
    found = [
        due
        for year, month in _months(since, until)
        for due in (
            *(_after_a_quarter(year, month, state_code) if quarterly else _after_a_month(year, month)),
            *_after_a_year(year, month),
        )
    ]
    return sorted((due for due in found if since <= due.due_on <= until), key=lambda due: (due.due_on, due.which))


def _months(since: date, until: date) -> Iterator[tuple[int, int]]:
    for number in range(since.year * 12 + since.month - 1, until.year * 12 + until.month):
        yield number // 12, number % 12 + 1


def _after_a_month(year: int, month: int) -> list[Due]:
    """What a monthly filer owes in this month, for the month before it."""
    period = f"{year - 1}-12" if month == JANUARY else f"{year}-{month - 1:02d}"
    return [Due(Return.GSTR1, period, date(year, month, 11)), Due(Return.GSTR3B, period, date(year, month, 20))]


def _after_a_quarter(year: int, month: int, state_code: int) -> list[Due]:
    """What a quarterly filer owes in the month after a quarter; Q1 begins in April, as the financial year does."""
    if month % MONTHS_OF_A_QUARTER != 1:
        return []
    quarter = {1: 3, 4: 4, 7: 1, 10: 2}[month]
    period = f"{year if quarter <= 2 else year - 1}-Q{quarter}"
    day = 22 if state_code in ON_THE_22ND else 24
    return [Due(Return.GSTR1, period, date(year, month, 13)), Due(Return.GSTR3B, period, date(year, month, day))]


def _after_a_year(year: int, month: int) -> list[Due]:
    """The yearly return for the financial year that ended in March of this year."""
    if month != DECEMBER:
        return []
    return [Due(Return.GSTR9, f"{year - 1}-{year % 100:02d}", date(year, DECEMBER, 31))]
