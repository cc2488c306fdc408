"""The simulated economy, written as files, comes back as the records it was: no rule refuses honest evidence."""

from datetime import date

import polars as pl
import pytest

from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.tabular import parse
from wallets.engine.world.simulation import simulate
from wallets.engine.world.spec import WorldSpec

AS_OF = 1_794_000_000_000_000
NOT_COMPARED = ("line", "purpose", "filed_at", "due_at")
NOT_IN_THE_ECONOMY = ("cess", "reverse_charge", "supply_type", "sub_supply_type", "value_date")


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    spec = WorldSpec(businesses=40, months=6, seed=3, end=date(2026, 6, 30), mix="demo")
    return simulate(spec).records.frames()


def rupees(name: str) -> pl.Expr:
    paise = pl.col(name)
    whole = (paise.abs() // 100).cast(pl.String) + "." + (paise.abs() % 100).cast(pl.String).str.zfill(2)
    return pl.when(paise < 0).then("-" + whole).otherwise(whole)


def moment(name: str, form: str = "%Y-%m-%dT%H:%M:%S%.6f+00:00") -> pl.Expr:
    return pl.from_epoch(pl.col(name), time_unit="us").dt.strftime(form)


def columns_of(kind: str, own: str) -> dict[str, pl.Expr]:
    """How each column of a template is written from the record frame, where it is not there by name."""
    sending = pl.col("direction") == "out"
    day = "%Y-%m-%d"
    return {
        "gst_invoices": {
            "invoice_date": moment("occurred_at", day),
            "buyer_gstin": pl.when(sending).then(pl.col("counterparty_gstin")).otherwise(pl.lit(own)),
            "rate": rupees("rate_bp"),
            "taxable_value": rupees("taxable_paise"),
            "igst": rupees("igst_paise"),
            "cgst": rupees("cgst_paise"),
            "sgst": rupees("sgst_paise"),
            "cancelled": pl.col("cancelled").cast(pl.String),
        },
        "gst_returns": {
            "period": (pl.col("period") % 12 + 1).cast(pl.String).str.zfill(2)
            + (pl.col("period") // 12).cast(pl.String),
            "due_date": moment("due_at", day),
            "filed_on": moment("filed_at", day),
            "turnover": rupees("turnover_paise"),
            "tax_cash": rupees("tax_cash_paise"),
            "tax_itc": rupees("tax_itc_paise"),
        },
        "upi_payments": {"occurred_at": moment("occurred_at"), "amount": rupees("amount_paise")},
        "eway_bills": {
            "generated_at": moment("occurred_at"),
            "from_gstin": pl.when(sending).then(pl.lit(own)).otherwise(pl.col("counterparty_gstin")),
            "to_gstin": pl.when(sending).then(pl.col("counterparty_gstin")).otherwise(pl.lit(own)),
            "total_value": rupees("value_paise"),
            "taxable_value": rupees("taxable_paise"),
        },
        "bank_entries": {
            "occurred_at": moment("occurred_at"),
            "amount": rupees("amount_paise"),
            "balance": rupees("balance_paise"),
        },
    }[kind]


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_what_the_economy_leaves_behind_is_read_back_as_it_was(kind: str, frames: dict[str, pl.DataFrame]) -> None:
    for business in range(6):
        own = str(frames["businesses"].filter(pl.col("business") == business)["gstin"][0])
        truth = frames[kind].filter(pl.col("business") == business)
        silent = {name: pl.lit("") for name in NOT_IN_THE_ECONOMY}
        written = truth.with_columns(**silent, **columns_of(kind, own)).select(TABLES[kind].headings.all)
        parsed = parse(written.write_csv().encode(), kind=kind, as_of=AS_OF, own_gstin=own)
        assert parsed.refusals == ()
        same = [name for name in parsed.rows.columns if name in truth.columns and name not in NOT_COMPARED]
        assert parsed.rows.select(same).equals(truth.select(same), null_equal=True)
