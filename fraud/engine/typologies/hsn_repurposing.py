"""Goods of another trade: sales under codes of a chapter the business does not deal in."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
YEAR = 365
LEAST = 5
SHARE = 0.3


def hsn_repurposing(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Outward B2B invoices of the last 180 days that carry a code.

    Formula: share of their taxable value under an HSN chapter (first two digits) that is neither the registered one
    nor among those bought in the year. Reference: chapters of the First Schedule, Customs Tariff Act.
    Example: a plastics dealer (39) that invoices only gold (71).

    >>> "7108"[:2] == "3908"[:2]
    False
    """
    if "businesses" not in frames:
        return []
    own = frames["businesses"].lazy().select("business", chapter=pl.col("hsn").str.head(2))
    papers = frames["gst_invoices"].lazy().filter(seen(as_of, YEAR), cancelled=False)
    papers = papers.filter(pl.col("hsn") != "").with_columns(chapter=pl.col("hsn").str.head(2))
    known = pl.concat([own, papers.filter(direction="in").select("business", "chapter")]).unique()
    sold = papers.filter(seen(as_of, DAYS), direction="out", kind="B2B").sort("occurred_at", "invoice_number")
    foreign = sold.join(known, on=["business", "chapter"], how="anti", maintain_order="left")
    strange = foreign.group_by("business").agg(
        invoices=pl.len(), foreign=pl.col("taxable_paise").sum(), keys=pl.col("invoice_number")
    )
    all_sold = sold.group_by("business").agg(sold=pl.col("taxable_paise").sum())
    share = strange.join(all_sold, on="business").with_columns(share=pl.col("foreign") / pl.col("sold"))
    found = share.filter((pl.col("invoices") >= LEAST) & (pl.col("share") >= SHARE)).drop("foreign", "sold")
    return findings(found.with_columns(score=ramp(pl.col("share"), SHARE, 0.8)), "hsn_repurposing", "gst_invoices")
