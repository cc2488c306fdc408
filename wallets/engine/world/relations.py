"""Who sells to whom, for good: a persistent, heavy-tailed network of trade relations.

Honest look-alikes of fraud are planted here on purpose (hard negatives): mutual trade A⇄B and genuine slow supply
loops A→B→C→A.
"""

from dataclasses import dataclass

import numpy as np

from wallets.engine.world import sectors
from wallets.engine.world.population import Population, Registry
from wallets.engine.world.spec import HEALTHY, NEW, PAPER, SHELL, Flags, Floats, Ints, WorldSpec

_INSIDE = 0.60
_SAME_STATE = 0.6
_TERMS: Ints = np.array([0, 7, 15, 30, 45, 60], dtype=np.int64)
_TERM_SHARES = (0.08, 0.14, 0.24, 0.32, 0.15, 0.07)
_LARGEST_SHARE_OF_NEED = 0.65
_LARGEST_TICKET = 0.30


@dataclass(frozen=True)
class Relations:
    """Relations sorted by seller; `first[s]:first[s+1]` are those of seller s, `until` their cumulative sales shares.

    `terms` are credit days; `by_upi` is the chance in basis points that a payment under ₹1 lakh goes by UPI.
    """

    seller: Ints
    buyer: Ints
    until: Floats
    first: Ints
    terms: Ints
    by_upi: Ints
    mutual: list[tuple[int, ...]]
    loops: list[tuple[int, ...]]

    def draw(self, seller: Ints, chance: np.random.Generator) -> Ints:
        """One relation per seller in the list, by its shares of sales."""
        position = np.searchsorted(self.until, seller + chance.random(len(seller)), side="right")
        return np.clip(position, self.first[seller], self.first[seller + 1] - 1).astype(np.int64)


def weave(spec: WorldSpec, people: Population, registry: Registry) -> Relations:
    """Draw the network."""
    chance = spec.chance("relations")
    degree = 2 + np.minimum(chance.pareto(1.4, people.count) * 2.0, 25).astype(np.int64)
    seller = np.repeat(np.arange(people.count, dtype=np.int64), degree)
    outsiders = len(registry.states) - people.count
    buyer = _choose_buyers(people, seller, outsiders, chance)
    weight = np.exp(chance.normal(0, 0.9, len(seller)))
    # Every seller keeps one outside buyer, who takes what the others cannot.
    last = np.cumsum(degree) - 1
    buyer[last] = people.count + _outsider(outsiders, people.count, chance)
    mutual, loops = _choose_look_alikes(people, chance)
    planted = [pair for group in (*mutual, *loops) for pair in zip(group, (*group[1:], group[0]), strict=True)]
    extra = np.array(planted, dtype=np.int64).reshape(-1, 2)
    seller = np.concatenate([seller, extra[:, 0]])
    buyer = np.concatenate([buyer, extra[:, 1]])
    weight = np.concatenate([weight, np.full(len(extra), 1.6)])
    share = _balanced_shares(people, seller, buyer, weight)
    order = np.lexsort((buyer, seller))
    return _assemble(people, (seller[order], buyer[order], share[order]), (mutual, loops), chance)


def _assemble(
    people: Population,
    edges: tuple[Ints, Ints, Floats],
    look_alikes: tuple[list[tuple[int, ...]], list[tuple[int, ...]]],
    chance: np.random.Generator,
) -> Relations:
    seller, buyer, share = edges
    first = np.searchsorted(seller, np.arange(people.count + 1)).astype(np.int64)
    running = np.cumsum(share)
    until = running - np.concatenate([[0.0], running])[first[:-1]][seller] + seller
    return Relations(
        seller=seller,
        buyer=buyer,
        until=until,
        first=first,
        terms=_TERMS[chance.choice(len(_TERMS), size=len(seller), p=_TERM_SHARES)],
        by_upi=np.rint(10_000 * chance.beta(1.2, 1.0, len(seller))).astype(np.int64),
        mutual=look_alikes[0],
        loops=look_alikes[1],
    )


def _outsider(outsiders: int, count: int, chance: np.random.Generator) -> Ints:
    """Outside parties, a few of them very popular."""
    return (chance.random(count) ** 2.2 * outsiders).astype(np.int64)


def _choose_buyers(people: Population, seller: Ints, outsiders: int, chance: np.random.Generator) -> Ints:
    """A buyer per relation: inside the population by sector, state and size, or an outsider."""
    n, edges = people.count, len(seller)
    reach = np.where(people.profile == PAPER, 0.0, np.where(people.profile == SHELL, 0.12, _INSIDE))
    inside = chance.random(edges) < reach[seller]
    cumulative = np.cumsum(sectors.SELLS_TO / sectors.SELLS_TO.sum(1, keepdims=True), axis=1)
    target = (chance.random(edges)[:, None] > cumulative[people.sector[seller]]).sum(1)
    near = chance.random(edges) < _SAME_STATE
    state = np.where(near, people.state[seller], chance.choice(people.state, size=edges))
    honest = ~people.crooked
    appeal = people.turnover**0.8 * (1 + chance.pareto(1.8, n)) * np.where(honest, 1.0, 0.03)
    picked = _pick(people.sector * 16 + people.state, appeal, target * 16 + state, chance.random(edges))
    # One delivery must be digestible: nobody buys a third of a month's sales in one ordinary invoice.
    digestible = typical_invoice(people)[seller] <= _LARGEST_TICKET * people.turnover[picked]
    inside &= (picked >= 0) & (picked != seller) & digestible
    return np.where(inside, picked, n + _outsider(outsiders, edges, chance))


def typical_invoice(people: Population) -> Floats:
    """Paise of an ordinary B2B invoice of each business."""
    return people.turnover * (1 - people.retail) / people.busyness


def _pick(group: Ints, appeal: Floats, wanted: Ints, luck: Floats) -> Ints:
    """For each wanted group, a member drawn by appeal; -1 where the group is empty."""
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(group.max() + wanted.max() + 2))
    until = np.concatenate([[0.0], np.cumsum(appeal[order])])
    low, high = until[edges[wanted]], until[edges[wanted + 1]]
    place = np.searchsorted(until, low + luck * (high - low), side="right") - 1
    member = order[np.clip(place, edges[wanted], np.maximum(edges[wanted + 1] - 1, 0)).clip(0, len(order) - 1)]
    return np.where(high > low, member, -1).astype(np.int64)


def _choose_look_alikes(
    people: Population, chance: np.random.Generator
) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """Honest pairs and triples of similar size that will trade in both directions or round a loop."""
    pool = np.flatnonzero((people.profile == HEALTHY) | (people.profile == NEW))
    pool = pool[pool > 2]
    pool = pool[np.argsort(people.turnover[pool], kind="stable")]
    pairs, triples = max(2, people.count // 60), max(2, people.count // 80)
    starts = chance.permutation(np.arange(0, len(pool) - 4, 4))
    chosen = [tuple(pool[start : start + 3].tolist()) for start in starts.tolist()]
    return [group[:2] for group in chosen[:pairs]], chosen[pairs : pairs + triples]


def _balanced_shares(people: Population, seller: Ints, buyer: Ints, weight: Floats) -> Floats:
    """Shares of a seller's sales per relation, cut where a buyer would be sold more than it needs."""
    n = people.count
    share = weight / np.bincount(seller, weight, n)[seller]
    inside: Flags = buyer < n
    trade = share * (people.turnover * (1 - people.retail))[seller]
    bought = np.bincount(buyer[inside], trade[inside], n)
    need = _LARGEST_SHARE_OF_NEED * people.input_cost * people.turnover
    fits = np.minimum(1.0, need / np.maximum(bought, 1.0))
    kept = np.where(inside, share * fits[np.where(inside, buyer, 0)], share)
    spare = 1 - np.bincount(seller, kept, n)
    outside_weight = np.bincount(seller[~inside], kept[~inside], n)
    lift = 1 + np.divide(spare, outside_weight, out=np.zeros(n), where=outside_weight > 0)
    return np.where(inside, kept, kept * lift[seller])
