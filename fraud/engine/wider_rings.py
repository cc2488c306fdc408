"""Rings that run through somebody outside: an address nobody verified (fraud.md §1 and §3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from fraud.engine.flow import scan_transfers
from fraud.engine.outsiders import edges_with_outsiders, masked, outsider
from fraud.engine.policy import FraudPolicy
from fraud.engine.population import find_rings, hubs_among, paid_by_pair, scanned_since, trading_of
from fraud.engine.pruning import without_hubs
from fraud.engine.rings import RingFinding
from fraud.engine.significance import held_against_chance


@dataclass(frozen=True)
class WiderRings:
    """Rings with a member outside whose part in them passes policy for some business, surest first.

    `edges` are the payments they were sought among, `addresses` the masked addresses of the outsiders by node.
    """

    rings: tuple[RingFinding, ...]
    edges: pl.DataFrame
    addresses: Mapping[int, str]


def wider_rings(frames: Mapping[str, pl.DataFrame], as_of: int, policy: FraudPolicy) -> WiderRings:
    """Cycles of the ring window with at least one node that is an address of nobody we know, as measured rings."""
    edges = edges_with_outsiders(frames, since=scanned_since(as_of, policy), as_of=as_of)
    hubs = hubs_among(frames, policy) | {outsider(address) for address in policy.hubs}
    edges = without_hubs(edges, hubs)
    if edges.filter(pl.col("payer") < 0).is_empty():
        return WiderRings((), edges, {})
    cycles = [cycle for cycle in scan_transfers(edges, policy).cycles if min(cycle.members) < 0]
    trading = trading_of(frames, paid_by_pair(edges), as_of, policy)
    found = find_rings(cycles, trading, as_of=as_of, policy=policy)
    rings = tuple(
        ring
        for ring in held_against_chance(found, edges, policy)
        if any(member.business >= 0 and member.is_suspect(policy) for member in ring.members)
    )
    outside = {node for ring in rings for node in ring.businesses if node < 0}
    return WiderRings(rings, edges, _addresses(frames, outside))


def _addresses(frames: Mapping[str, pl.DataFrame], nodes: set[int]) -> dict[int, str]:
    if not nodes:
        return {}
    strange = frames["upi_payments"].filter(pl.col("counterparty").is_null()).get_column("counterparty_vpa")
    named = ((outsider(address), address) for address in strange.drop_nulls().unique().sort().to_list())
    return {node: masked(address) for node, address in named if node in nodes}
