"""The fraud queue: rings by the standing of their alert, surest first."""

from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery, Sum, Value

from accounts.models import Business, User
from creditiq.kernel.money import Rupees, from_paise
from creditiq.kernel.wall import named
from fraud.models import Alert, AlertState, PopulationScreening, Ring, RingMember, Sweep
from fraud.models.rings import RingQuerySet, latest_state
from fraud.selectors.parties import Party, parties, party_of

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
    """The risk manager's first page; `screening` is the latest full scan, None before the first.

    `hubs` are the GSTINs and addresses that scan left out.
    """

    rows: tuple[RingRow, ...]
    page: Page[Ring]
    tabs: tuple[Tab, ...]
    current: str
    screening: PopulationScreening | None
    held: int
    velocity: Rupees
    progress: Progress | None
    bursts: tuple[Burst, ...]
    hubs: tuple[str, ...]


def fraud_queue(*, user: User, tab: str = "open", page: str = "1") -> FraudQueue:
    """Rings the person may see, in one tab; the counts are over all tabs."""
    current = tab if tab in {code for code, _ in TABS} else "open"
    seen = Ring.objects.visible_to(user)
    counted = _counted(seen, user)
    paginator = Paginator(seen.in_state(current).order_by("-confidence", "pk"), RINGS_PER_PAGE)
    paginator.count = counted[current]
    shown = paginator.get_page(page)
    screening, progress = _latest_scan()
    return FraudQueue(
        rows=rows_of(list(shown), user),
        page=shown,
        tabs=tuple(Tab(code, label, counted[code]) for code, label in TABS),
        current=current,
        screening=screening,
        held=counted["held"] or 0,
        velocity=from_paise(counted["velocity"] or 0),
        progress=progress,
        bursts=_bursts(screening, user),
        hubs=tuple(screening.policy.document.get("hubs", ())) if screening and screening.policy else (),
    )


def _counted(seen: RingQuerySet, user: User) -> dict[str, int]:
    """Rings by tab, what goes round in those that bind, and the businesses they hold, in one query."""
    states = {state: Count("pk", filter=Q(alert_state=state)) for state in AlertState.values}
    binding = Q(alert_state__isnull=False) & ~Q(alert_state=AlertState.DISMISSED)
    members = RingMember.objects.filter(
        ring__in=seen.filter(alerts__in=Alert.objects.standing()),
        current=True,
        suspect=True,
        business__in=Business.objects.visible_to(user),
    )
    held = members.values(whole=Value(1)).annotate(many=Count("business", distinct=True)).values("many")
    found: dict[str, int] = seen.annotate(alert_state=latest_state(), held_here=Subquery(held)).aggregate(
        **states,
        all=Count("pk"),
        watch=Count("pk", filter=Q(alert_state__isnull=True)),
        velocity=Sum("velocity_paise", filter=binding),
        held=Max("held_here"),
    )
    return found


def _latest_scan() -> tuple[PopulationScreening | None, Progress | None]:
    """The newest full scan, and how far the one after it is, when there is one under way."""
    newer = Exists(Sweep.objects.filter(as_of__gt=OuterRef("as_of")))
    screening = (
        PopulationScreening.objects.select_related("policy").order_by("-as_of").annotate(overtaken=newer).first()
    )
    if screening is not None and not screening.overtaken:
        return screening, None
    sweep = Sweep.objects.order_by("-as_of").annotate(total=Count("slabs"), done=Count("slabs__done_at")).first()
    return screening, Progress(sweep.done, sweep.total) if sweep else None


def _bursts(screening: PopulationScreening | None, user: User) -> tuple[Burst, ...]:
    if screening is None or not screening.bursts:
        return ()
    known = parties(user, [business for business, _ in screening.bursts])
    return tuple(Burst(known[business], cycles) for business, cycles in screening.bursts if business in known)


def rows_of(rings: list[Ring], user: User) -> tuple[RingRow, ...]:
    """The rings, which the person may see, with members and latest alert, in order; two queries however many."""
    members: dict[int, list[Party]] = {ring.pk: [] for ring in rings}
    visible = Exists(Business.objects.visible_to(user).filter(pk=OuterRef("business_id")))
    current = named(RingMember.objects.filter(ring__in=members, current=True)).select_related("business")
    for row in current.annotate(visible=visible).order_by("-confidence", "business_id"):
        members[row.ring_id].append(party_of(row.business, user, visible=row.visible))
    latest = named(Alert.objects.filter(ring__in=members)).order_by("opened_at", "pk")
    alerts = {alert.ring_id: alert for alert in latest}
    return tuple(
        RingRow(
            ring=ring,
            alert=alerts.get(ring.pk),
            members=tuple(members[ring.pk]),
            value=from_paise(ring.value_paise),
            velocity=from_paise(ring.velocity_paise),
        )
        for ring in rings
    )
