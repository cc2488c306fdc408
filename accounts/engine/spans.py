"""Lengths of time as an Account Aggregator consent states them: a unit and a number of them."""

from calendar import monthrange
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    """The units of `Frequency` and `DataLife` of the Account Aggregator consent; INF is no bound."""

    HOUR = "HOUR"
    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"
    INF = "INF"


MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
STEADY = {Unit.HOUR: timedelta(hours=1), Unit.DAY: timedelta(days=1)}


class Span(NamedTuple):
    """So many units."""

    unit: str
    value: int

    @property
    def looks(self) -> str:
        """As a bound on looks.

        >>> Span("DAY", 10).looks, Span("HOUR", 1).looks
        ('at most 10 looks a day', 'at most one look an hour')
        """
        count = "one look" if self.value == 1 else f"{self.value} looks"
        return f"at most {count} {'an' if self.unit == Unit.HOUR else 'a'} {self.unit.lower()}"

    @property
    def life(self) -> str:
        """As a bound on use.

        >>> Span("MONTH", 6).life, Span("YEAR", 1).life
        ('used for 6 months after the yes', 'used for one year after the yes')
        """
        unit = self.unit.lower()
        return f"used for {f'one {unit}' if self.value == 1 else f'{self.value} {unit}s'} after the yes"

    def after(self, moment: datetime) -> datetime | None:
        """When the span that begins at `moment` ends; None for INF.

        A month ends on the same day of the next one, on its last day where it is shorter.

        >>> from datetime import UTC
        >>> Span("MONTH", 1).after(datetime(2026, 1, 31, tzinfo=UTC)).date().isoformat()
        '2026-02-28'
        """
        return self._moved(moment, self.value)

    def before(self, moment: datetime) -> datetime | None:
        """When the span that ends at `moment` began; None for INF.

        >>> from datetime import UTC
        >>> Span("DAY", 2).before(datetime(2026, 3, 1, tzinfo=UTC)).date().isoformat()
        '2026-02-27'
        """
        return self._moved(moment, -self.value)

    def _moved(self, moment: datetime, count: int) -> datetime | None:
        unit = Unit(self.unit)
        if unit is Unit.INF:
            return None
        if unit in STEADY:
            return moment + STEADY[unit] * count
        year, month = divmod(moment.year * 12 + moment.month - 1 + MONTHS[unit] * count, 12)
        return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
