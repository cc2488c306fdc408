"""High-risk geography: goods that go to, or come from, places the policy names."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
LEAST = 5
SHARE = 0.25


def high_risk_geography(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """E-way bills of the last 180 days, both directions; nothing while the policy names no place.

    Formula: share of the bills' value whose other end begins with one of `high_risk_pincodes`.
    Reference: FATF recommendation 1, risk by geography; the list is the house's own. Example: prefixes "797", "795".

    >>> "797001".startswith(("797", "795"))
    True
    """
    if not policy.high_risk_pincodes:
        return []
    bills = frames["eway_bills"].lazy().filter(seen(as_of, DAYS)).sort("occurred_at", "number")
    other = pl.when(direction="out").then("to_pincode").otherwise("from_pincode")
    risky = pl.any_horizontal(*(other.str.starts_with(prefix) for prefix in policy.high_risk_pincodes))
    named = bills.with_columns(risky=risky.fill_null(value=False))
    value = pl.col("value_paise")
    counted = named.group_by("business").agg(
        bills=pl.col("risky").sum(),
        share=value.filter(pl.col("risky")).sum() / value.sum(),
        keys=pl.col("number").filter(pl.col("risky")),
    )
    found = counted.filter((pl.col("bills") >= LEAST) & (pl.col("share") >= SHARE))
    return findings(found.with_columns(score=ramp(pl.col("share"), SHARE, 1)), "high_risk_geography", "eway_bills")
