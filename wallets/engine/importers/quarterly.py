"""Returns of quarterly filers (QRMP): which day each falls due, and which month owes none.

The tables know a business's file and not how it files; this is applied where the business is known. A return that
says itself when it fell due keeps that day.
"""

from collections.abc import Collection
from datetime import date

import polars as pl

from creditiq.kernel.gst_calendar import MONTHS_OF_A_QUARTER, Return, due_on, offered_until
from wallets.engine.importers.columns import DAY, MIDDAY


def dated_by_quarter(
    rows: pl.DataFrame, *, state_code: int, as_of: int, by_month: Collection[int] = ()
) -> pl.DataFrame:
    """The gst_returns frame with the due days of a quarterly filer; `as_of` in microseconds.

    `by_month`: quarters (period ÷ 3) that other files tell to have been filed month by month.

    A month within a quarter is not unfiled: what is told of it without a filing has `filing_known` false, and invoices
    furnished for it (IFF) count from the day they could be furnished until. A quarter in which a GSTR-3B of such a
    month was filed was filed month by month, and keeps the monthly days.
    """
    if rows.is_empty() or "due_told" not in rows.columns:
        return rows
    known = pl.col("filing_known") if "filing_known" in rows.columns else pl.lit(True)
    monthwise = _filed_by_month(rows).union(by_month)
    days: list[int | None] = []
    owed: list[bool] = []
    for kind, period, told, filed, due in rows.select(
        "return_type", "period", "due_told", pl.col("filed_at").is_not_null(), "due_at"
    ).iter_rows():
        which = Return(kind.lower())
        monthly = told or (which is Return.GSTR3B and period // MONTHS_OF_A_QUARTER in monthwise)
        day = None if monthly else due_on(which, period, state_code=state_code, quarterly=True)
        if day is None and which is Return.GSTR1 and not monthly:
            day, needed = offered_until(period), False
        else:
            needed = monthly or day is not None
        days.append(_midday(day) if day else due)
        owed.append(filed or needed)
    due_at = pl.Series("due_at", days, dtype=pl.Int64)
    return rows.with_columns(
        due_at=due_at,
        occurred_at=pl.min_horizontal(due_at, pl.lit(as_of, dtype=pl.Int64)),
        filing_known=known & pl.Series(owed, dtype=pl.Boolean),
    )


def _filed_by_month(rows: pl.DataFrame) -> frozenset[int]:
    """Quarters (period ÷ 3) with a GSTR-3B filed for one of their first two months."""
    within = rows.filter(
        pl.col("return_type") == "GSTR3B",
        pl.col("filed_at").is_not_null(),
        pl.col("period") % MONTHS_OF_A_QUARTER != MONTHS_OF_A_QUARTER - 1,
    )
    return frozenset((within["period"] // MONTHS_OF_A_QUARTER).to_list())


def summary_due(period: int, *, state_code: int, quarterly: bool) -> int | None:
    """When the GSTR-3B of a month is due, in microseconds; None: none is owed."""
    day = due_on(Return.GSTR3B, period, state_code=state_code, quarterly=quarterly)
    return _midday(day) if day else None


def _midday(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY + MIDDAY
