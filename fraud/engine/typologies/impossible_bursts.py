"""Impossible bursts: payments faster than anybody can type a PIN."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
SECOND = 1_000_000
IN_A_ROW = 5
WITHIN = 30
LEAST = 2


def impossible_bursts(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Successful UPI payments of the last 180 days, per counterparty address and direction.

    Formula: IN_A_ROW payments between the same two addresses within WITHIN seconds, LEAST times at moments that share
    no payment. Each takes a PIN of four to six digits and an answer of the bank. Reference: NPCI operating guidelines,
    20 transfers between persons a day; fraud.md §4, cadence. Example: forty payments of ₹4,900 from one address in
    two minutes.

    >>> 120 / 40 * IN_A_ROW <= WITHIN
    True
    """
    paid = frames["upi_payments"].lazy().filter(seen(as_of, DAYS), status="success")
    stream = ["business", "direction", "counterparty_vpa"]
    named = paid.filter(pl.col("counterparty_vpa").fill_null("") != "").sort(*stream, "occurred_at", "reference")
    run = (pl.col("occurred_at") - pl.col("occurred_at").shift(IN_A_ROW - 1).over(stream)) <= WITHIN * SECOND
    hurried = named.with_columns(run=run.fill_null(value=False))
    apart = hurried.with_columns(spell=(~pl.col("run")).cum_sum().over(stream)).filter("run")
    spells = apart.group_by(*stream, "spell").agg(ends=pl.len(), keys=pl.col("reference"))
    counted = spells.sort(*stream, "spell").group_by(stream).agg(
        payments=(pl.col("ends") + IN_A_ROW - 1).sum(),
        bursts=((pl.col("ends") + IN_A_ROW - 1) // IN_A_ROW).sum(),
        keys=pl.col("keys").list.explode(keep_nulls=False, empty_as_null=False),
    )  # fmt: skip
    found = counted.filter(pl.col("bursts") >= LEAST).sort("bursts", "counterparty_vpa", descending=[True, False])
    worst = found.unique("business", keep="first", maintain_order=True)
    shown = worst.select("business", "payments", "bursts", "keys", score=ramp(pl.col("bursts"), LEAST, 6))
    return findings(shown, "impossible_bursts", "upi_payments")
