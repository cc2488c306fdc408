"""Mule hub: other mules' money meets in it and is gone within two days, with no trade to explain it."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp
from fraud.engine.typologies.passing import RETAINED, passing_through

DAYS = 90
LEAST_KNOWN = 2
LEAST_PAISE = 100_000 * 100
CENTRAL = 2.0
UNKNOWN = pl.DataFrame(schema={"business": pl.Int64, "pagerank": pl.Float64})


def mule_hub(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """UPI payments and invoices of the last 90 days.

    Formula: at least LEAST_KNOWN businesses of ours pay in, at least ₹1 lakh came, hardly any is kept, most is
    gone within 48 hours, and there is no invoice in or out. PageRank of the last population screening (frame
    `standings`: business, pagerank; × businesses, so 1 is the mean) strengthens what it confirms: from CENTRAL on in
    full, below it by the share; unknown changes nothing. Reference: FATF (2022), Money laundering
    through mule accounts; fraud.md §4. Example: five shells pay ₹50,000 each on Monday; on Tuesday ₹2.45 lakh is gone.

    >>> 1 - 245_000 / 250_000 < RETAINED
    True
    """
    passing = passing_through(frames, as_of, DAYS).filter(~pl.col("traded"))
    hubs = passing.filter((pl.col("known_payers") >= LEAST_KNOWN) & (pl.col("came") >= LEAST_PAISE))
    ranked = hubs.join(frames.get("standings", UNKNOWN).lazy(), on="business", how="left")
    central = (pl.col("pagerank") / CENTRAL).clip(0, 1).fill_null(1)
    score = ramp((RETAINED - pl.col("retained").abs()) * central, 0, RETAINED)
    columns = ("business", "payers", "known_payers", "retained", "fast", "keys")
    shown = ranked.select(*columns, pagerank=pl.col("pagerank").fill_null(0), score=score)
    return findings(shown, "mule_hub", "upi_payments")
