"""Interest by the day: accruals stay unrounded, what is booked is the rounded running total."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lending.engine.days import DayCount, year_fraction
from lending.engine.rounding import rounded

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `start` to before `end` on which balance (rupees) and rate (per cent a year) stay the same."""

    start: date
    end: date
    balance: Decimal
    percent: Decimal


def accrued(stretches: Sequence[Stretch], count: DayCount) -> Decimal:
    """The interest of all stretches, unrounded: balance · rate · part of a year.

    >>> part = Stretch(date(2026, 1, 1), date(2026, 2, 1), Decimal(400000), Decimal("13.5"))
    >>> rounded(accrued([part], DayCount.ACT_365F)), rounded(accrued([part], DayCount.THIRTY_360))
    (Decimal('4586.30'), Decimal('4500.00'))
    """
    return sum((_interest(stretch, count) for stretch in stretches), NOTHING)


def bookings(stretches: Sequence[Stretch], count: DayCount, brought: Decimal = NOTHING) -> Iterator[Decimal]:
    """What each stretch adds to the books: the step of the rounded running total, so no paisa is lost or made.

    `brought` is the unrounded total accrued before.
    """
    total = brought
    for stretch in stretches:
        before, total = total, total + _interest(stretch, count)
        yield rounded(total) - rounded(before)


def _interest(stretch: Stretch, count: DayCount) -> Decimal:
    # The yearly interest first, then the part of the year: divide last, so nothing is lost to a recurring fraction.
    return stretch.balance * stretch.percent / HUNDRED * year_fraction(stretch.start, stretch.end, count)
