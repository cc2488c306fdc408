"""Rapid in-out: what came is gone within two days, whoever it came from."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.fan_in_fan_out import MANY
from fraud.engine.typologies.findings import MEDIUM, Finding, Frames, findings, ramp, seen
from fraud.engine.typologies.passing import passing_through

DAYS = 90
LEAST = 10
RETAINED, FAST = 0.05, 0.8
LEAST_PAISE = 100_000 * 100
UNEXPLAINED = 0.8


def rapid_in_out(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """UPI payments and outward invoices of the last 90 days.

    Formula: at least LEAST payments and ₹1 lakh came, under 5 % is kept, FAST of it is gone within 48 hours, and
    outward invoices explain less than 1 − UNEXPLAINED of it. Who trades, and collects from MANY for MANY, may be a
    marketplace or an agent and is found at medium strength at most; without any trade it is a fan. Reference:
    compliance.md §8; RBI Master Direction on KYC, s.36.
    Example: ₹8 lakh in, ₹7.9 lakh out, invoices of ₹50,000.

    >>> 1 - 50_000 / 800_000 >= UNEXPLAINED
    True
    """
    passing = passing_through(frames, as_of, DAYS).filter(
        (pl.col("keys").list.len() >= LEAST)
        & (pl.col("came") >= LEAST_PAISE)
        & (pl.col("retained").abs() < RETAINED)
        & (pl.col("fast") >= FAST)
    )
    sold = frames["gst_invoices"].lazy().filter(seen(as_of, DAYS), direction="out", cancelled=False)
    sums = sold.group_by("business").agg(sold=pl.col("taxable_paise").sum())
    share = 1 - (pl.col("sold").fill_null(0) / pl.col("came")).clip(0, 1)
    found = passing.join(sums, on="business", how="left").with_columns(unexplained=share)
    found = found.filter(pl.col("unexplained") >= UNEXPLAINED)
    collects = pl.col("traded") & (pl.min_horizontal("payers", "payees") >= MANY)
    score = pl.when(collects).then(MEDIUM).otherwise(ramp(RETAINED - pl.col("retained").abs(), 0, RETAINED))
    shown = found.select("business", "unexplained", "retained", "fast", "keys", score=score)
    return findings(shown, "rapid_in_out", "upi_payments")
