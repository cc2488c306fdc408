"""Split invoices: one sale cut into parts that each stay under the line."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, HOUR, FraudPolicy
from fraud.engine.smurfing import LINE
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
IST = 11 * HOUR // 2
LEAST_PARTS = 2
LEAST_DAYS = 4
SHARE = 0.25


def split_invoices(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Outward B2B invoices of the last 180 days, tax included.

    Formula: days on which two or more invoices to one buyer each stay under ₹50,000 while their sum passes it; the
    share of all invoices that are such parts. Reference: CGST rule 138(1), the value of a consignment.
    Example: three invoices of ₹30,000 to one buyer on one day.

    >>> sum([30_000] * 3) > 50_000 > max([30_000] * 3)
    True
    """
    sold = frames["gst_invoices"].lazy().filter(seen(as_of, DAYS), direction="out", kind="B2B", cancelled=False)
    whole = pl.sum_horizontal("taxable_paise", "igst_paise", "cgst_paise", "sgst_paise")
    day = (pl.col("occurred_at") + IST) // DAY
    parts = sold.with_columns(whole=whole, day=day).sort("occurred_at", "invoice_number")
    cut = (
        parts.filter(pl.col("whole") < LINE)
        .group_by("business", "counterparty_gstin", "day")
        .agg(parts=pl.len(), total=pl.col("whole").sum(), numbers=pl.col("invoice_number"))
        .filter((pl.col("parts") >= LEAST_PARTS) & (pl.col("total") >= LINE))
        .sort("business", "day", "counterparty_gstin")
    )
    days = cut.group_by("business").agg(days=pl.len(), parts=pl.col("parts").sum(), keys=pl.col("numbers").explode())
    share = days.join(parts.group_by("business").len("invoices"), on="business").with_columns(
        share=pl.col("parts") / pl.col("invoices")
    )
    found = share.filter((pl.col("days") >= LEAST_DAYS) & (pl.col("share") >= SHARE))
    return findings(found.with_columns(score=ramp(pl.col("share"), SHARE, 0.5)), "split_invoices", "gst_invoices")
