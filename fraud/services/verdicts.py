"""What people made of rings, as it bears on the flag: a standing alert keeps it, a dismissed one takes it away."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from fraud.models import Alert, AlertState, Ring, RingMember


class Verdicts(NamedTuple):
    """`held`: suspects under a standing alert, with such a ring, a confirmed one before the surest; `cleared`: those of
    dismissed rings alone."""

    held: dict[int, Ring]
    cleared: frozenset[int]

    def flag(self, business: int, found: float | None) -> float | None:
        """The flag of a business of which a look found this: while an alert stands its suspects stay so, also where
        the look had nothing to read."""
        if business in self.held:
            return 1.0
        return 0.0 if found and business in self.cleared else found


def verdicts(businesses: Collection[int] | None = None) -> Verdicts:
    """The verdicts on these businesses, or on everybody."""
    suspects = RingMember.objects.filter(current=True, suspect=True)
    if businesses is not None:
        suspects = suspects.filter(business_id__in=businesses)
    alerts = Alert.objects.filter(ring=OuterRef("ring_id"))
    judged = suspects.annotate(
        stands=Exists(alerts.standing()),
        confirmed=Exists(alerts.filter(state=AlertState.CONFIRMED)),
        decided=Exists(alerts),
    ).select_related("ring")
    held: dict[int, Ring] = {}
    cleared, doubted = set(), set()
    for member in judged.order_by("-confirmed", "-confidence", "pk"):
        if member.stands:
            held.setdefault(member.business_id, member.ring)
        elif member.decided:
            cleared.add(member.business_id)
        else:
            doubted.add(member.business_id)
    return Verdicts(held, frozenset(cleared - doubted - set(held)))
