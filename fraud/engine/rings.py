"""Rings: cycles that use the same payment relations again and again, with the evidence (fraud.md §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from fraud.engine.confidence import RingReading, confidence
from fraud.engine.flow import MoneyCycle, canonical, edge_disjoint
from fraud.engine.policy import DAY, FraudPolicy

Pair = tuple[int, int]


@dataclass(frozen=True)
class Trading:
    """What the members did besides the cycles, over the policy's trade days; money in paise.

    `paid` is by (payer, payee) among members; `turnover` per member, transfers in and out with anybody;
    `invoiced` and `moved` (by e-way bill) are by (seller, buyer); `in_goods` says who deals in goods.
    """

    paid: Mapping[Pair, int]
    turnover: Mapping[int, int]
    invoiced: Mapping[Pair, int]
    moved: Mapping[Pair, int]
    in_goods: Mapping[int, bool]


@dataclass(frozen=True)
class MemberFinding:
    """One member of a ring: repetitions through it, its share in them, and how sure we are.

    `q_value` is the false-discovery rate of its ring among all in question; 1 until the ring is held against chance.
    """

    business: int
    reading: RingReading
    confidence: float
    velocity_paise: int
    q_value: float = 1.0

    def is_suspect(self, policy: FraudPolicy) -> bool:
        """Sure enough for policy, no single coincidence, and not what chance does, at the policy's rate of error."""
        return self.is_in_question(policy) and self.q_value <= policy.false_discovery_rate

    def is_in_question(self, policy: FraudPolicy) -> bool:
        """Sure enough for policy and no single coincidence: only chance can still explain it."""
        return self.confidence >= policy.suspect_confidence and self.reading.recurrence >= policy.least_recurrence


@dataclass(frozen=True)
class RingFinding:
    """A group of businesses round which money went, with the quantities behind the suspicion.

    `cycles` are edge-disjoint; `recurrence` counts them by weight; `value_paise` came back in total and
    `velocity_paise` per day of the velocity window; `concentration` is the share of the members' transfers that
    took part; `externality` the share with outsiders; `goods_support` the share of payments backed by documents.
    `p_value` and `q_value`: see `significance`; 1 and None until then, no q-value for one that is not in question.
    """

    cycles: tuple[MoneyCycle, ...]
    members: tuple[MemberFinding, ...]
    recurrence: float
    value_paise: int
    velocity_paise: int
    retention: float
    hop_hours: float
    concentration: float
    externality: float
    goods_support: float
    p_value: float = 1.0
    q_value: float | None = None

    def is_in_question(self, policy: FraudPolicy) -> bool:
        """Whether some member would be suspect but for chance."""
        return any(member.is_in_question(policy) for member in self.members)

    @property
    def businesses(self) -> tuple[int, ...]:
        """The members, by key."""
        return tuple(member.business for member in self.members)

    @property
    def confidence(self) -> float:
        """That of the surest member."""
        return max(member.confidence for member in self.members)


def group_rings(cycles: Sequence[MoneyCycle]) -> list[tuple[MoneyCycle, ...]]:
    """Cycles joined where they use the same payer → payee relation; a shared business alone does not join them.

    Every group is strongly connected, because each cycle is. Joining by business would hang every honest loop of a
    busy wholesaler onto the ring of one customer.
    """
    parent: dict[Pair, Pair] = {}

    def root(pair: Pair) -> Pair:
        while parent.setdefault(pair, pair) != pair:
            parent[pair] = pair = parent[parent[pair]]
        return pair

    for cycle in cycles:
        first = root(cycle.pairs[0])
        for pair in cycle.pairs[1:]:
            parent[root(pair)] = first
    groups: dict[Pair, list[MoneyCycle]] = {}
    for cycle in sorted(cycles, key=canonical):
        groups.setdefault(root(cycle.pairs[0]), []).append(cycle)
    return sorted((tuple(group) for group in groups.values()), key=lambda group: canonical(group[0]))


def recent(cycles: Sequence[MoneyCycle], *, as_of: int, policy: FraudPolicy) -> tuple[MoneyCycle, ...]:
    """Cycles that ended within the ring window and were known at `as_of`."""
    since = as_of - policy.ring_days * DAY
    return tuple(cycle for cycle in cycles if since <= cycle.ended_at <= as_of and cycle.known_at <= as_of)


def ring_finding(group: Sequence[MoneyCycle], trading: Trading, *, as_of: int, policy: FraudPolicy) -> RingFinding:
    """Measure one group of cycles; None of the quantities depends on the order of the cycles."""
    cycles = edge_disjoint(group)
    pairs = sorted({pair for cycle in cycles for pair in cycle.pairs})
    businesses = sorted({party for pair in pairs for party in pair})
    support = goods_support(pairs, trading)
    members = tuple(member_finding(business, cycles, support, trading, (as_of, policy)) for business in businesses)
    weight = sum(cycle.weight for cycle in cycles)
    circulated = sum(leg.amount_paise for cycle in cycles for leg in cycle.legs)
    turnover = sum(trading.turnover.get(business, 0) for business in businesses)
    inside = sum(value for (one, other), value in trading.paid.items() if one in businesses and other in businesses)
    return RingFinding(
        cycles=cycles,
        members=members,
        recurrence=weight,
        value_paise=sum(cycle.value_paise for cycle in cycles),
        velocity_paise=velocity(cycles, as_of=as_of, policy=policy),
        retention=sum(cycle.weight * cycle.retention for cycle in cycles) / weight,
        hop_hours=median(cycle.hop_hours for cycle in cycles),
        concentration=share(2 * circulated, turnover),
        externality=1.0 - share(2 * inside, turnover),
        goods_support=support,
    )


def member_finding(
    business: int,
    cycles: Sequence[MoneyCycle],
    support: float,
    trading: Trading,
    at: tuple[int, FraudPolicy],
) -> MemberFinding:
    """The ring as seen from one member; `at` is (as_of, policy)."""
    as_of, policy = at
    mine = [cycle for cycle in cycles if business in cycle.members]
    weight = sum(cycle.weight for cycle in mine)
    touched = sum(leg.amount_paise for cycle in mine for leg in cycle.legs if business in (leg.payer, leg.payee))
    reading = RingReading(
        recurrence=weight,
        retention=sum(cycle.weight * cycle.retention for cycle in mine) / weight,
        concentration=share(touched, trading.turnover.get(business, 0)),
        hop_hours=median(cycle.hop_hours for cycle in mine),
        goods_support=support,
    )
    return MemberFinding(business, reading, confidence(reading), velocity(mine, as_of=as_of, policy=policy))


def velocity(cycles: Sequence[MoneyCycle], *, as_of: int, policy: FraudPolicy) -> int:
    """Paise per day that came back in cycles that ended within the velocity window, by weight."""
    since = as_of - policy.velocity_days * DAY
    total = sum(cycle.value_paise * cycle.weight for cycle in cycles if cycle.ended_at > since)
    return round(total / policy.velocity_days)


def goods_support(pairs: Sequence[Pair], trading: Trading) -> float:
    """Share of what was paid along the pairs that documents explain: e-way bills, or invoices for services.

    The payee of money is the seller of the goods. A goods dealer's invoices alone prove nothing: paper is free.
    """
    paid = sum(trading.paid.get(pair, 0) for pair in pairs)
    explained = 0
    for payer, payee in pairs:
        documents = trading.moved if trading.in_goods.get(payee, True) else trading.invoiced
        explained += min(trading.paid.get((payer, payee), 0), documents.get((payee, payer), 0))
    return share(explained, paid)


def share(part: float, whole: float) -> float:
    """part ÷ whole within [0, 1]; 0 when there is no whole."""
    return min(1.0, part / whole) if whole else 0.0
