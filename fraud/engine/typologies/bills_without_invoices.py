"""Bills without invoices: goods on the road under documents the business never reported for GST."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 240
GRACE = 60
LEAST = 5
SHARE = 0.3


def bills_without_invoices(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Outward e-way bills for a tax invoice, made between 240 and 60 days ago, and the outward invoices reported.

    Formula: share of the bills whose document number is no reported invoice, of a business that reported at least one
    in the period; GRACE days are for the return to come in. Reference: CGST s.37 and rule 138(1); compliance.md §8,
    e-way bill without GST. Example: sixty bills, of which 35 name invoices that are in no GSTR-1.

    >>> 35 / 60 >= SHARE
    True
    """
    old_enough = pl.col("occurred_at") <= as_of - GRACE * DAY
    bills = frames["eway_bills"].lazy().filter(seen(as_of, DAYS), old_enough, direction="out", document_type="INV")
    reported = frames["gst_invoices"].lazy().filter(pl.col("received_at") <= as_of, direction="out")
    numbers = reported.select("business", document_number="invoice_number").unique()
    reporting = reported.filter(seen(as_of, DAYS)).select("business").unique()
    named = bills.join(reporting, on="business", how="semi").sort("occurred_at", "number")
    known = named.join(numbers.with_columns(known=pl.lit(value=True)), on=["business", "document_number"], how="left")
    absent = pl.col("known").is_null()
    counted = known.sort("occurred_at", "number").group_by("business").agg(
        bills=pl.len(), absent=absent.sum(), keys=pl.col("number").filter(absent)
    )  # fmt: skip
    share = counted.with_columns(share=pl.col("absent") / pl.col("bills"))
    found = share.filter((pl.col("absent") >= LEAST) & (pl.col("share") >= SHARE))
    scored = found.with_columns(score=ramp(pl.col("share"), SHARE, 0.8))
    return findings(scored, "bills_without_invoices", "eway_bills")
