"""When a business filed its returns."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from wallets.models import GstReturn
from wallets.selectors.covering import Grounds

MOST_FILINGS = 60


@dataclass(frozen=True)
class Filing:
    """A return that fell due; `filed_at` is None while it was not filed at the moment asked for."""

    return_type: str
    period: int
    due_at: datetime
    filed_at: datetime | None

    @property
    def month(self) -> str:
        """The period as a day that can be formatted: YYYY-MM.

        >>> Filing("GSTR3B", 2026 * 12 + 8, datetime(2026, 10, 20), None).month
        '2026-09'
        """
        year, month = divmod(self.period, 12)
        return f"{year}-{month + 1:02d}"

    @property
    def late_days(self) -> int | None:
        """Whole days after the due date; 0 in time, None while not filed."""
        return None if self.filed_at is None else max((self.filed_at.date() - self.due_at.date()).days, 0)


def filings(*, business_id: int, ground: Grounds, since: datetime, at: datetime) -> tuple[Filing, ...]:
    """The newest returns that were filed, or fell due, between `since` and `at`, oldest first; each once.

    Only those that the ground covers: a return happens when it falls due.
    """
    rows = GstReturn.objects.filter(ground.covers(), business_id=business_id, received_at__lte=at)
    happened = rows.annotate(moment=Coalesce(F("filed_at"), F("due_at"))).filter(moment__gt=since, moment__lte=at)
    found: dict[tuple[str, int], Filing] = {}
    for row in happened.order_by("-moment", "-version", "return_type", "pk")[: 2 * MOST_FILINGS]:
        filed = row.filed_at if row.filed_at is not None and row.filed_at <= at else None
        found.setdefault((row.return_type, row.period), Filing(row.return_type, row.period, row.due_at, filed))
    newest = list(found.values())[:MOST_FILINGS]
    return tuple(reversed(newest))
