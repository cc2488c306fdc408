"""Costly distance: goods carried so far that the carriage eats their value."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
LAKH_PAISE = 100_000 * 100
KM_PER_LAKH = 5_000
LEAST = 5
SHARE = 0.2


def costly_distance(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Outward e-way bills of the last 180 days with a distance and a value.

    Formula: kilometres per ₹ lakh of goods; share of bills above KM_PER_LAKH. A lorry costs ₹30 and more per
    kilometre: beyond it even a fifth of one costs about a third of what the goods are worth. Reference: fraud.md §4,
    distance per ₹ lakh; freight indices of the Ministry of Road Transport. Example: goods of ₹20,000 sent 2,100 km.

    >>> 2_100 / 0.2 > KM_PER_LAKH
    True
    """
    sent = frames["eway_bills"].lazy().filter(seen(as_of, DAYS), direction="out").sort("occurred_at", "number")
    priced = sent.filter((pl.col("value_paise") > 0) & (pl.col("distance_km") > 0))
    per_lakh = pl.col("distance_km").cast(pl.Float64) * LAKH_PAISE / pl.col("value_paise")
    costly = per_lakh > KM_PER_LAKH
    counted = priced.group_by("business").agg(
        bills=pl.len(), costly=costly.sum(), km_per_lakh=per_lakh.median(), keys=pl.col("number").filter(costly)
    )
    share = counted.with_columns(share=pl.col("costly") / pl.col("bills"))
    found = share.filter((pl.col("costly") >= LEAST) & (pl.col("share") >= SHARE))
    return findings(found.with_columns(score=ramp(pl.col("share"), SHARE, 0.6)), "costly_distance", "eway_bills")
