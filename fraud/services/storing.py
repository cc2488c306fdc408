"""Write what the engine found: cycles, rings with their members, alerts."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import NamedTuple

from creditiq.kernel.clock import micros, moment
from creditiq.kernel.events import publish
from fraud.engine.flow import MoneyCycle
from fraud.engine.policy import FraudPolicy
from fraud.engine.rings import MemberFinding, RingFinding
from fraud.events import AlertRaised
from fraud.models import Alert, AlertState, Cycle, PopulationScreening, Ring, RingMember
from fraud.selectors.cases import is_snoozed
from fraud.selectors.evidence import cycle_digest, edges_of

BATCH = 2000
SAME_RING = 0.5
"""Two groups are one ring when they share at least this part of their joint members (Jaccard)."""


class Circumstances(NamedTuple):
    """When and under what a ring was measured."""

    as_of: datetime
    policy: FraudPolicy
    population: PopulationScreening | None


def store_cycles(cycles: Iterable[MoneyCycle]) -> None:
    """Insert the cycles that are not stored yet."""
    Cycle.objects.bulk_create((_cycle_row(cycle) for cycle in cycles), ignore_conflicts=True, batch_size=BATCH)


def _cycle_row(cycle: MoneyCycle) -> Cycle:
    return Cycle(
        digest=cycle_digest(cycle),
        edges=edges_of(cycle),
        members=sorted(cycle.members),
        started_at=moment(cycle.started_at),
        ended_at=moment(cycle.ended_at),
        known_at=moment(cycle.known_at),
        value_paise=cycle.value_paise,
        retention=cycle.retention,
    )


def store_ring(finding: RingFinding, found: Circumstances, addresses: Mapping[int, str] | None = None) -> Ring:
    """Write the ring's latest figures and members; a ring with mostly the same members keeps its identity.

    `addresses` are those of its members outside, by node. The caller holds the lock on rings. Whom a standing alert
    holds stays suspect whatever this look says: only a person's decision on the alert lets go.
    """
    outside = [{"node": node, "address": (addresses or {}).get(node, "")} for node in finding.businesses if node < 0]
    members = [member for member in finding.members if member.business >= 0]
    digests = [cycle_digest(cycle) for cycle in finding.cycles]
    keys = dict(Cycle.objects.filter(digest__in=digests).values_list("digest", "pk"))
    ring = same_ring([member.business for member in members], wider=bool(outside)) or Ring(first_seen_at=found.as_of)
    ring.outsiders = outside
    ring.screened_at = found.as_of
    ring.population = found.population
    suspects = {member.business for member in members if member.is_suspect(found.policy)} | _held_members(ring)
    ring.suspect = bool(suspects)
    ring.evidence = [keys[digest] for digest in digests if digest in keys]
    for name in (
        "confidence", "recurrence", "value_paise", "velocity_paise", "retention", "hop_hours", "concentration",
        "externality", "goods_support", "p_value", "q_value",
    ):  # fmt: skip
        setattr(ring, name, getattr(finding, name))
    ring.save()
    _store_members(ring, members, suspects)
    if ring.suspect:
        _open_alert(ring, found.as_of, moment(max(cycle.ended_at for cycle in finding.cycles)))
        _name_suspects(ring, suspects, found.as_of)
    return ring


def same_ring(businesses: Sequence[int], *, wider: bool) -> Ring | None:
    """The stored ring with the largest overlap of current members, when it is large enough.

    A ring through somebody outside and one among customers alone are two, even of the same businesses.
    """
    wanted, kin = set(businesses), Ring.objects.exclude(outsiders=[]) if wider else Ring.objects.filter(outsiders=[])
    near = RingMember.objects.filter(business_id__in=wanted, current=True, ring__in=kin).values("ring_id")
    members: dict[int, set[int]] = {}
    rows = RingMember.objects.filter(ring_id__in=near, current=True).values_list("ring_id", "business_id")
    for ring, business in rows:
        members.setdefault(ring, set()).add(business)
    overlap = {ring: len(wanted & them) / len(wanted | them) for ring, them in members.items()}
    best = max(overlap, key=lambda ring: (overlap[ring], -ring), default=None)
    return Ring.objects.get(pk=best) if best is not None and overlap[best] >= SAME_RING else None


def _held_members(ring: Ring) -> set[int]:
    """The suspects of a ring under a standing alert."""
    if ring.pk is None or not Alert.objects.standing().filter(ring=ring).exists():
        return set()
    return set(RingMember.objects.filter(ring=ring, current=True, suspect=True).values_list("business_id", flat=True))


def _store_members(ring: Ring, members: Sequence[MemberFinding], suspects: Set[int]) -> None:
    """The members as found, and the suspects with what was last known of those not found any more."""
    present = suspects | {member.business for member in members}
    RingMember.objects.filter(ring=ring).exclude(business_id__in=present).update(current=False)
    figures = (
        "confidence",
        "recurrence",
        "retention",
        "concentration",
        "hop_hours",
        "velocity_paise",
        "suspect",
        "current",
    )
    rows = [
        RingMember(
            ring=ring,
            business_id=member.business,
            confidence=member.confidence,
            recurrence=member.reading.recurrence,
            retention=member.reading.retention,
            concentration=member.reading.concentration,
            hop_hours=member.reading.hop_hours,
            velocity_paise=member.velocity_paise,
            suspect=member.business in suspects,
            current=True,
        )
        for member in members
    ]
    RingMember.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["ring", "business"], update_fields=figures
    )


def _open_alert(ring: Ring, at: datetime, last_cycle: datetime) -> None:
    """One standing alert per ring; a dismissed ring alerts again only when money went round since, a snoozed never."""
    alerts = Alert.objects.filter(ring=ring)
    if alerts.standing().exists() or alerts.filter(decided_at__gte=last_cycle).exists():
        return
    if is_snoozed(rule="ring", pivot=ring.uuid, at=at):
        return
    alert = Alert.objects.create(ring=ring, state=AlertState.OPEN, opened_at=at)
    publish(AlertRaised(alert_id=alert.pk))


def _name_suspects(ring: Ring, suspects: Set[int], at: datetime) -> None:
    """Keep with the standing alert whom it holds and since when: members come and go, and a decision made by then
    must still be read the same."""
    alert = Alert.objects.select_for_update().standing().filter(ring=ring).first()
    if alert is None:
        return
    named = {str(business): micros(at) for business in sorted(suspects)} | alert.suspects
    if named != alert.suspects:
        alert.suspects = named
        alert.save(update_fields=["suspects"])


def retire_rings(kept: Iterable[int], as_of: datetime) -> None:
    """Rings a full scan no longer found have no current members: their money stopped going round.

    Not those under a standing alert: lying low is no way out of a hold, a person's decision is.
    """
    alerted = Alert.objects.standing().filter(ring__isnull=False).values("ring_id")
    gone = Ring.objects.exclude(pk__in=list(kept)).exclude(pk__in=alerted).filter(screened_at__lt=as_of)
    RingMember.objects.filter(ring__in=gone, current=True).update(current=False)


def ring_window(as_of: datetime, policy: FraudPolicy) -> datetime:
    """Since when cycles count for rings."""
    return as_of - timedelta(days=policy.ring_days)
