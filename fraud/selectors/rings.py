"""One ring as people see it: members, the laps its money made, the parts of the confidence, past decisions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator

from accounts.models import User
from creditiq.kernel.clock import moment
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.money import Rupees, from_paise
from creditiq.kernel.wall import named
from fraud.engine.confidence import RELIABILITY, Reliability, RingReading, log_odds
from fraud.models import Alert, Cycle, Freeze, Ring, RingMember
from fraud.selectors.parties import Party, outside_party, parties

LAPS_PER_PAGE = 8


@dataclass(frozen=True)
class MemberView:
    """A member with its own part in the ring."""

    party: Party
    member: RingMember
    velocity: Rupees


class Payment(NamedTuple):
    """One leg of a lap; `share` is its amount ÷ the lap's first payment."""

    at: datetime
    payer: Party
    payee: Party
    amount: Rupees
    share: float
    rail: str
    reference: str


@dataclass(frozen=True)
class Lap:
    """Money that came back: `came_back` of the first payment, `hours` later.

    `payments` are those that touch a party the person may see; `hidden` counts the others (fraud.md §6).
    """

    started_at: datetime
    ended_at: datetime
    payments: tuple[Payment, ...]
    value: Rupees
    came_back: float
    hours: float
    hidden: int = 0


class ConfidencePart(NamedTuple):
    """One quantity behind the confidence and what it adds to the log-odds."""

    label: str
    value: str
    log_odds: float


@dataclass(frozen=True)
class RingView:
    """Everything on the page of one ring; `alert` is the latest, None when the ring never passed policy."""

    ring: Ring
    alert: Alert | None
    decisions: tuple[Alert, ...]
    members: tuple[MemberView, ...]
    laps: tuple[Lap, ...]
    page: Page[Cycle]
    parts: tuple[ConfidencePart, ...]
    value: Rupees
    velocity: Rupees
    freeze: Freeze | None
    outsiders: tuple[Party, ...]
    reliability: tuple[Reliability, ...] = RELIABILITY


def visible_ring(*, user: User, ring_id: UUID) -> Ring:
    """A ring with a member the person may see. Raises NotVisible."""
    ring = Ring.objects.visible_to(user).filter(uuid=ring_id).first()
    if ring is None:
        raise NotVisible
    return ring


def ring_view(*, user: User, ring_id: UUID, page: str = "1") -> RingView:
    """One ring with its latest laps. Raises NotVisible."""
    ring = visible_ring(user=user, ring_id=ring_id)
    members = list(named(ring.members.filter(current=True)).order_by("-confidence", "business_id"))
    cycles = Paginator(Cycle.objects.filter(pk__in=ring.evidence).order_by("-ended_at", "pk"), LAPS_PER_PAGE)
    shown = cycles.get_page(page)
    outside = outsiders_of(ring)
    known = parties(user, {member.business_id for member in members} | _parties_of(shown)) | outside
    alerts = tuple(named(ring.alerts.select_related("decided_by")).order_by("-opened_at", "-pk"))
    return RingView(
        ring=ring,
        alert=alerts[0] if alerts else None,
        decisions=tuple(alert for alert in alerts if alert.decided_at),
        members=tuple(
            MemberView(known[member.business_id], member, from_paise(member.velocity_paise)) for member in members
        ),
        laps=tuple(lap_of(cycle, known) for cycle in shown),
        page=shown,
        parts=confidence_parts(ring, members[0]) if members else (),
        value=from_paise(ring.value_paise),
        velocity=from_paise(ring.velocity_paise),
        freeze=named(Freeze.objects.in_force().filter(ring=ring)).select_related("by").first(),
        outsiders=tuple(outside.values()),
    )


def outsiders_of(ring: Ring) -> dict[int, Party]:
    """The members of a ring who are nobody we know, by node."""
    return {each["node"]: outside_party(each["node"], each["address"]) for each in ring.outsiders}


def _parties_of(cycles: Collection[Cycle] | Page[Cycle]) -> set[int]:
    return {member for cycle in cycles for member in cycle.members}


def lap_of(cycle: Cycle, known: Mapping[int, Party]) -> Lap:
    """A stored cycle in words people use, without the payments between two parties whom the person may not see."""
    first = cycle.edges[0]["amount_paise"]
    told = [_payment(edge, first, known) for edge in cycle.edges]
    payments = tuple(payment for payment in told if payment.payer.visible or payment.payee.visible)
    return Lap(
        started_at=cycle.started_at,
        ended_at=cycle.ended_at,
        payments=payments,
        value=from_paise(cycle.value_paise),
        came_back=told[-1].share,
        hours=(cycle.ended_at - cycle.started_at).total_seconds() / 3600,
        hidden=len(told) - len(payments),
    )


def _payment(edge: Mapping[str, object], first: int, known: Mapping[int, Party]) -> Payment:
    payer, payee = known[int(str(edge["payer"]))], known[int(str(edge["payee"]))]
    amount = int(str(edge["amount_paise"]))
    return Payment(
        at=moment(int(str(edge["occurred_at"]))),
        payer=payer,
        payee=payee,
        amount=from_paise(amount),
        share=amount / first,
        rail=str(edge["rail"]),
        reference=str(edge["reference"]),
    )


def confidence_parts(ring: Ring, member: RingMember) -> tuple[ConfidencePart, ...]:
    """The five quantities of the surest member with what each adds to the log-odds, strongest first."""
    reading = RingReading(
        member.recurrence, member.retention, member.concentration, member.hop_hours, ring.goods_support
    )
    told = (
        ("Laps in 90 days", f"{reading.recurrence:.0f}"),
        ("Smallest payment ÷ largest in a lap", f"{reading.retention:.0%}"),
        ("Share of its transfers that took part", f"{reading.concentration:.0%}"),
        ("Hours from one payment to the next", f"{reading.hop_hours:.1f} h"),
        ("Payments that documents explain", f"{reading.goods_support:.0%}"),
    )
    parts = [ConfidencePart(*words, odds) for words, odds in zip(told, log_odds(reading), strict=True)]
    return tuple(sorted(parts, key=lambda part: -abs(part.log_odds)))


def freezes_of(*, user: User, ring_id: UUID) -> tuple[Freeze, ...]:
    """Every freeze of a ring one may see, newest first. Raises NotVisible."""
    ring = visible_ring(user=user, ring_id=ring_id)
    return tuple(named(Freeze.objects.filter(ring=ring)).select_related("by", "lifted_by").order_by("-at", "-pk"))
