"""One screening of a whole population: cycles, rings and the nine network values of every business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from fraud.engine import paper
from fraud.engine.centrality import pagerank_score
from fraud.engine.exposure import compliance_average, direct_exposure, fraud_exposure, traded_value
from fraud.engine.flow import CycleScan, MoneyCycle, scan_transfers
from fraud.engine.policy import DAY, PAISE, FraudPolicy
from fraud.engine.pruning import without_hubs
from fraud.engine.rings import MemberFinding, RingFinding, Trading, group_rings, recent, ring_finding
from fraud.engine.significance import held_against_chance
from fraud.engine.smurfing import Structuring
from fraud.engine.transfers import money_edges

NETWORK = (
    "fraud_ring_flag", "fraud_confidence", "cycle_velocity", "cycle_recurrence", "counterparty_compliance_avg",
    "counterparty_fraud_exposure", "gst_upi_receivables_gap", "ewb_smurfing_index", "pagerank_score",
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """What the rest of the population needs to know of a business: read by its counterparties' screenings."""

    flagged: bool
    filing_rate: float | None
    direct_exposure: float | None
    pagerank: float


@dataclass(frozen=True)
class Papers:
    """What a business's own documents say."""

    gap: float | None
    bills: Structuring | None
    has_payments: bool


@dataclass(frozen=True)
class PopulationScan:
    """The outcome: `network` by business in the order of NETWORK (None: missing), rings strongest first.

    `partners`: what each business traded with each other, paise.
    """

    network: dict[int, tuple[float | None, ...]]
    standings: dict[int, Standing]
    papers: dict[int, Papers]
    rings: tuple[RingFinding, ...]
    scan: CycleScan
    edges: pl.DataFrame
    partners: Mapping[int, Mapping[int, int]]


def scanned_since(as_of: int, policy: FraudPolicy) -> int:
    """From when on a full scan looks at payments: a window before the first cycle that counts for a ring."""
    return as_of - policy.ring_days * DAY - policy.window


def screen_population(
    frames: Mapping[str, pl.DataFrame],
    as_of: int,
    policy: FraudPolicy,
    scan: CycleScan | None = None,
) -> PopulationScan:
    """Screen every business of the frames as of a moment (microseconds); the same rows in any order agree.

    `scan` are the cycles when they were searched before, slab by slab.
    """
    businesses = sorted(frames["businesses"]["business"].to_list())
    edges = money_edges(frames, since=scanned_since(as_of, policy), as_of=as_of)
    scan = scan or scan_transfers(without_hubs(edges, hubs_among(frames, policy)), policy)
    traded = edges.filter(pl.col("occurred_at") > as_of - policy.trade_days * DAY)
    pairs = paid_by_pair(traded)
    trading = trading_of(frames, pairs, as_of, policy)
    rings = held_against_chance(find_rings(scan.cycles, trading, as_of=as_of, policy=policy), edges, policy)
    flagged = flagged_members(rings, policy)
    standings = standings_of(businesses, pairs, flagged, paper.filing_rates(frames, as_of))
    papers = papers_of(frames, businesses, as_of)
    partners = traded_value(pairs)
    network = {
        business: network_values(
            business, ring_of(business, rings), partners.get(business, {}), (standings, papers[business]), policy
        )
        for business in businesses
    }
    return PopulationScan(network, standings, papers, rings, scan, edges, partners)


def with_flags(scan: PopulationScan, flagged: frozenset[int], policy: FraudPolicy) -> PopulationScan:
    """The scan as it reads when these are flagged, whatever it found: what counterparties see follows."""
    flags = dict.fromkeys(flagged, True)
    standings = {
        business: replace(
            standing,
            flagged=business in flagged,
            direct_exposure=direct_exposure(scan.partners.get(business, {}), flags),
        )
        for business, standing in scan.standings.items()
    }
    network = {
        business: network_values(
            business, ring_of(business, scan.rings), scan.partners.get(business, {}), (standings, papers), policy
        )
        for business, papers in scan.papers.items()
    }
    return replace(scan, network=network, standings=standings)


def hubs_among(frames: Mapping[str, pl.DataFrame], policy: FraudPolicy) -> frozenset[int]:
    """Businesses of the frames whose GSTIN the policy names as a hub."""
    if not policy.hubs:
        return frozenset()
    return frozenset(frames["businesses"].filter(pl.col("gstin").is_in(policy.hubs))["business"].to_list())


def find_rings(
    cycles: Sequence[MoneyCycle], trading: Trading, *, as_of: int, policy: FraudPolicy
) -> tuple[RingFinding, ...]:
    """Groups of recent cycles as measured rings, surest first."""
    groups = group_rings(recent(cycles, as_of=as_of, policy=policy))
    findings = [ring_finding(group, trading, as_of=as_of, policy=policy) for group in groups]
    return tuple(sorted(findings, key=lambda ring: (-ring.confidence, ring.businesses)))


def ring_of(business: int, rings: Iterable[RingFinding]) -> RingFinding | None:
    """The ring in which the business looks worst; None when no money came round through it."""
    mine = [ring for ring in rings if business in ring.businesses]
    return max(mine, key=lambda ring: (member_of(business, ring).confidence, ring.businesses), default=None)


def member_of(business: int, ring: RingFinding) -> MemberFinding:
    """The business's own part of the ring."""
    return next(member for member in ring.members if member.business == business)


def flagged_members(rings: Iterable[RingFinding], policy: FraudPolicy) -> frozenset[int]:
    """Businesses whose confidence in some ring passes the policy."""
    return frozenset(member.business for ring in rings for member in ring.members if member.is_suspect(policy))


def paid_by_pair(edges: pl.DataFrame) -> dict[tuple[int, int], int]:
    """Paise by (payer, payee)."""
    sums = edges.group_by("payer", "payee").agg(pl.col("amount_paise").sum()).sort("payer", "payee")
    return paper.pair_values(sums)


def turnover_of(pairs: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """Transfers in and out per business, paise."""
    return {business: sum(partners.values()) for business, partners in traded_value(pairs).items()}


def trading_of(
    frames: Mapping[str, pl.DataFrame], pairs: Mapping[tuple[int, int], int], as_of: int, policy: FraudPolicy
) -> Trading:
    """The documents and payments that rings are measured against."""
    invoiced, moved = paper.sold(frames, as_of, policy.trade_days)
    in_goods = dict(frames["businesses"].select("business", "deals_in_goods").iter_rows())
    return Trading(dict(pairs), turnover_of(pairs), invoiced, moved, in_goods)


def standings_of(
    businesses: Sequence[int],
    pairs: Mapping[tuple[int, int], int],
    flagged: frozenset[int],
    rates: Mapping[int, float],
) -> dict[int, Standing]:
    """What each business is to its counterparties."""
    place = {business: number for number, business in enumerate(businesses)}
    known = [
        (place[payer], place[payee], value)
        for (payer, payee), value in pairs.items()
        if payer in place and payee in place
    ]
    tail, head, value = np.array(known, dtype=np.int64).reshape(-1, 3).T
    rank = pagerank_score(tail, head, value, len(businesses))
    partners = traded_value(pairs)
    flags = dict.fromkeys(flagged, True)
    return {
        business: Standing(
            flagged=business in flagged,
            filing_rate=rates.get(business),
            direct_exposure=direct_exposure(partners.get(business, {}), flags),
            pagerank=float(rank[place[business]]),
        )
        for business in businesses
    }


def papers_of(frames: Mapping[str, pl.DataFrame], businesses: Sequence[int], as_of: int) -> dict[int, Papers]:
    """Receivables and structuring of each business, and whether it shows any payments at all."""
    gaps = paper.receivables_gaps(frames, as_of)
    bills = paper.structured_bills(frames, as_of)
    known = (pl.col("occurred_at") <= as_of) & (pl.col("received_at") <= as_of)
    paying: set[int] = set()
    for name in ("upi_payments", "bank_entries"):
        paying |= set(frames[name].lazy().filter(known).select(pl.col("business").unique()).collect()["business"])
    return {business: Papers(gaps.get(business), bills.get(business), business in paying) for business in businesses}


def network_values(
    business: int,
    ring: RingFinding | None,
    partners: Mapping[int, int],
    known: tuple[Mapping[int, Standing], Papers],
    policy: FraudPolicy,
) -> tuple[float | None, ...]:
    """The nine values in the order of NETWORK; `known` is (standings of the population, the business's papers).

    A business without any payment evidence has no cycle values: missing is not zero.
    """
    standings, papers = known
    member = member_of(business, ring) if ring else None
    others = {partner: standing for partner in partners if (standing := standings.get(partner)) is not None}
    own = standings.get(business)
    cycle_values = (
        float(member.is_suspect(policy)) if member else 0.0,
        member.confidence if member else 0.0,
        member.velocity_paise / PAISE if member else 0.0,
        member.reading.recurrence if member else 0.0,
    )
    paid = papers.has_payments or bool(partners)
    return (
        *(cycle_values if paid else (None,) * len(cycle_values)),
        compliance_average(partners, {partner: standing.filing_rate for partner, standing in others.items()}),
        fraud_exposure(
            partners,
            {partner: standing.flagged for partner, standing in others.items()},
            {partner: standing.direct_exposure for partner, standing in others.items()},
            policy.exposure_decay,
        ),
        papers.gap,
        papers.bills.index if papers.bills else None,
        own.pagerank if own else None,
    )
