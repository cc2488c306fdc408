"""What a year of evidence says about turnover, cash flow, debt service and filing. Frames in, rupees out."""

from collections.abc import Mapping
from decimal import Decimal

import polars as pl
import pyarrow as pa

from creditiq.kernel.money import from_paise, rupees
from lending.engine.dossier import Flows

DAY = 86_400_000_000
YEAR = 365 * DAY
QUARTER = 92 * DAY
MONTH = Decimal(YEAR) / 12
# What running the business costs. Loans, capital, drawings, assets and transfers to oneself are not operations:
# cash available for debt service is counted before the owner takes any of it.
COSTS = ("supplier", "salary", "rent", "gst", "epf", "esic", "tds", "mandate_ok")


def flows(frames: Mapping[str, pa.Table], as_of: int, *, defaults: tuple[int | None, ...] | None) -> Flows:
    """The flows of one business as known at `as_of` (microseconds); frames as in the evidence contract.

    An empty frame means the kind was not shared. `defaults` holds per earlier loan the day it fell 90 days
    behind or None; itself None when there is no loan history.
    """
    bank, upi = _last_year(frames["bank_entries"], as_of), _last_year(frames["upi_payments"], as_of)
    return Flows(
        turnover=_turnover(_last_year(frames["gst_invoices"], as_of)),
        digital=_digital(upi),
        net_flow=_net_flow(bank, upi, as_of),
        debt_service=_debt_service(bank, upi, as_of),
        filing_gaps=_filing_gaps(_frame(frames["gst_returns"]), as_of),
        default_seen=_default_seen(defaults, as_of, bank_shared=not bank.is_empty()),
    )


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError("evidence comes as tables")
    return frame


def _last_year(table: pa.Table, as_of: int) -> pl.DataFrame:
    return _frame(table).filter(pl.col("occurred_at") > as_of - YEAR, pl.col("occurred_at") <= as_of)


def _paise(frame: pl.DataFrame, column: str = "amount_paise") -> int:
    return int(frame.get_column(column).sum())


def _turnover(invoices: pl.DataFrame) -> Decimal | None:
    """Taxable value of outward supplies less credit notes."""
    if invoices.is_empty():
        return None
    sold = invoices.filter(pl.col("direction") == "out", ~pl.col("cancelled"))
    credit_note = pl.col("kind") == "CDNR"
    return from_paise(
        _paise(sold.filter(~credit_note), "taxable_paise") - _paise(sold.filter(credit_note), "taxable_paise")
    )


def _digital(upi: pl.DataFrame) -> Decimal | None:
    if upi.is_empty():
        return None
    return from_paise(_paise(_settled(upi).filter(pl.col("direction") == "in", pl.col("kind") == "P2M")))


def _settled(upi: pl.DataFrame) -> pl.DataFrame:
    return upi.filter(pl.col("status") == "success")


def _net_flow(bank: pl.DataFrame, upi: pl.DataFrame, as_of: int) -> Decimal | None:
    """Operating receipts less operating payments, a month.

    A statement that lists UPI entries already holds them; otherwise the UPI record is added to it.
    """
    if bank.is_empty() and upi.is_empty():
        return None
    net = _bank_net(bank)
    if bank.filter(pl.col("mode") == "UPI").is_empty():
        net += _upi_net(upi)
    first = min(int(frame.select(pl.col("occurred_at").min()).item()) for frame in (bank, upi) if not frame.is_empty())
    months = max(Decimal(as_of - first) / MONTH, Decimal(1))
    return rupees(from_paise(net) / months)


def _bank_net(bank: pl.DataFrame) -> int:
    """Receipts less costs. A statement shows UPI takings as settlements without a purpose: they are receipts too."""
    settlement = pl.col("mode") == "UPI"
    earned = bank.filter(pl.col("direction") == "credit", (pl.col("purpose") == "receipt") | settlement)
    spent = bank.filter(pl.col("direction") == "debit", pl.col("purpose").is_in(COSTS) | settlement)
    return _paise(earned) - _paise(spent)


def _upi_net(upi: pl.DataFrame) -> int:
    settled = _settled(upi)
    inward = pl.col("direction") == "in"
    return _paise(settled.filter(inward)) - _paise(settled.filter(~inward))


def _debt_service(bank: pl.DataFrame, upi: pl.DataFrame, as_of: int) -> Decimal | None:
    """Instalments of the last quarter, a month: what is being repaid now, not a year ago."""
    if bank.is_empty():
        return None if upi.is_empty() else Decimal(0)
    recent = bank.filter(pl.col("purpose") == "emi", pl.col("direction") == "debit")
    return rupees(from_paise(_paise(recent.filter(pl.col("occurred_at") > as_of - QUARTER))) / 3)


def _filing_gaps(returns: pl.DataFrame, as_of: int) -> int | None:
    """GSTR-3B returns that fell due within the year and were not filed by `as_of`."""
    if returns.is_empty():
        return None
    due = returns.filter(pl.col("return_type") == "GSTR3B", pl.col("due_at") > as_of - YEAR, pl.col("due_at") <= as_of)
    return due.filter(pl.col("filed_at").is_null() | (pl.col("filed_at") > as_of)).height


def _default_seen(defaults: tuple[int | None, ...] | None, as_of: int, *, bank_shared: bool) -> bool | None:
    if defaults is None:
        return False if bank_shared else None
    return any(fallen is not None and fallen <= as_of for fallen in defaults)
