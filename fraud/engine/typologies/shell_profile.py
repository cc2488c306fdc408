"""Shell profile: money moves, and nothing of a business costs any."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 90
LEAST = 10
RUPEES = 1_000_000
LIVING = ("salary", "rent", "utilities", "utility", "gst", "tax", "tds", "epf", "esic", "emi", "mandate_ok")


def shell_profile(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Bank entries of the last 90 days.

    Formula: at least ₹10 lakh credited while not one debit is a salary, a contribution for staff, rent, a standing
    order (insurance, utilities), tax or a loan instalment. An account younger than the span has not met its first
    bills yet and is not meant.
    Reference: FATF, shell company indicators. Example: ₹50 lakh in, ₹50 lakh out, no electricity.

    >>> {"transfer", "supplier"} & set(LIVING)
    set()
    """
    entries = frames["bank_entries"].lazy()
    older = entries.filter(pl.col("occurred_at") <= as_of - DAYS * DAY, pl.col("received_at") <= as_of)
    rows = entries.filter(seen(as_of, DAYS)).join(older.select("business").unique(), on="business", how="semi")
    rows = rows.sort("occurred_at", "reference")
    credit, amount = pl.col("direction") == "credit", pl.col("amount_paise")
    counted = rows.group_by("business").agg(
        entries=pl.len(),
        came=amount.filter(credit).sum() / 100,
        living=(~credit & pl.col("purpose").is_in(LIVING)).sum(),
        keys=pl.col("reference"),
    )
    found = counted.filter((pl.col("entries") >= LEAST) & (pl.col("came") >= RUPEES) & (pl.col("living") == 0))
    return findings(
        found.with_columns(score=ramp(pl.col("came"), RUPEES, 10 * RUPEES)), "shell_profile", "bank_entries"
    )
