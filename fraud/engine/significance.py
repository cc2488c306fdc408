"""Rings held against chance: p-values, and flags at a stated false-discovery rate (fraud.md §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from fraud.engine.null_model import false_discovery_rates, shuffled_p_value
from fraud.engine.policy import FraudPolicy
from fraud.engine.rings import RingFinding


def held_against_chance(
    rings: Sequence[RingFinding], edges: pl.DataFrame, policy: FraudPolicy, others: Sequence[float] = ()
) -> tuple[RingFinding, ...]:
    """The rings with their p-values and false-discovery rates, in their order.

    `edges` hold at least the transfers among the members of each. The rates are of all rings asked about together:
    these and those with the p-values `others`, which the last full scan found elsewhere.
    """
    p_values = [shuffled_p_value(inside(edges, ring), policy) for ring in rings]
    rates = false_discovery_rates([*p_values, *others])
    return tuple(known(ring, p, q) for ring, p, q in zip(rings, p_values, rates, strict=False))


def inside(edges: pl.DataFrame, ring: RingFinding) -> pl.DataFrame:
    """The transfers among the members of a ring."""
    return edges.filter(pl.col("payer").is_in(ring.businesses) & pl.col("payee").is_in(ring.businesses))


def known(ring: RingFinding, p_value: float, q_value: float) -> RingFinding:
    """The ring, and each of its members, with what chance says of it."""
    members = tuple(replace(member, q_value=q_value) for member in ring.members)
    return replace(ring, members=members, p_value=p_value, q_value=q_value)
