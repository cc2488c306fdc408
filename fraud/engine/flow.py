"""Money that went round: cycles with their amounts (fraud.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from fraud.engine.graph import Ints, build_graph
from fraud.engine.policy import HOUR, FraudPolicy
from fraud.engine.pruning import able_to_return
from fraud.engine.temporal_cycles import CycleCensus, CycleSearch, find_cycles

Floats: TypeAlias = npt.NDArray[np.float64]

NO_RETENTION = 0.25
FULL_RETENTION = 0.5


class Leg(NamedTuple):
    """One payment of a cycle; the amount in paise, the time in microseconds."""

    payer: int
    payee: int
    amount_paise: int
    occurred_at: int
    reference: str
    rail: str


@dataclass(frozen=True)
class MoneyCycle:
    """A temporal cycle of payments, legs in time order; `known_at` is when its last leg became known."""

    legs: tuple[Leg, ...]
    known_at: int

    @property
    def members(self) -> tuple[int, ...]:
        """The parties, in the order in which the money passed."""
        return tuple(leg.payer for leg in self.legs)

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The directed pairs the money used."""
        return tuple((leg.payer, leg.payee) for leg in self.legs)

    @property
    def value_paise(self) -> int:
        """What came back: the smallest hop."""
        return min(leg.amount_paise for leg in self.legs)

    @cached_property
    def retention(self) -> float:
        """Smallest hop ÷ largest hop: 1 when the same sum went all the way round."""
        return self.value_paise / max(leg.amount_paise for leg in self.legs)

    @property
    def weight(self) -> float:
        """How far the cycle counts as money going round: see `retention_weight`."""
        return float(retention_weight(np.array([self.retention]))[0])

    @property
    def started_at(self) -> int:
        """Time of the first leg."""
        return self.legs[0].occurred_at

    @property
    def ended_at(self) -> int:
        """Time of the last leg."""
        return self.legs[-1].occurred_at

    @property
    def hop_hours(self) -> float:
        """Mean hours between one leg and the next."""
        return (self.ended_at - self.started_at) / HOUR / (len(self.legs) - 1)


class CycleScan(NamedTuple):
    """Cycles in which money was retained, and whether the search saw everything.

    `through` is the aggregate: of each party the cycles through it, those that were counted without being written out
    included. Of a search that was not complete the counts are lower bounds.
    """

    cycles: tuple[MoneyCycle, ...]
    counted: int
    complete: bool
    through: Mapping[int, int] = MappingProxyType({})


def retention_weight(retention: Floats) -> Floats:
    """1 from a retention of 0.5, decaying linearly to 0 at 0.25 (fraud.md §3: below a half it decays).

    >>> retention_weight(np.array([0.9, 0.5, 0.375, 0.2])).tolist()
    [1.0, 1.0, 0.5, 0.0]
    """
    weight: Floats = np.clip((retention - NO_RETENTION) / (FULL_RETENTION - NO_RETENTION), 0.0, 1.0)
    return weight


def scan_transfers(edges: pl.DataFrame, policy: FraudPolicy) -> CycleScan:
    """Temporal cycles of the transfers in which some money was retained, in a canonical order.

    A burst with more cycles than the list limit is scanned as far as the limit and reported as incomplete.
    """
    edges = able_to_return(edges)
    found = searched(edges, policy, policy.list_limit)
    kept = retained(found.listed, edges["amount_paise"].to_numpy())
    cycles = tuple(sorted(money_cycles(found.listed[kept], edges), key=canonical))
    through = found.node_cycles(edges["payer"].to_numpy())
    return CycleScan(cycles, found.cycles, found.complete and not found.unlisted, through)


def count_transfers(edges: pl.DataFrame, policy: FraudPolicy) -> CycleScan:
    """The aggregate alone: how many cycles in all and through each party, none written out."""
    edges = able_to_return(edges)
    found = searched(edges, policy, 0)
    return CycleScan((), found.cycles, found.complete, found.node_cycles(edges["payer"].to_numpy()))


def searched(edges: pl.DataFrame, policy: FraudPolicy, list_limit: int) -> CycleCensus:
    """The census of the transfers within the policy's window, lengths and work budget."""
    tail, head, time = (edges[name].to_numpy() for name in ("payer", "payee", "occurred_at"))
    search = CycleSearch(
        window=policy.window, max_length=policy.max_length, budget=policy.work_budget, list_limit=list_limit
    )
    return find_cycles(build_graph(tail, head, time), search)


def retained(listed: Ints, amount: Ints) -> npt.NDArray[np.bool_]:
    """Rows of listed cycles whose retention carries weight."""
    if not len(listed):
        return np.zeros(0, bool)
    hops = amount[np.maximum(listed, 0)].astype(np.float64)
    lowest = np.where(listed >= 0, hops, np.inf).min(axis=1)
    highest = np.where(listed >= 0, hops, 0.0).max(axis=1)
    kept: npt.NDArray[np.bool_] = lowest > NO_RETENTION * highest
    return kept


def money_cycles(listed: Ints, edges: pl.DataFrame) -> Iterable[MoneyCycle]:
    """Listed rows of edge numbers as cycles of legs."""
    columns = [edges[name].to_list() for name in Leg._fields]
    received = edges["received_at"].to_list()
    for row in listed.tolist():
        numbers = [number for number in row if number >= 0]
        legs = tuple(Leg(*(column[number] for column in columns)) for number in numbers)
        yield MoneyCycle(legs, max(received[number] for number in numbers))


def canonical(cycle: MoneyCycle) -> tuple[object, ...]:
    """Sort key: strongest retention first, then earliest; equal only for equal cycles."""
    return (-round(cycle.retention, 9), cycle.ended_at, cycle.legs)


def edge_disjoint(cycles: Sequence[MoneyCycle]) -> tuple[MoneyCycle, ...]:
    """Repetitions that share no payment, chosen greedily in canonical order: each rupee goes round once."""
    used: set[Leg] = set()
    chosen = []
    for cycle in sorted(cycles, key=canonical):
        if used.isdisjoint(cycle.legs):
            used.update(cycle.legs)
            chosen.append(cycle)
    return tuple(chosen)
