"""Rings held against chance: p-values, and flags at a stated false-discovery rate (fraud.md §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import polars as pl

from fraud.engine.null_model import false_discovery_rates, shuffled_p_value
from fraud.engine.policy import FraudPolicy
from fraud.engine.rings import RingFinding

MOST_SHUFFLES = 20_000
"""So many shuffled histories tell one true ring from a thousand that chance explains; nobody is asked more."""
FINER = 2.0
"""Shuffles asked of a ring in doubt, as a multiple of those whose least p-value could pass at all."""


def held_against_chance(
    rings: Sequence[RingFinding], edges: pl.DataFrame, policy: FraudPolicy, others: Sequence[float] = ()
) -> tuple[RingFinding, ...]:
    """The rings with their p-values, and those in question with their false-discovery rates, in their order.

    In question is whom the policy would suspect but for chance: what is below its floors is never flagged, and must
    not make true rings look like one find among many. `edges` hold at least the transfers among the members of each.
    The rates are of all in question together: these and those with the p-values `others`, which the last full scan
    found elsewhere. A ring whose p-value is small, but not finely enough told for the number in question, is asked
    about more shuffles, once, so that the answer does not depend on how often we look.
    """
    p_values = [shuffled_p_value(inside(edges, ring), policy) for ring in rings]
    asked = [place for place, ring in enumerate(rings) if ring.is_in_question(policy)]
    shuffles = shuffles_for(len(asked) + len(others), policy)
    for place, rate in _rates(asked, p_values, others).items():
        if p_values[place] <= policy.false_discovery_rate < rate and shuffles > policy.null_shuffles:
            p_values[place] = shuffled_p_value(inside(edges, rings[place]), policy, shuffles)
    rates = _rates(asked, p_values, others)
    return tuple(known(ring, p_values[place], rates.get(place)) for place, ring in enumerate(rings))


def shuffles_for(rings: int, policy: FraudPolicy) -> int:
    """Shuffles that tell one true ring among so many in question, within MOST_SHUFFLES.

    >>> shuffles_for(51, FraudPolicy())
    2040
    """
    if policy.false_discovery_rate <= 0:
        return MOST_SHUFFLES
    return min(MOST_SHUFFLES, ceil(FINER * rings / policy.false_discovery_rate))


def _rates(asked: Sequence[int], p_values: Sequence[float], others: Sequence[float]) -> dict[int, float]:
    """The false-discovery rate of each ring in question, by its place."""
    rates = false_discovery_rates([*(p_values[place] for place in asked), *others])
    return dict(zip(asked, rates, strict=False))


def inside(edges: pl.DataFrame, ring: RingFinding) -> pl.DataFrame:
    """The transfers among the members of a ring."""
    return edges.filter(pl.col("payer").is_in(ring.businesses) & pl.col("payee").is_in(ring.businesses))


def known(ring: RingFinding, p_value: float, q_value: float | None) -> RingFinding:
    """The ring, and each of its members, with what chance says of it; no rate for one that is not in question."""
    members = tuple(replace(member, q_value=1.0 if q_value is None else q_value) for member in ring.members)
    return replace(ring, members=members, p_value=p_value, q_value=q_value)
