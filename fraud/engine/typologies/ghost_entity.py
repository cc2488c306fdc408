"""Ghost entity: goods on the road, no returns filed."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 270
GRACE = 10
LEAST = 10
LEAST_DUE = 4


def ghost_entity(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """E-way bills sent and returns due in the last 270 days.

    Formula: at least LEAST bills while not one return due in the period was filed. Reference: CGST s.39 and rule
    138E, which blocks the bills of non-filers. Example: forty bills, nine returns due, none filed.

    >>> 40 >= LEAST and 9 >= LEAST_DUE
    True
    """
    sent = frames["eway_bills"].lazy().filter(seen(as_of, DAYS), direction="out").sort("occurred_at", "number")
    bills = sent.group_by("business").agg(bills=pl.len(), keys=pl.col("number"))
    due = frames["gst_returns"].lazy().filter(pl.col("due_at").is_between(as_of - DAYS * DAY, as_of - GRACE * DAY))
    filed = (pl.col("filed_at") <= as_of).fill_null(value=False)
    returns = due.group_by("business").agg(due=pl.len(), filed=filed.sum())
    silent = bills.join(returns, on="business").filter(
        (pl.col("bills") >= LEAST) & (pl.col("due") >= LEAST_DUE) & (pl.col("filed") == 0)
    )
    return findings(silent.with_columns(score=ramp(pl.col("due"), LEAST_DUE, 8)), "ghost_entity", "eway_bills")
