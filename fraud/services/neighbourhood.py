"""The part of the graph in which the new payments of one business can close a cycle."""

from datetime import datetime, timedelta

import polars as pl

from creditiq.kernel.clock import micros, moment
from fraud.engine.flow import CycleScan, scan_transfers
from fraud.engine.policy import FraudPolicy
from fraud.engine.pruning import without_hubs
from fraud.selectors.policy import hub_keys
from wallets.selectors import transfers

LATE_ARRIVALS = timedelta(hours=1)
"""A record counts from when its file came in, and is stored a little later: look back over that gap too."""


def transfers_of(businesses: list[int], since: datetime, until: datetime, as_of: datetime) -> pl.DataFrame:
    """Transfers that touch any of the businesses."""
    return pl.DataFrame(pl.from_arrow(transfers(since=since, until=until, as_of=as_of, businesses=businesses)))


def fresh_cycles(
    business_id: int, own: pl.DataFrame, screened_at: datetime | None, as_of: datetime, policy: FraudPolicy
) -> CycleScan:
    """Cycles through the business that its payments learned since `screened_at` may close.

    `own` are its transfers of the ring window. Every payment of a cycle of at most K hops through the business
    touches somebody at most ⌈K/2⌉ − 1 steps from it: that many rounds of neighbours see all of them.
    """
    fresh = own if screened_at is None else own.filter(pl.col("received_at") > micros(screened_at - LATE_ARRIVALS))
    if fresh.is_empty():
        return CycleScan((), 0, complete=True)
    since = moment(int(str(fresh["occurred_at"].min())) - policy.window)
    until = moment(int(str(fresh["occurred_at"].max())) + policy.window)
    near = own.filter(pl.col("occurred_at").is_between(micros(since), micros(until)))
    edges, reached = near, {business_id}
    for _ in range((policy.max_length + 1) // 2 - 1):
        frontier = (set(edges["payer"]) | set(edges["payee"])) - reached
        if not frontier:
            break
        reached |= frontier
        edges = pl.concat([edges, transfers_of(sorted(frontier), since, until, as_of)]).unique()
    ordered = without_hubs(edges, hub_keys(policy)).sort("occurred_at", "payer", "payee", "reference", "rail")
    scan = scan_transfers(ordered, policy)
    mine = tuple(cycle for cycle in scan.cycles if business_id in cycle.members)
    return CycleScan(mine, scan.counted, scan.complete)
