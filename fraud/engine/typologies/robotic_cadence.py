"""Robotic cadence: payments by the clock."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import HOUR, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
LEAST = 20
REGULAR = 0.05


def robotic_cadence(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Successful UPI payments of the last 180 days, per counterparty address and direction.

    Formula: median absolute deviation of the intervals ÷ their median, over more than LEAST payments; below REGULAR
    no person paid. Monthly and weekly orders are too few to count. Reference: Rousseeuw and Croux (1993), the median
    absolute deviation as a robust scale; fraud.md §4, cadence. Example: every 37 hours, to the minute.

    >>> 0.1 / 37.0 < REGULAR
    True
    """
    paid = frames["upi_payments"].lazy().filter(seen(as_of, DAYS), status="success")
    stream = ["business", "direction", "counterparty_vpa"]
    spaced = paid.sort(*stream, "occurred_at", "reference").with_columns(
        gap=(pl.col("occurred_at") - pl.col("occurred_at").shift(1).over(stream)) / HOUR
    )
    steady = spaced.group_by(stream).agg(
        payments=pl.len(),
        hours=pl.col("gap").median(),
        spread=(pl.col("gap") - pl.col("gap").median()).abs().median(),
        keys=pl.col("reference"),
    )
    steady = steady.filter((pl.col("payments") > LEAST) & (pl.col("hours") > 0))
    irregular = steady.with_columns(irregularity=pl.col("spread") / pl.col("hours"))
    found = irregular.filter(pl.col("irregularity") < REGULAR).sort("irregularity", "counterparty_vpa")
    worst = found.unique("business", keep="first", maintain_order=True)
    score = ramp(REGULAR - pl.col("irregularity"), 0, REGULAR)
    shown = worst.select("business", "payments", "hours", "irregularity", "keys", score=score)
    return findings(shown, "robotic_cadence", "upi_payments")
