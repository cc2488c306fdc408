"""Breaches of personal data and their clocks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Breach
from accounts.models.breaches import BreachState
from creditiq.kernel.errors import NotVisible


@dataclass(frozen=True)
class BreachPage:
    """One breach: how many it touches and were told, how long the clock runs, and what is missing for the report."""

    breach: Breach
    people: int
    told: int
    hours_left: int
    is_late: bool

    @property
    def is_open(self) -> bool:
        """Whether its texts may still be corrected."""
        return self.breach.state == BreachState.OPEN


def breaches() -> QuerySet[Breach]:
    """Every breach, the newest first, with `affected` and `told`."""
    told = Count("people", filter=Q(people__told_at__isnull=False))
    return Breach.objects.annotate(affected=Count("people"), told=told).order_by("-noticed_at", "-pk")


def breach_page(*, breach_id: UUID, at: datetime) -> BreachPage:
    """One of them. Raises NotVisible."""
    found = Breach.objects.select_related("recorded_by", "reported_by").filter(uuid=breach_id).first()
    if found is None:
        raise NotVisible
    counts = found.people.aggregate(people=Count("pk"), told=Count("told_at"))
    left = found.due_at - (found.reported_at or at)
    return BreachPage(
        breach=found,
        people=counts["people"],
        told=counts["told"],
        hours_left=max(0, int(left.total_seconds() // 3600)),
        is_late=found.is_late_at(at),
    )
