"""Zero logistics lag: goods sent on before the lorry that brings them can have arrived."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import HOUR, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
FAR = 300
SPEED = 80
ALIKE = 0.05
LEAST = 5
SHARE = 0.2


def zero_logistics_lag(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Inward e-way bills of the last 180 days over FAR km, and the next outward bill for the same goods code.

    Formula: share of the inward bills whose goods — the same code, a value within ALIKE of it — were sent on sooner
    than distance ÷ SPEED km/h after they set out: fewer hours than the road takes. Reference: CGST rule 138(10),
    validity by distance; fraud.md §4, paper trading. Example: steel of ₹6,40,000 leaves Kolkata for Pune at 10:00 and
    leaves Pune for Surat at 10:20.

    >>> 1900 / SPEED > 20 / 60
    True
    """
    bills = frames["eway_bills"].lazy().filter(seen(as_of, DAYS)).sort("occurred_at", "number")
    came = bills.filter(pl.col("distance_km") >= FAR, direction="in")
    went = bills.filter(direction="out").select("business", "hsn", "occurred_at", "number", worth="taxable_paise")
    went = went.with_columns(left="occurred_at")
    matched = came.join_asof(
        went, on="occurred_at", by=["business", "hsn"], strategy="forward", suffix="_on", check_sortedness=False
    )
    hours = (pl.col("left") - pl.col("occurred_at")) / HOUR
    alike = (pl.col("worth") - pl.col("taxable_paise")).abs() <= ALIKE * pl.col("taxable_paise")
    sooner = (alike & (hours < pl.col("distance_km") / SPEED)).fill_null(value=False)
    counted = matched.group_by("business").agg(
        arrivals=pl.len(), sooner=sooner.sum(), keys=pl.col("number_on").filter(sooner)
    )
    share = counted.with_columns(share=pl.col("sooner") / pl.col("arrivals"))
    found = share.filter((pl.col("sooner") >= LEAST) & (pl.col("share") >= SHARE))
    return findings(found.with_columns(score=ramp(pl.col("share"), SHARE, 0.6)), "zero_logistics_lag", "eway_bills")
