"""Structuring: e-way bills kept just under the line at which a bill is due."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.smurfing import CHANCE, LINE, LOW, LOWER, UPPER
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
LEAST = 5
SHARE = 0.1


def structuring(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """E-way bills of the last 180 days crowded into [₹45k, ₹50k).

    Formula: bills in the band against the bands on either side, binomial z (`engine.smurfing`), and their share of
    all bills. High when the share passes `structuring_share` or z passes `structuring_z` twice over.
    Reference: CGST rule 138(1), the ₹50,000 line. Example: nine bills at ₹46,000 and one at ₹42,000, z = 3.8.

    >>> round((9 - 10 / 3) / (10 * 2 / 9) ** 0.5, 1)
    3.8
    """
    bills = frames["eway_bills"].lazy().filter(seen(as_of, DAYS), direction="out").sort("occurred_at")
    value = pl.col("value_paise")
    under = value.is_between(LOW, LINE, closed="left")
    near = value.is_between(LOWER, UPPER, closed="left")
    counted = bills.group_by("business").agg(
        bills=pl.len(), under=under.sum(), near=near.sum(), keys=pl.col("number").filter(under)
    )
    z = (pl.col("under") - pl.col("near") * CHANCE) / (pl.col("near") * CHANCE * (1 - CHANCE)).sqrt()
    measured = counted.filter(pl.col("under") >= LEAST).with_columns(z=z, share=pl.col("under") / pl.col("bills"))
    sure = (pl.col("z") > policy.structuring_z) & (pl.col("share") > SHARE)
    strength = pl.max_horizontal(
        ramp(pl.col("share"), SHARE, policy.structuring_share),
        ramp(pl.col("z"), policy.structuring_z, 2 * policy.structuring_z),
    )
    return findings(measured.filter(sure).with_columns(score=strength).drop("near"), "structuring", "eway_bills")
