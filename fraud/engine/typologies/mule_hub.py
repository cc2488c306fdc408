"""Mule hub: money from many, gone within two days, and no trade to explain it."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 90
LEAST = 10
LEAST_PAISE = 100_000 * 100
RETAINED = 0.08
STAY = 3.0


def mule_hub(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """UPI payments of the last 90 days, and outward invoices.

    Formula: Little's law gives the mean days money stays: what is held ÷ what comes in a day. A hub has at least
    LEAST payers, keeps less than RETAINED, holds it for under STAY days, and invoices nobody.
    Reference: Little (1961), A proof of L = λW. Example: ₹10 lakh a day from forty people, out the same day.

    >>> 4.0 / 10.0 < STAY
    True
    """
    paid = frames["upi_payments"].lazy().filter(seen(as_of, DAYS), status="success")
    incoming, amount = pl.col("direction") == "in", pl.col("amount_paise")
    flow = paid.sort("business", "occurred_at", "reference").with_columns(
        held=pl.when(incoming).then(amount).otherwise(-amount).cum_sum().over("business")
    )
    totals = flow.group_by("business").agg(
        payers=pl.col("counterparty_vpa").filter(incoming).n_unique(),
        came=amount.filter(incoming).sum(),
        left=amount.filter(~incoming).sum(),
        held=(pl.col("held") - pl.col("held").min()).median(),
        days=(pl.col("occurred_at").max() - pl.col("occurred_at").min()) / DAY,
        keys=pl.col("reference").filter(incoming),
    )
    trades = frames["gst_invoices"].lazy().filter(seen(as_of, DAYS), direction="out").select("business").unique()
    hubs = totals.join(trades, on="business", how="anti").filter(
        (pl.col("payers") >= LEAST) & (pl.col("came") >= LEAST_PAISE) & (pl.col("days") > 0)
    )
    stay = pl.col("held") / (pl.col("came") / pl.col("days"))
    hubs = hubs.with_columns(retained=1 - pl.col("left") / pl.col("came"), stay_days=stay)
    found = hubs.filter((pl.col("retained").abs() < RETAINED) & (pl.col("stay_days") < STAY))
    score = ramp(RETAINED - pl.col("retained").abs(), 0, RETAINED)
    shown = found.select("business", "payers", "retained", "stay_days", "keys", score=score)
    return findings(shown, "mule_hub", "upi_payments")
