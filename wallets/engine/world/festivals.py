"""Festivals that move through the calendar: when they fall, when people buy for them, and when shops are shut.

Dates are those observed in most of India; a crescent or a local almanac may shift one by a day. Years that the table
does not hold have no festival peaks.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from wallets.engine.world.almanac import Almanac, first_of_month
from wallets.engine.world.spec import Flags, Floats

FIRST_YEAR = 2019


@dataclass(frozen=True)
class Festival:
    """Dates as month × 100 + day from 2019 on, days of buying before it, and the lift of a whole month's sales.

    `lift` holds one share per sector, in the order of sectors.NAMES.
    """

    name: str
    dates: tuple[int, ...]
    buying_days: int
    lift: tuple[float, ...]

    def on(self, year: int) -> date | None:
        """The day of a year, or None where the table ends.

        >>> FESTIVALS[0].on(2026), FESTIVALS[0].on(2031)
        (datetime.date(2026, 11, 8), None)
        """
        place = year - FIRST_YEAR
        return date(year, *divmod(self.dates[place], 100)) if 0 <= place < len(self.dates) else None


FESTIVALS = (
    Festival("Diwali", (1027, 1114, 1104, 1024, 1112, 1101, 1020, 1108, 1029, 1017, 1105, 1026), 28,
             (0.06, 0.26, 0.20, 0.06, 0.05, 0.34, 0.12, 0.12)),
    Festival("Dussehra", (1008, 1025, 1015, 1005, 1024, 1012, 1002, 1020, 1009, 927, 1016, 1006), 14,
             (0.04, 0.10, 0.08, 0.03, 0.04, 0.12, 0.04, 0.04)),
    Festival("Holi", (321, 310, 329, 318, 308, 325, 314, 304, 322, 311, 301, 320), 14,
             (0.00, 0.06, 0.10, 0.08, 0.00, 0.02, 0.05, 0.01)),
    Festival("Eid al-Fitr", (605, 525, 514, 503, 422, 411, 331, 321, 310, 227, 215, 205), 21,
             (0.00, 0.10, 0.09, 0.01, 0.00, 0.03, 0.01, 0.01)),
    Festival("Raksha Bandhan", (815, 803, 822, 811, 830, 819, 809, 828, 817, 805, 823, 813), 14,
             (0.00, 0.06, 0.06, 0.00, 0.00, 0.03, 0.01, 0.03)),
)  # fmt: skip


def lifts(periods: list[int]) -> Floats:
    """(8, months) factor of sales, 1 without a festival: each lifts the months its buying days fall into."""
    factor = np.ones((8, len(periods)))
    for month, period in enumerate(periods):
        start, following = first_of_month(period), first_of_month(period + 1)
        for festival in FESTIVALS:
            day = festival.on(start.year)
            if day:
                begin = max(day - timedelta(days=festival.buying_days), start)
                inside = max((min(day, following) - begin).days, 0)
                factor[:, month] += np.array(festival.lift) * inside / festival.buying_days
    return factor


def closed_days(almanac: Almanac) -> Flags:
    """(days,) whether shops are shut for a festival."""
    closed = np.zeros(almanac.days, dtype=np.bool_)
    for year in range(almanac.start.year, almanac.end.year + 1):
        days = [festival.on(year) for festival in FESTIVALS]
        places = [(day - almanac.start).days for day in days if day]
        closed[[place for place in places if 0 <= place < almanac.days]] = True
    return closed
