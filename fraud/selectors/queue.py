"""The fraud queue: rings by the standing of their alert, surest first."""

from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Sum

from accounts.models import Business, User
from creditiq.kernel.money import Rupees, from_paise
from fraud.models import Alert, PopulationScreening, Ring, RingMember, Sweep
from fraud.selectors.parties import Party, parties

RINGS_PER_PAGE = 20
TABS = (
    ("open", "To review"), ("confirmed", "Confirmed"), ("snoozed", "Snoozed"), ("dismissed", "Dismissed"),
    ("watch", "Below policy"), ("all", "All"),
)  # fmt: skip


@dataclass(frozen=True)
class RingRow:
    """A ring in a list; without an alert it never passed policy and is only watched."""

    ring: Ring
    alert: Alert | None
    members: tuple[Party, ...]
    value: Rupees
    velocity: Rupees


class Tab(NamedTuple):
    """A share of the queue."""

    code: str
    label: str
    rings: int


class Progress(NamedTuple):
    """A full scan under way: slabs searched of all."""

    done: int
    total: int


class Burst(NamedTuple):
    """A business through which more circles go than can be written out."""

    party: Party
    cycles: int


@dataclass(frozen=True)
class FraudQueue:
    """The risk manager's first page; `screening` is the latest full scan, None before the first."""

    rows: tuple[RingRow, ...]
    page: Page[Ring]
    tabs: tuple[Tab, ...]
    current: str
    screening: PopulationScreening | None
    held: int
    velocity: Rupees
    progress: Progress | None
    bursts: tuple[Burst, ...]


def fraud_queue(*, user: User, tab: str = "open", page: str = "1") -> FraudQueue:
    """Rings the person may see, in one tab; the counts are over all tabs."""
    current = tab if tab in {code for code, _ in TABS} else "open"
    seen = Ring.objects.visible_to(user)
    shown = Paginator(seen.in_state(current).order_by("-confidence", "pk"), RINGS_PER_PAGE).get_page(page)
    binding = seen.filter(alerts__in=Alert.objects.standing())
    held = RingMember.objects.filter(ring__in=binding, current=True, suspect=True)
    velocity = binding.aggregate(total=Sum("velocity_paise"))["total"] or 0
    screening = PopulationScreening.objects.order_by("-as_of").first()
    return FraudQueue(
        rows=rows_of(list(shown), user),
        page=shown,
        tabs=tuple(Tab(code, label, seen.in_state(code).count()) for code, label in TABS),
        current=current,
        screening=screening,
        held=held.filter(business__in=Business.objects.visible_to(user)).values("business").distinct().count(),
        velocity=from_paise(velocity),
        progress=sweep_progress(screening),
        bursts=_bursts(screening, user),
    )


def sweep_progress(screening: PopulationScreening | None) -> Progress | None:
    """How far the newest full scan is; None when its screening is there."""
    sweep = Sweep.objects.order_by("-as_of").annotate(total=Count("slabs"), done=Count("slabs__done_at")).first()
    if sweep is None or (screening is not None and screening.as_of >= sweep.as_of):
        return None
    return Progress(sweep.done, sweep.total)


def _bursts(screening: PopulationScreening | None, user: User) -> tuple[Burst, ...]:
    if screening is None or not screening.bursts:
        return ()
    known = parties(user, [business for business, _ in screening.bursts])
    return tuple(Burst(known[business], cycles) for business, cycles in screening.bursts if business in known)


def rows_of(rings: list[Ring], user: User) -> tuple[RingRow, ...]:
    """The rings with members and latest alert, in the given order; four queries however many."""
    members: dict[int, list[int]] = {ring.pk: [] for ring in rings}
    current = RingMember.objects.filter(ring__in=members, current=True).order_by("-confidence", "business_id")
    for ring, business in current.values_list("ring_id", "business_id"):
        members[ring].append(business)
    alerts = {alert.ring_id: alert for alert in Alert.objects.filter(ring__in=members).order_by("opened_at", "pk")}
    known = parties(user, {business for group in members.values() for business in group})
    return tuple(
        RingRow(
            ring=ring,
            alert=alerts.get(ring.pk),
            members=tuple(known[business] for business in members[ring.pk]),
            value=from_paise(ring.value_paise),
            velocity=from_paise(ring.velocity_paise),
        )
        for ring in rings
    )
