"""Fan-in, fan-out: many pay in, many are paid, and the same money goes through."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp
from fraud.engine.typologies.passing import passing_through

DAYS = 90
MANY = 10


def fan_in_fan_out(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """UPI payments and invoices of the last 90 days.

    Formula: at least MANY payers and MANY payees, no trade, hardly any kept, most gone within 48 hours.
    Reference: Egmont Group, fan-in and fan-out typologies; fraud.md §4. Example: thirty pay in, thirty others are paid.

    >>> min(30, 30) >= MANY
    True
    """
    spread = pl.min_horizontal("payers", "payees")
    fans = passing_through(frames, as_of, DAYS).filter(~pl.col("traded")).with_columns(spread=spread)
    found = fans.filter(pl.col("spread") >= MANY)
    score = ramp(pl.col("spread"), MANY, 3 * MANY)
    return findings(
        found.select("business", "payers", "payees", "retained", "keys", score=score), "fan_in_fan_out", "upi_payments"
    )
