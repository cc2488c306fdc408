"""Turnover burst: sales on paper pile up, in round sums, as before a loan is asked for."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 240
BURST = 60
ROUND = 10_000 * 100
RATIO = 1.8
SHARE = 0.3
LEAST = 6


def turnover_burst(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Outward B2B invoices of the last 240 days.

    Formula: taxable value per day of the last 60 days ÷ that of the 180 before, and the share of the recent value in
    round sums of ₹10,000. Reference: RBI master directions on fraud risk management, early warning signals.
    Example: four times the usual turnover, four fifths of it in round sums.

    >>> 4 >= RATIO and 0.8 >= SHARE
    True
    """
    sold = frames["gst_invoices"].lazy().filter(seen(as_of, DAYS), direction="out", kind="B2B", cancelled=False)
    late = pl.col("occurred_at") > as_of - BURST * DAY
    value, round_sum = pl.col("taxable_paise"), pl.col("taxable_paise") % ROUND == 0
    measured = (
        sold.sort("occurred_at", "invoice_number")
        .group_by("business")
        .agg(
            lately=value.filter(late).sum() / BURST,
            before=value.filter(~late).sum() / (DAYS - BURST),
            share=value.filter(late & round_sum).sum() / value.filter(late).sum(),
            rounds=(late & round_sum).sum(),
            keys=pl.col("invoice_number").filter(late & round_sum),
        )
    )
    ratio = measured.filter(pl.col("before") > 0).with_columns(ratio=pl.col("lately") / pl.col("before"))
    found = ratio.filter((pl.col("ratio") >= RATIO) & (pl.col("share") >= SHARE) & (pl.col("rounds") >= LEAST))
    shown = found.drop("lately", "before").with_columns(score=ramp(pl.col("ratio"), RATIO, 4))
    return findings(shown, "turnover_burst", "gst_invoices")
