"""Days and months of the world, read in Indian Standard Time.

Day 0 lies WARM_UP_MONTHS before the first month that is shown: receivables, payables and cash settle there, and
its records are thrown away. Instants are microseconds since the Unix epoch, UTC.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from wallets.engine.world.spec import Ints, WorldSpec

WARM_UP_MONTHS = 3
SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
MIDDAY = 12 * HOUR
IST = 5 * HOUR + HOUR // 2
_EPOCH = date(1970, 1, 1)


def first_of_month(period: int) -> date:
    """The first day of a period (year·12 + month - 1).

    >>> first_of_month(2026 * 12 + 1)
    datetime.date(2026, 2, 1)
    """
    return date(period // 12, period % 12 + 1, 1)


@dataclass(frozen=True)
class Almanac:
    """The calendar from day 0 to the last day."""

    start: date
    end: date
    opening: date

    @classmethod
    def of(cls, spec: WorldSpec) -> "Almanac":
        """The calendar of a world: `months` whole months before the day after its end, plus the warm-up."""
        following = spec.end + timedelta(days=1)
        opening = following.year * 12 + following.month - 1 - spec.months
        return cls(start=first_of_month(opening - WARM_UP_MONTHS), end=spec.end, opening=first_of_month(opening))

    @property
    def days(self) -> int:
        """Number of days simulated, warm-up included."""
        return (self.end - self.start).days + 1

    @property
    def opening_day(self) -> int:
        """Index of the first day that is shown."""
        return (self.opening - self.start).days

    @property
    def first_period(self) -> int:
        """Period of month 0."""
        return self.start.year * 12 + self.start.month - 1

    @property
    def months(self) -> int:
        """Number of calendar months touched."""
        return self.end.year * 12 + self.end.month - self.first_period

    @cached_property
    def month_starts(self) -> Ints:
        """(months + 1,) index of the first day of each month and of the one after the last."""
        firsts = [first_of_month(self.first_period + month) for month in range(self.months + 1)]
        return np.array([(first - self.start).days for first in firsts], dtype=np.int64)

    @cached_property
    def month_of_day(self) -> Ints:
        """(days,) month of each day."""
        return np.searchsorted(self.month_starts, np.arange(self.days), side="right").astype(np.int64) - 1

    @cached_property
    def periods(self) -> Ints:
        """(months,) period of each month."""
        return np.arange(self.first_period, self.first_period + self.months, dtype=np.int64)

    @property
    def midnight(self) -> int:
        """Instant at which day 0 begins."""
        return (self.start - _EPOCH).days * DAY - IST

    @property
    def closing(self) -> int:
        """Last instant of the last day: nothing is known later."""
        return self.midnight + self.days * DAY - 1

    @property
    def opening_instant(self) -> int:
        """Instant at which the first day that is shown begins."""
        return self.midnight + self.opening_day * DAY

    def instant(self, day: Ints, of_day: Ints | int = MIDDAY) -> Ints:
        """Instants of day indexes (which may be negative) at a time of day in microseconds."""
        return self.midnight + day * DAY + of_day

    def monthly_day(self, month: Ints, day_of_month: Ints | int) -> Ints:
        """Day index of the n-th day (1-based, n <= 28) of months; months past the last are extrapolated exactly."""
        beyond = np.maximum(month - self.months, 0)
        start: Ints = self.month_starts[np.minimum(month, self.months)] + beyond * 30
        return start + day_of_month - 1

    def financial_year(self, day: Ints) -> Ints:
        """Start year of the April-to-March year of each day."""
        return (self.periods[self.month_of_day[day]] - 3) // 12


def parts_of(day: Ints, almanac: Almanac) -> tuple[Ints, Ints]:
    """Year and 1-based day of year of day indexes."""
    stamps = np.datetime64(almanac.start) + day.astype("timedelta64[D]")
    years = stamps.astype("datetime64[Y]")
    return years.astype(np.int64) + 1970, (stamps - years.astype("datetime64[D]")).astype(np.int64) + 1
