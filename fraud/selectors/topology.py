"""The payment network as a picture: who trades with whom, filtered, within a node budget."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import polars as pl

from accounts.models import Business, User
from creditiq.kernel.money import Rupees, from_paise, to_paise
from fraud.models import PopulationScreening, Ring, RingMember, Screening
from fraud.selectors.parties import Party, parties
from fraud.selectors.policy import policy_at
from fraud.selectors.queue import RingRow, rows_of
from fraud.selectors.rings import RingView, ring_view
from wallets.selectors import transfers

NODE_BUDGET = 300
OFFERED_RINGS = 24
NOTHING = Rupees(0)


@dataclass(frozen=True)
class Shown:
    """What the person asked to see: confidence from, payments from (₹ per pair in the window), only held ones."""

    confidence: float = 0.0
    amount: Rupees = NOTHING
    flagged_only: bool = False


class Node(NamedTuple):
    """A business in the picture; `ring` is the ring of which it is a suspected member."""

    party: Party
    confidence: float
    flagged: bool
    pagerank: float
    ring: UUID | None


class Link(NamedTuple):
    """Everything one business paid another in the window."""

    payer: Party
    payee: Party
    amount: Rupees
    payments: int


@dataclass(frozen=True)
class Topology:
    """The picture: `matching` nodes passed the filter, at most NODE_BUDGET of them are shown."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    matching: int
    total: int
    screening: PopulationScreening | None
    days: int


def topology(*, user: User, shown: Shown, at: datetime) -> Topology:
    """Businesses and the payments between them up to the last full scan, surest and heaviest first.

    Somebody from a bank sees a business without consent only as a pseudonym on a payment that touches one of theirs.
    """
    days = policy_at(at).policy.trade_days
    screening = PopulationScreening.objects.filter(as_of__lte=at).order_by("-as_of").first()
    if screening is None:
        return Topology((), (), 0, 0, None, days)
    pairs = _pairs(user, screening.as_of, days)
    readings = _readings(user, pairs, at)
    passing = _passing(readings, shown)
    chosen = {row.business_id for row in passing[:NODE_BUDGET]}
    known = parties(user, chosen)
    kept = pairs.filter(
        pl.col("payer").is_in(chosen), pl.col("payee").is_in(chosen), pl.col("amount_paise") >= to_paise(shown.amount)
    )
    rings = _rings_of(chosen)
    return Topology(
        nodes=tuple(_node(row, known[row.business_id], rings) for row in passing[:NODE_BUDGET]),
        links=tuple(
            Link(known[payer], known[payee], from_paise(amount), payments)
            for payer, payee, amount, payments in kept.iter_rows()
        ),
        matching=len(passing),
        total=len(readings),
        screening=screening,
        days=days,
    )


def _pairs(user: User, until: datetime, days: int) -> pl.DataFrame:
    """Payments by (payer, payee), largest first; for a bank those that touch a business it may see."""
    staff = user.organisation is not None and user.organisation.is_platform
    mine = None if staff else list(Business.objects.visible_to(user).values_list("pk", flat=True))
    table = transfers(since=until - timedelta(days=days), until=until, as_of=until, businesses=mine)
    rows = pl.DataFrame(pl.from_arrow(table)).group_by("payer", "payee")
    sums = rows.agg(pl.col("amount_paise").sum(), pl.len().alias("payments"))
    return sums.sort(["amount_paise", "payer", "payee"], descending=[True, False, False])


def _readings(user: User, pairs: pl.DataFrame, at: datetime) -> list[Screening]:
    """The latest screening of everybody on the picture."""
    latest = Screening.objects.known_at(at).latest_of_each()
    if user.organisation is not None and user.organisation.is_platform:
        return list(latest)
    mine = set(Business.objects.visible_to(user).values_list("pk", flat=True))
    return list(latest.filter(business_id__in=mine | set(pairs["payer"]) | set(pairs["payee"])))


def _passing(readings: list[Screening], shown: Shown) -> list[Screening]:
    chosen = [
        row
        for row in readings
        if (row.fraud_confidence or 0.0) >= shown.confidence and (row.fraud_ring_flag or not shown.flagged_only)
    ]
    return sorted(
        chosen, key=lambda row: (-(row.fraud_confidence or 0.0), -(row.pagerank_score or 0.0), row.business_id)
    )


def _rings_of(businesses: set[int]) -> dict[int, UUID]:
    """The surest suspected ring of each business."""
    members = RingMember.objects.filter(business__in=businesses, current=True, suspect=True).order_by("confidence")
    return dict(members.values_list("business_id", "ring__uuid"))


def _node(row: Screening, party: Party, rings: dict[int, UUID]) -> Node:
    flagged = bool(row.fraud_ring_flag)
    return Node(
        party=party,
        confidence=row.fraud_confidence or 0.0,
        flagged=flagged,
        pagerank=row.pagerank_score or 0.0,
        ring=rings.get(row.business_id),
    )


def suspected_rings(*, user: User) -> tuple[RingRow, ...]:
    """The rings a person can choose from beside the overview, surest first."""
    rings = Ring.objects.visible_to(user).filter(suspect=True).order_by("-confidence", "pk")
    return rows_of(list(rings[:OFFERED_RINGS]), user)


def featured_ring(*, user: User, ring_id: UUID | None, offered: tuple[RingRow, ...]) -> RingView | None:
    """The ring to draw beside the overview: the one asked for, else the first offered; None when there is none."""
    if ring_id is None and not offered:
        return None
    return ring_view(user=user, ring_id=ring_id or offered[0].ring.uuid)
