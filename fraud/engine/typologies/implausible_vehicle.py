"""Implausible vehicle: bills by road that name no lorry any authority registered."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
ROAD = 1
LEAST = 5
SHARE = 0.2
PLATE = r"^([A-Z]{2}[0-9]{1,2}[A-Z]{0,3}[0-9]{4}|[0-9]{2}BH[0-9]{4}[A-Z]{1,2}|(TM|DF|NP|BP|BT)[A-Z0-9]{4,13})$"
"""State series, Bharat series, and the temporary, defence, Nepal and Bhutan forms the e-way bill system takes."""


def implausible_vehicle(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Outward e-way bills by road of the last 180 days that name a vehicle.

    Formula: share of them whose plate has no form of PLATE, or whose number is 0000. A bill without any vehicle is
    Part A alone and not meant. Reference: Central Motor Vehicles Rules, rule 50; e-way bill system, vehicle formats.
    Example: "TRUCK1", or MH12AB0000.

    >>> import re
    >>> bool(re.match(PLATE, "MH12AB1234")), bool(re.match(PLATE, "TRUCK1"))
    (True, False)
    """
    sent = frames["eway_bills"].lazy().filter(seen(as_of, DAYS), direction="out", transport_mode=ROAD)
    plate = pl.col("vehicle").str.to_uppercase().str.replace_all(r"[\s-]", "")
    named = sent.filter(pl.col("vehicle").fill_null("") != "").sort("occurred_at", "number")
    unlikely = ~plate.str.contains(PLATE) | plate.str.ends_with("0000")
    counted = named.group_by("business").agg(
        bills=pl.len(), unlikely=unlikely.sum(), keys=pl.col("number").filter(unlikely)
    )
    share = counted.with_columns(share=pl.col("unlikely") / pl.col("bills"))
    found = share.filter((pl.col("unlikely") >= LEAST) & (pl.col("share") >= SHARE))
    return findings(found.with_columns(score=ramp(pl.col("share"), SHARE, 0.6)), "implausible_vehicle", "eway_bills")
