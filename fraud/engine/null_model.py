"""Would the same businesses have gone round in circles by chance? (fraud.md §3, significance)"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from fraud.engine.flow import retained, retention_weight
from fraud.engine.graph import Ints, build_graph
from fraud.engine.policy import FraudPolicy
from fraud.engine.temporal_cycles import CycleSearch, find_cycles


def shuffled_p_value(edges: pl.DataFrame, policy: FraudPolicy) -> float:
    """Share of time-shuffled histories with at least as much money going round, (1 + hits) ÷ (1 + shuffles).

    The null keeps who paid whom how much and all the times of day and month; only which payment happened when is
    drawn anew, with the policy's seed. `edges` are the transfers among the members of one ring.
    """
    tail, head, amount, time = (edges[name].to_numpy() for name in ("payer", "payee", "amount_paise", "occurred_at"))
    observed = circulation(tail, head, amount, time, policy)
    draw = np.random.default_rng(policy.null_seed)
    hits = sum(
        circulation(tail, head, amount, draw.permutation(time), policy) >= observed for _ in range(policy.null_shuffles)
    )
    return (1 + hits) / (1 + policy.null_shuffles)


def circulation(tail: Ints, head: Ints, amount: Ints, time: Ints, policy: FraudPolicy) -> float:
    """Weighted number of edge-disjoint cycles, chosen greedily by retention."""
    search = CycleSearch(
        window=policy.window, max_length=policy.max_length, budget=policy.work_budget, list_limit=policy.list_limit
    )
    listed = find_cycles(build_graph(tail, head, time), search).listed
    listed = listed[retained(listed, amount)]
    hops = amount[np.maximum(listed, 0)].astype(np.float64)
    lowest = np.where(listed >= 0, hops, np.inf).min(axis=1, initial=np.inf)
    highest = np.where(listed >= 0, hops, 0.0).max(axis=1, initial=0.0)
    retention = lowest / np.maximum(highest, 1.0)
    used: set[int] = set()
    total = 0.0
    for number in np.argsort(-retention, kind="stable"):
        legs = {edge for edge in listed[number].tolist() if edge >= 0}
        if used.isdisjoint(legs):
            used |= legs
            total += float(retention_weight(retention[number : number + 1])[0])
    return total


def false_discovery_rates(p_values: Sequence[float]) -> list[float]:
    """Benjamini–Hochberg q-values in the order given.

    >>> false_discovery_rates([0.02, 0.5, 0.04])
    [0.06, 0.5, 0.06]
    """
    count = len(p_values)
    order = sorted(range(count), key=lambda place: p_values[place], reverse=True)
    rates = [0.0] * count
    smallest = 1.0
    for rank, place in zip(range(count, 0, -1), order, strict=True):
        smallest = min(smallest, p_values[place] * count / rank)
        rates[place] = smallest
    return rates
