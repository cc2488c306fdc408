"""Impossible transport: one lorry in two places."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import HOUR, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
SPEED = 150
FAR = 200
LEAST = 5
SHARE = 0.2


def impossible_transport(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """E-way bills of the last 180 days that name a vehicle and go by road.

    Formula: distance of a bill ÷ hours until the same vehicle sets out for another place, above SPEED km/h and FAR
    km, so that the bills of one round do not count. Reference: CGST rule 138(10), validity by distance.
    Example: 900 km, and on the road again two hours later.

    >>> 900 / 2 > SPEED
    True
    """
    sent = frames["eway_bills"].lazy().filter(seen(as_of, DAYS), direction="out", transport_mode=1)
    road = sent.filter(pl.col("vehicle").fill_null("") != "").sort("business", "vehicle", "occurred_at", "number")
    lorry = ["business", "vehicle"]
    hours = (pl.col("occurred_at").shift(-1).over(lorry) - pl.col("occurred_at")) / HOUR
    onward = pl.col("to_pincode").shift(-1).over(lorry) != pl.col("to_pincode")
    moved = road.with_columns(hours=hours, onward=onward)
    speed = moved.with_columns(speed=pl.col("distance_km") / pl.max_horizontal("hours", pl.lit(0.5)))
    impossible = (pl.col("distance_km") >= FAR) & (pl.col("speed") > SPEED) & pl.col("onward").fill_null(value=False)
    counted = speed.group_by("business").agg(
        bills=pl.len(), impossible=impossible.sum(), keys=pl.col("number").filter(impossible)
    )
    share = counted.with_columns(share=pl.col("impossible") / pl.col("bills"))
    found = share.filter((pl.col("impossible") >= LEAST) & (pl.col("share") >= SHARE))
    return findings(found.with_columns(score=ramp(pl.col("share"), SHARE, 0.5)), "impossible_transport", "eway_bills")
