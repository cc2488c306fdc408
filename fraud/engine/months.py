"""Invoiced and received by calendar month, for the eye: the same rows as `receivables_gap`, by India's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from fraud.engine.paper import TAX
from fraud.engine.receivables import Bucket

INDIA = timedelta(hours=5, minutes=30)


def month_starts(last: date, months: int) -> tuple[date, ...]:
    """First days of the last `months` calendar months up to that of `last`, oldest first.

    >>> month_starts(date(2026, 2, 14), 3)
    (datetime.date(2025, 12, 1), datetime.date(2026, 1, 1), datetime.date(2026, 2, 1))
    """
    counted = last.year * 12 + last.month - 1
    return tuple(date(one // 12, one % 12 + 1, 1) for one in range(counted - months + 1, counted + 1))


def by_month(frames: Mapping[str, pl.DataFrame], as_of: int, months: int) -> tuple[tuple[date, Bucket], ...]:
    """What one business invoiced (with tax, less credit notes) and received on all rails, month by month."""
    known = (pl.col("occurred_at") <= as_of) & (pl.col("received_at") <= as_of)
    invoices = frames["gst_invoices"].filter(known, direction="out", cancelled=False)
    sign = pl.when(pl.col("kind") == "CDNR").then(-1).otherwise(1)
    upi = frames["upi_payments"].filter(known, direction="in", status="success", kind="P2M")
    # A bank entry of mode UPI is the settlement of payments already counted one by one.
    bank = frames["bank_entries"].filter(known, pl.col("mode") != "UPI", purpose="receipt")
    billed = _sums(invoices.select("occurred_at", paise=sign * pl.sum_horizontal(TAX)))
    paid = _sums(pl.concat([rows.select("occurred_at", paise="amount_paise") for rows in (upi, bank)]))
    last = (pl.Series([as_of], dtype=pl.Int64).cast(pl.Datetime("us")) + INDIA).dt.date()[0]
    return tuple((one, Bucket(billed.get(one, 0), paid.get(one, 0))) for one in month_starts(last, months))


def _sums(rows: pl.DataFrame) -> dict[date, int]:
    local = pl.from_epoch("occurred_at", time_unit="us") + INDIA
    sums = rows.group_by(start=local.dt.truncate("1mo").dt.date()).agg(pl.col("paise").sum().cast(pl.Int64))
    return dict(sums.iter_rows())
