"""Quantities read from documents, per business: receivables gap, structuring, filing discipline, goods sold."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from fraud.engine.policy import DAY
from fraud.engine.receivables import BUCKET_DAYS, BUCKETS, Bucket, receivables_gap
from fraud.engine.smurfing import Structuring, structuring

Frames = Mapping[str, pl.DataFrame]
BILL_DAYS = 180
RETURN_DAYS = 365
TAX = ("taxable_paise", "igst_paise", "cgst_paise", "sgst_paise")


def seen(as_of: int, days: int) -> pl.Expr:
    """Rows of the last `days` that had happened and were known at `as_of`."""
    recent = (pl.col("occurred_at") > as_of - days * DAY) & (pl.col("occurred_at") <= as_of)
    return recent & (pl.col("received_at") <= as_of)


def receivables_gaps(frames: Frames, as_of: int) -> dict[int, float | None]:
    """`gst_upi_receivables_gap` of every business that invoiced or received in the last 90 days."""
    days = BUCKETS * BUCKET_DAYS
    bucket = ((as_of - pl.col("occurred_at")) // (BUCKET_DAYS * DAY)).alias("bucket")
    invoices = frames["gst_invoices"].lazy().filter(seen(as_of, days), direction="out", cancelled=False)
    sign = pl.when(pl.col("kind") == "CDNR").then(-1).otherwise(1)
    billed = invoices.select("business", bucket, invoiced=sign * pl.sum_horizontal(TAX), received=pl.lit(0, pl.Int64))
    upi = frames["upi_payments"].lazy().filter(seen(as_of, days), direction="in", status="success", kind="P2M")
    # A bank entry of mode UPI is the settlement of payments already counted one by one.
    bank = frames["bank_entries"].lazy().filter(seen(as_of, days), pl.col("mode") != "UPI", purpose="receipt")
    paid = pl.concat([rows.select("business", bucket, "amount_paise") for rows in (upi, bank)])
    receipts = paid.select("business", "bucket", invoiced=pl.lit(0, pl.Int64), received=pl.col("amount_paise"))
    sums = pl.concat([billed.cast({"invoiced": pl.Int64}), receipts]).group_by("business", "bucket").agg(pl.all().sum())
    months: dict[int, list[Bucket]] = {}
    for business, _, invoiced, received in sums.sort("business", "bucket").collect().iter_rows():
        months.setdefault(business, []).append(Bucket(invoiced, received))
    return {business: receivables_gap(buckets) for business, buckets in months.items()}


def structured_bills(frames: Frames, as_of: int) -> dict[int, Structuring]:
    """Structuring of every business that sent goods under e-way bills in the last 180 days."""
    bills = frames["eway_bills"].lazy().filter(seen(as_of, BILL_DAYS), direction="out")
    values = bills.select("business", "value_paise").sort("business", "value_paise").collect()
    return {
        int(str(business)): structuring(rows["value_paise"].to_numpy())
        for (business,), rows in values.partition_by("business", as_dict=True).items()
    }


def filing_rates(frames: Frames, as_of: int) -> dict[int, float]:
    """Share of returns due in the last 12 months that were filed on time, for businesses with one due."""
    due = frames["gst_returns"].lazy().filter(pl.col("due_at") <= as_of, pl.col("due_at") > as_of - RETURN_DAYS * DAY)
    # "On time" is the day of the due date: due_at sits at midday, filing may happen until midnight.
    on_time = (pl.col("filed_at") <= pl.col("due_at") + DAY // 2) & (pl.col("filed_at") <= as_of)
    rates = due.group_by("business").agg(on_time.fill_null(value=False).mean().alias("rate")).collect()
    return dict(zip(rates["business"].to_list(), rates["rate"].to_list(), strict=True))


def sold(frames: Frames, as_of: int, days: int) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Taxable value by (seller, buyer) among the businesses: (invoiced, moved under e-way bills)."""
    parties = frames["businesses"].lazy().select(counterparty_gstin="gstin", buyer="business")
    totals = []
    for name in ("gst_invoices", "eway_bills"):
        rows = frames[name].lazy().filter(seen(as_of, days), direction="out")
        if name == "gst_invoices":
            rows = rows.filter(pl.col("kind") != "CDNR", cancelled=False)
        by_pair = rows.join(parties, on="counterparty_gstin").group_by("business", "buyer")
        totals.append(pair_values(by_pair.agg(pl.col("taxable_paise").sum()).collect()))
    invoiced, moved = totals
    return invoiced, moved


def pair_values(rows: pl.DataFrame) -> dict[tuple[int, int], int]:
    """Rows (one, other, value) as a mapping."""
    return {(one, other): value for one, other, value in rows.iter_rows()}
