"""Implausible distance: bills whose kilometres cannot join their two pin codes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
LEAST = 5
SHARE = 0.2
NEAR = 60
FAR_AT_HOME = 100
NEIGHBOURS: Mapping[str, str] = {
    "1": "1239", "2": "12348", "3": "1234", "4": "234578", "5": "4567", "6": "56", "7": "4578", "8": "2478", "9": "19",
}  # fmt: skip
"""Postal zones (first digit of a pin code, India Post) and the zones they touch; 9 is the army post office."""


def implausible_distance(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Outward e-way bills of the last 180 days with two pin codes and a distance.

    Formula: share of bills that say under NEAR km between postal zones that do not touch, or over FAR_AT_HOME km
    inside one pin code. Reference: CGST rule 138, distance auto-filled from pin codes since 2021; India Post zones.
    Example: from 110001 (Delhi) to 600001 (Chennai) in 12 km.

    >>> "6" in NEIGHBOURS["1"]
    False
    """
    sent = frames["eway_bills"].lazy().filter(seen(as_of, DAYS), direction="out").sort("occurred_at", "number")
    placed = sent.filter((pl.col("from_pincode") != "") & (pl.col("to_pincode") != ""))
    start, end = pl.col("from_pincode").str.head(1), pl.col("to_pincode").str.head(1)
    apart = ~pl.any_horizontal(*((start == zone) & end.is_in(list(touching)) for zone, touching in NEIGHBOURS.items()))
    at_home = pl.col("from_pincode") == pl.col("to_pincode")
    km = pl.col("distance_km")
    implausible = ((apart & (km < NEAR)) | (at_home & (km > FAR_AT_HOME))).fill_null(value=False)
    counted = placed.group_by("business").agg(
        bills=pl.len(), implausible=implausible.sum(), keys=pl.col("number").filter(implausible)
    )
    share = counted.with_columns(share=pl.col("implausible") / pl.col("bills"))
    found = share.filter((pl.col("implausible") >= LEAST) & (pl.col("share") >= SHARE))
    return findings(found.with_columns(score=ramp(pl.col("share"), SHARE, 0.6)), "implausible_distance", "eway_bills")
