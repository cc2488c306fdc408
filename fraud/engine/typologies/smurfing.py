"""Smurfing: many strangers bring sums just under the line within days, and nothing was sold to them."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 90
WEEK = "7d"
LINE_PAISE = 50_000 * 100
BAND = 0.2
PAYERS = 12
UNEXPLAINED = 0.8


def smurfing(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """UPI payments and outward invoices of the last 90 days.

    Formula: in some seven days at least PAYERS different payers who are no customers of ours each pay a sum of the
    BAND below ₹50,000, and outward invoices explain less than 1 − UNEXPLAINED of these sums. Reference: Income-tax
    Rules, rule 114B (₹50,000); FATF (2022) on structured deposits. Example: fifteen people pay ₹49,000 in a week.

    >>> LINE_PAISE * (1 - BAND) <= 49_000 * 100 < LINE_PAISE
    True
    """
    paid = frames["upi_payments"].lazy().filter(seen(as_of, DAYS), status="success", direction="in")
    band = pl.col("amount_paise").is_between(LINE_PAISE * (1 - BAND), LINE_PAISE, closed="left")
    under = paid.filter(band & pl.col("counterparty").is_null() & pl.col("counterparty_vpa").is_not_null())
    weeks = (
        under.with_columns(at=pl.from_epoch("occurred_at", time_unit="us"))
        .sort("business", "at", "reference")
        .rolling("at", period=WEEK, group_by="business")
        .agg(payers=pl.col("counterparty_vpa").n_unique(), came=pl.col("amount_paise").sum(), keys="reference")
    )
    worst = weeks.sort("business", "payers", "at", descending=[False, True, False]).group_by(
        "business", maintain_order=True
    )
    sold = frames["gst_invoices"].lazy().filter(seen(as_of, DAYS), direction="out", cancelled=False)
    sums = sold.group_by("business").agg(sold=pl.col("taxable_paise").sum())
    found = worst.first().filter(pl.col("payers") >= PAYERS).join(sums, on="business", how="left")
    share = 1 - (pl.col("sold").fill_null(0) / pl.col("came")).clip(0, 1)
    found = found.with_columns(unexplained=share).filter(pl.col("unexplained") >= UNEXPLAINED)
    score = ramp(pl.col("payers"), PAYERS, 2 * PAYERS)
    return findings(found.select("business", "payers", "unexplained", "keys", score=score), "smurfing", "upi_payments")
