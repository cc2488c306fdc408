"""Goods of another trade: nearly all sales are of one kind the business neither registered nor buys."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 365
LEAST = 5
SHARE = 0.6
BOUGHT = 0.2
FIRST_CHAPTERS = (1, 6, 15, 16, 25, 28, 39, 41, 44, 47, 50, 64, 68, 71, 72, 84, 86, 90, 93, 94, 97)
"""Where the 21 sections of the Customs Tariff begin: goods of one section are of one trade."""


def hsn_repurposing(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """B2B invoices of the last year that carry a code.

    Formula: the tariff section that is not the registered one and holds the largest part of the taxable value sold:
    at least SHARE of the sales, while it is at most BOUGHT of the purchases. Somebody who sells of everything is a
    general dealer and is not meant. Reference: sections of the First Schedule, Customs Tariff Act 1975.
    Example: a plastics dealer (39, section VII) that buys plastics and invoices only gold (71, section XIV).

    >>> sum(39 >= first for first in FIRST_CHAPTERS), sum(71 >= first for first in FIRST_CHAPTERS)
    (7, 14)
    """
    if "businesses" not in frames:
        return []
    own = frames["businesses"].lazy().select("business", registered=section("hsn"))
    papers = frames["gst_invoices"].lazy().filter(seen(as_of, DAYS), kind="B2B", cancelled=False)
    papers = papers.with_columns(section=section("hsn")).filter(pl.col("section").is_not_null())
    value = pl.col("taxable_paise").sum()
    bought = papers.filter(direction="in").group_by("business", "section").agg(bought=value)
    sold = papers.filter(direction="out").sort("occurred_at", "invoice_number")
    kinds = sold.group_by("business", "section").agg(sold=value, invoices=pl.len(), keys=pl.col("invoice_number"))
    kinds = kinds.join(bought, on=("business", "section"), how="left").with_columns(
        share=pl.col("sold") / pl.col("sold").sum().over("business")
    )
    purchases = bought.group_by("business").agg(purchases=pl.col("bought").sum())
    strange = kinds.join(own, on="business").join(purchases, on="business")
    bought_share = pl.col("bought").fill_null(0) / pl.col("purchases")
    found = strange.with_columns(bought_share=bought_share).filter(
        (pl.col("section") != pl.col("registered"))
        & (pl.col("invoices") >= LEAST)
        & (pl.col("share") >= SHARE)
        & (pl.col("bought_share") <= BOUGHT)
    )
    shown = found.select("business", "invoices", "share", "bought_share", "keys", score=ramp(pl.col("share"), SHARE, 1))
    return findings(shown, "hsn_repurposing", "gst_invoices")


def section(column: str) -> pl.Expr:
    """Number of the tariff section of a code; null where there is no code."""
    chapter = pl.col(column).str.head(2).cast(pl.Int32, strict=False)
    return pl.when(chapter.is_not_null()).then(pl.sum_horizontal(*(chapter >= first for first in FIRST_CHAPTERS)))
