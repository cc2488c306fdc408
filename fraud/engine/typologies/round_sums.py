"""Round sums: transfers that no invoice would add up to."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 90
ROUND = 10_000 * 100
LEAST = 20
SHARE = 0.5


def round_sums(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """UPI payments to businesses of ₹10,000 and more of the last 90 days.

    Formula: share of them that are whole multiples of ₹10,000, over at least LEAST. Invoices with tax rarely are.
    Reference: FATF, trade-based money laundering: risk indicators. Example: twenty transfers of ₹2,00,000 each.

    >>> 2_00_000_00 % ROUND
    0
    """
    paid = frames["upi_payments"].lazy().filter(seen(as_of, DAYS), status="success", kind="P2M")
    large = paid.filter(pl.col("amount_paise") >= ROUND).sort("occurred_at", "reference")
    whole = pl.col("amount_paise") % ROUND == 0
    counted = large.group_by("business").agg(
        transfers=pl.len(), share=whole.mean(), keys=pl.col("reference").filter(whole)
    )
    found = counted.filter((pl.col("transfers") >= LEAST) & (pl.col("share") >= SHARE))
    return findings(found.with_columns(score=ramp(pl.col("share"), SHARE, 1.0)), "round_sums", "upi_payments")
