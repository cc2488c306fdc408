"""Mule beneficiary: strangers pay in, one party gets nearly all of it."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp
from fraud.engine.typologies.passing import passing_through

DAYS = 90
STRANGERS = 8
TOP = 0.8


def mule_beneficiary(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """UPI payments and invoices of the last 90 days.

    Formula: at least STRANGERS payers, no trade, hardly any kept, most gone within 48 hours, and at least TOP of
    the money out goes to one address. Reference: FATF (2022), Money laundering through mule accounts.
    Example: forty people pay ₹9,000 each; ₹3.5 lakh goes on to one shop.

    >>> 350_000 / 360_000 >= TOP
    True
    """
    passing = passing_through(frames, as_of, DAYS).filter(~pl.col("traded"))
    mules = passing.filter((pl.col("payers") - pl.col("known_payers") >= STRANGERS) & (pl.col("top_share") >= TOP))
    shown = mules.select("business", "payers", "retained", "top_share", "keys", score=ramp(pl.col("top_share"), TOP, 1))
    return findings(shown, "mule_beneficiary", "upi_payments")
