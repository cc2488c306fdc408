"""Unusual transport: goods that change from the road to rail, air or ship at once, or leave without ever arriving."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

RECENT, BEFORE = 60, 240
ROAD = 1
LEAST = 5
SHIFT = 0.5
MANY = 10
LEAST_PAISE = 10 * 100_000 * 100
INWARD = 0.05


def unusual_transport(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """E-way bills of the last 240 days, outward and inward.

    Formula: either the share of outward bills not by road in the last RECENT days less that share before, at least
    SHIFT with LEAST bills in both spans; or goods of ₹10 lakh and MANY bills sent in BEFORE days while those that
    arrived are under INWARD of their value, of a business whose purchases are shared. Strength: the stronger one.
    Reference: CGST rule 138, Part B (mode of transport); fraud.md §4. Example: always by lorry, and in October forty
    consignments by air.

    >>> 40 / 40 - 0 / 120 >= SHIFT
    True
    """
    bills = frames["eway_bills"].lazy().filter(seen(as_of, BEFORE)).sort("occurred_at", "number")
    sent, late = pl.col("direction") == "out", pl.col("occurred_at") > as_of - RECENT * DAY
    off_road, worth = pl.col("transport_mode") != ROAD, pl.col("value_paise")
    counted = bills.group_by("business").agg(
        bills=sent.sum(),
        lately=off_road.filter(sent & late).mean(),
        before=off_road.filter(sent & ~late).mean(),
        fewer=pl.min_horizontal((sent & late).sum(), (sent & ~late).sum()),
        sent=worth.filter(sent).sum(),
        arrived=worth.filter(~sent).sum(),
        keys=pl.col("number").filter(sent),
    )
    buys = frames["gst_invoices"].lazy().filter(seen(as_of, BEFORE), direction="in").select("business").unique()
    counted = counted.join(buys.with_columns(buys=pl.lit(value=True)), on="business", how="left")
    counted = counted.with_columns(
        shift=pl.when(pl.col("fewer") >= LEAST).then(pl.col("lately") - pl.col("before")).otherwise(0.0),
        inward=pl.when("buys", pl.col("bills") >= MANY, pl.col("sent") >= LEAST_PAISE)
        .then(pl.col("arrived") / pl.col("sent"))
        .otherwise(1.0),
    )
    found = counted.filter((pl.col("shift") >= SHIFT) | (pl.col("inward") < INWARD))
    strength = pl.max_horizontal(
        pl.when(pl.col("shift") >= SHIFT).then(ramp(pl.col("shift"), SHIFT, 0.9)),
        pl.when(pl.col("inward") < INWARD).then(ramp(INWARD - pl.col("inward"), 0, INWARD)),
    )
    shown = found.select("business", "bills", "shift", "inward", "keys", score=strength)
    return findings(shown, "unusual_transport", "eway_bills")
