"""Return periods written MMYYYY."""

import calendar
import re

_PERIOD = re.compile(r"(0[1-9]|1[0-2])(20[0-9]{2})")


def last_day(period: str) -> str:
    """The last date of a period as yyyy-mm-dd; empty when it is none.

    >>> last_day("022028"), last_day("132028")
    ('2028-02-29', '')
    """
    found = _PERIOD.fullmatch(period)
    if not found:
        return ""
    month, year = int(found.group(1)), int(found.group(2))
    return f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"


def month_number(period: str) -> int:
    """Year × 12 + month − 1 of a period; 0 when it is none.

    >>> month_number("102026"), month_number("2026-10")
    (24321, 0)
    """
    found = _PERIOD.fullmatch(period)
    return int(found.group(2)) * 12 + int(found.group(1)) - 1 if found else 0
