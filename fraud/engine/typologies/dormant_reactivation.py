"""Dormant reactivation: a long sleep, then sales as if nothing had been."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

GAP = 150
RECENT = 180
LEAST = 3
LONGER = 3.0


def dormant_reactivation(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Outward invoices of the last two years.

    Formula: a gap of at least GAP days between two sales, at least LONGER times the longest gap before it, so that
    who sells rarely or by the season is not meant; after it, in the last RECENT days, at least LEAST invoices.
    Reference: FATF, shell company indicators. Example: sales every week to January, none to August, thirty since.

    >>> 243 >= GAP and 243 / 7 >= LONGER
    True
    """
    sold = frames["gst_invoices"].lazy().filter(seen(as_of, 730), direction="out", cancelled=False)
    spaced = sold.sort("business", "occurred_at", "invoice_number").with_columns(
        gap=(pl.col("occurred_at") - pl.col("occurred_at").shift(1).over("business")) / DAY
    )
    usual = spaced.with_columns(before=pl.col("gap").cum_max().shift(1).over("business"))
    asleep = (pl.col("gap") >= GAP) & (pl.col("gap") >= LONGER * pl.col("before"))
    woke = usual.filter(asleep & (pl.col("occurred_at") > as_of - RECENT * DAY))
    last = woke.group_by("business").agg(woke=pl.col("occurred_at").max(), gap_days=pl.col("gap").max())
    after = spaced.join(last, on="business", maintain_order="left").filter(pl.col("occurred_at") >= pl.col("woke"))
    found = after.group_by("business", "gap_days").agg(invoices=pl.len(), keys=pl.col("invoice_number"))
    found = found.filter(pl.col("invoices") >= LEAST)
    score = ramp(pl.col("gap_days"), GAP, 240)
    return findings(found.with_columns(score=score), "dormant_reactivation", "gst_invoices")
