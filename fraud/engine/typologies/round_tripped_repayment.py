"""Round-tripped repayment: somebody else's money comes in and closes the loan at once."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, HOUR, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 365
BEFORE = 72
LARGE = 0.5
MATCH = 0.9


def round_tripped_repayment(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Bank entries of the last year.

    Formula: an instalment of at least LARGE of the last loan credited, within BEFORE hours after one credit of at
    least MATCH of it that is neither a sale's receipt nor a loan. Reference: compliance.md §8, early closure from an
    unrelated party. Example: ₹4.8 lakh from a stranger on Monday, a loan of ₹5 lakh closed on Tuesday.

    >>> 480_000 / 500_000 >= LARGE
    True
    """
    entries = frames["bank_entries"].lazy().filter(seen(as_of, DAYS))
    columns = ("business", "occurred_at", "amount_paise")
    loans = entries.filter(direction="credit", purpose="loan").select(*columns[:2], loan="amount_paise")
    paid = entries.filter(direction="debit", purpose="emi").select(*columns, "reference")
    strange = entries.filter(direction="credit", purpose="other").select(
        *columns[:2], gift="amount_paise", given_at="occurred_at"
    )
    closing = _latest(_latest(paid, loans), strange)
    found = closing.filter(
        (pl.col("amount_paise") >= LARGE * pl.col("loan"))
        & (pl.col("gift") >= MATCH * pl.col("amount_paise"))
        & (pl.col("occurred_at") - pl.col("given_at") <= BEFORE * HOUR)
    )
    share = (pl.col("amount_paise") / pl.col("loan")).max()
    closed = found.sort("occurred_at").group_by("business").agg(closed_share=share, keys=pl.col("reference"))
    score = ramp(pl.col("closed_share"), LARGE, 1)
    return findings(closed.with_columns(score=score), "round_tripped_repayment", "bank_entries")


def _latest(rows: pl.LazyFrame, before: pl.LazyFrame) -> pl.LazyFrame:
    """Each row with the latest earlier one of the same business."""
    ordered = rows.sort("occurred_at", "reference")
    earlier = before.sort("occurred_at")
    return ordered.join_asof(
        earlier, on="occurred_at", by="business", strategy="backward", tolerance=DAYS * DAY, check_sortedness=False
    )
