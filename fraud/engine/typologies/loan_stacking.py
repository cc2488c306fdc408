"""Loan stacking: several loans within weeks, each taken before the others could show."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 365
WITHIN = 45
LEAST = 3


def loan_stacking(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Bank credits of the last year whose purpose is a loan.

    Formula: most loans credited within any WITHIN days, at least LEAST; bureau files lag about as long.
    Reference: compliance.md §8; CICRA reporting cycles. Example: three disbursals on the 3rd, 9th and 21st.

    >>> 21 - 3 <= WITHIN
    True
    """
    entries = frames["bank_entries"].lazy().filter(seen(as_of, DAYS), direction="credit", purpose="loan")
    loans = entries.sort("business", "occurred_at", "reference").with_columns(
        span=(pl.col("occurred_at") - pl.col("occurred_at").shift(LEAST - 1).over("business")) / DAY
    )
    stacked = loans.group_by("business").agg(loans=pl.len(), span_days=pl.col("span").min(), keys=pl.col("reference"))
    found = stacked.filter(pl.col("span_days") <= WITHIN)
    return findings(found.with_columns(score=ramp(-pl.col("span_days"), -WITHIN, -10)), "loan_stacking", "bank_entries")
