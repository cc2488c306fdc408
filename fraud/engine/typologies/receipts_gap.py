"""Receipts gap: sales on paper that nobody pays for, on any rail."""

from __future__ import annotations

import polars as pl

from fraud.engine.paper import TAX
from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.receivables import BUCKET_DAYS
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DUE_AFTER = 60
DAYS = 180
LEAST_PAISE = 10 * 100_000 * 100
LEAST_MONTHS = 3
GAP = 0.85


def receipts_gap(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Outward invoices of the 180 days that ended 60 days ago, and what came in on UPI and bank since they began.

    Formula: 1 − received ÷ invoiced with tax; at least GAP of ₹10 lakh and more, over LEAST_MONTHS months with
    invoices, of a business that shows payments. Credit notes reduce what was invoiced; a bank entry of mode UPI is
    the settlement of payments counted one by one. Reference: fraud.md §4, receivables gap by ageing; RBI master
    circular on wilful defaulters, fictitious sales. Example: ₹90 lakh invoiced from January to June, ₹4 lakh received.

    >>> 1 - 4 / 90 >= GAP
    True
    """
    span = seen(as_of, DAYS + DUE_AFTER)
    old_enough = pl.col("occurred_at") <= as_of - DUE_AFTER * DAY
    billed = frames["gst_invoices"].lazy().filter(span, old_enough, direction="out", cancelled=False)
    sign = pl.when(pl.col("kind") == "CDNR").then(-1).otherwise(1)
    month = (as_of - pl.col("occurred_at")) // (BUCKET_DAYS * DAY)
    invoiced = billed.sort("occurred_at", "invoice_number").group_by("business").agg(
        invoiced=(sign * pl.sum_horizontal(TAX)).sum(), months=month.n_unique(), keys=pl.col("invoice_number")
    )  # fmt: skip
    upi = frames["upi_payments"].lazy().filter(span, direction="in", status="success")
    bank = frames["bank_entries"].lazy().filter(span, pl.col("mode") != "UPI", direction="credit", purpose="receipt")
    paid = pl.concat([rows.select("business", "amount_paise") for rows in (upi, bank)])
    received = paid.group_by("business").agg(received=pl.col("amount_paise").sum())
    against = invoiced.join(received, on="business").with_columns(gap=1 - pl.col("received") / pl.col("invoiced"))
    found = against.filter(
        (pl.col("invoiced") >= LEAST_PAISE) & (pl.col("months") >= LEAST_MONTHS) & (pl.col("gap") >= GAP)
    )
    rupees = [(pl.col(name) / 100).alias(name) for name in ("invoiced", "received")]
    shown = found.select("business", "months", *rupees, "gap", "keys", score=ramp(pl.col("gap"), GAP, 0.98))
    return findings(shown, "receipts_gap", "gst_invoices")
