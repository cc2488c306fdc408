"""Money that only passes through: the figures that mule hubs, mules and rapid in-out have in common."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import HOUR
from fraud.engine.typologies.findings import Frames, seen

RETAINED = 0.10
"""5 % is the typology's line; the rest is money under way when the window begins and ends."""
STAY = 48 * HOUR
BEFORE = 6 * HOUR
FAST = 0.5
"""Of the money, the share that leaves within STAY; it may leave up to BEFORE it came, out of what was there."""


def passing_through(frames: Frames, as_of: int, days: int) -> pl.LazyFrame:
    """UPI payments of the last `days` of businesses that kept under RETAINED of what came and passed it on at once.

    Columns: business, payers, known_payers (customers of ours), payees, came and left (paise), retained, fast,
    top_share (of the money out, to the largest payee), traded (whether it invoiced or was invoiced), keys (incoming).
    Several addresses of one customer are one party.
    First in, first out: the rupee that came as the n-th leaves as the n-th of those that left, what is kept spread
    evenly; `fast` is the share of the rupees between the two for at most 48 hours.
    """
    known = pl.col("counterparty").cast(pl.String)
    paid = frames["upi_payments"].lazy().filter(seen(as_of, days), status="success")
    paid = paid.with_columns(party=pl.coalesce(known, "counterparty_vpa"))
    incoming, amount = pl.col("direction") == "in", pl.col("amount_paise")
    totals = (
        paid.sort("business", "occurred_at", "reference")
        .group_by("business")
        .agg(
            payers=pl.col("party").filter(incoming).n_unique(),
            known_payers=pl.col("counterparty").filter(incoming).drop_nulls().n_unique(),
            payees=pl.col("party").filter(~incoming).n_unique(),
            came=amount.filter(incoming).sum(),
            left=amount.filter(~incoming).sum(),
            keys=pl.col("reference").filter(incoming),
        )
    )
    kept = totals.with_columns(retained=1 - pl.col("left") / pl.col("came"))
    kept = kept.filter((pl.col("came") > 0) & (pl.col("left") > 0) & (pl.col("retained").abs() < RETAINED))
    trades = frames["gst_invoices"].lazy().filter(seen(as_of, days)).select("business", traded=pl.lit(value=True))
    joined = kept.join(_speed(paid, kept), on="business").join(_largest(paid), on="business")
    moving = joined.join(trades.unique(), on="business", how="left").with_columns(
        pl.col("traded").fill_null(value=False), top_share=pl.col("top") / pl.col("left")
    )
    return moving.filter(pl.col("fast") >= FAST).drop("top")


def _speed(paid: pl.LazyFrame, kept: pl.LazyFrame) -> pl.LazyFrame:
    """Of each business (business, fast)."""
    shares = paid.join(kept.select("business", "came", "left"), on="business").sort(
        "business", "occurred_at", "reference"
    )
    total = pl.when(direction="in").then("came").otherwise("left")
    nth = shares.with_columns(nth=(pl.col("amount_paise").cum_sum().over("business", "direction") / total))
    came = nth.filter(direction="in").select("business", "nth", "amount_paise", came_at="occurred_at").sort("nth")
    went = nth.filter(direction="out").select("business", "nth", left_at="occurred_at").sort("nth")
    stay = pl.col("left_at") - pl.col("came_at")
    matched = came.join_asof(went, on="nth", by="business", strategy="forward", check_sortedness=False).with_columns(
        fast=stay.is_between(-BEFORE, STAY)
    )
    amount = pl.col("amount_paise")
    return matched.group_by("business").agg(fast=amount.filter(pl.col("fast")).sum() / amount.sum())


def _largest(paid: pl.LazyFrame) -> pl.LazyFrame:
    """Of each business the largest sum to one party (business, top)."""
    out = paid.filter(direction="out").group_by("business", "party").agg(pl.col("amount_paise").sum())
    return out.group_by("business").agg(top=pl.col("amount_paise").max())
