"""Shared address: one payment address that several businesses call their own."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
LEAST = 3


def shared_address(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """UPI payments of the last 180 days by the business's own address; full scans see it, a live screening cannot.

    Formula: businesses that used one own address, each at least LEAST times. Reference: compliance.md §8, address
    shared across borrowers. Example: two firms collect on the same address.

    >>> len({"firm a", "firm b"}) > 1
    True
    """
    used = frames["upi_payments"].lazy().filter(seen(as_of, DAYS), pl.col("vpa") != "").sort("occurred_at", "reference")
    often = used.group_by("vpa", "business").agg(payments=pl.len()).filter(pl.col("payments") >= LEAST)
    shared = often.with_columns(businesses=pl.len().over("vpa")).filter(pl.col("businesses") > 1)
    rows = used.join(shared, on=("vpa", "business"), maintain_order="left")
    found = rows.group_by("business").agg(pl.col("businesses").max(), keys=pl.col("reference"))
    score = ramp(pl.col("businesses"), 2, 4)
    return findings(found.with_columns(score=score), "shared_address", "upi_payments")
