"""A portrait of a simulated population in figures that somebody who knows the field can believe or doubt.

Works on frames of any origin (a world just made, or files read back). Reads the truth, so only evaluation may call it.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from creditiq.kernel.identifiers import gstin
from wallets.engine.importers.eway.validation import validate
from wallets.engine.world.credit import yearly_default_rate
from wallets.engine.world.official import bill_documents, bulk_file

Frames = Mapping[str, pl.DataFrame]
Rows = list[dict[str, object]]
_DAY = 86_400_000_000
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_MATCH_DAYS = 180
_CRORE = 10**9
MOST_JUDGED = 25_000
"""Bills judged by every rule, some 2,000 a second."""
_AT_ONCE = 5_000
_TAX = pl.sum_horizontal("igst_paise", "cgst_paise", "sgst_paise")


def describe(records: Frames, truth: Frames) -> dict[str, object]:
    """Every table of the portrait; money in rupees, times in days, shares from 0 to 1."""
    judged = judged_bills(records)
    return {
        "businesses": records["businesses"].height,
        "records": {name: frame.height for name, frame in records.items()},
        "turnover_by_size": turnover(records, "size"),
        "turnover_by_sector": turnover(records, "sector"),
        "payment_lag": payment_lags(records),
        "filing_delay": filing_delays(records),
        "default_rate": yearly_default_rate(records["outcomes"]),
        "default_by_health": default_by_health(records, truth),
        "upi_failures": upi_failures(records),
        "mandate_returns_90d": mandate_returns(records, truth),
        "profiles": dict(truth["businesses"]["profile"].value_counts(sort=True).iter_rows()),
        "frauds": dict(truth["frauds"]["typology"].value_counts(sort=True).iter_rows()),
        "rings": dict(truth["rings"].group_by("camouflage").len().sort("camouflage").iter_rows()),
        "hard_negatives": dict(truth["hard_negatives"]["kind"].value_counts(sort=True).iter_rows()),
        "share_of_gstins_valid": valid_gstins(records),
        "bills_judged": judged["judged"],
        "share_of_bills_valid": judged["valid"],
        "share_of_payments_with_both_legs": both_legs(records),
    }


def _spread(value: pl.Expr) -> list[pl.Expr]:
    return [value.quantile(q).round(2).alias(f"p{int(q * 100):02d}") for q in _QUANTILES]


def turnover(records: Frames, by: str) -> Rows:
    """Yearly outward taxable value in ₹ crore per business, by size or sector: quantiles."""
    sales = records["gst_invoices"].filter((pl.col("direction") == "out") & ~pl.col("cancelled"))
    signed = pl.when(pl.col("kind") == "CDNR").then(-pl.col("taxable_paise")).otherwise("taxable_paise").sum()
    days = (pl.col("occurred_at").max() - pl.col("occurred_at").min()) / _DAY + 30
    yearly = sales.group_by("business").agg(crore=signed / _CRORE, years=days / 365)
    known = yearly.join(records["businesses"].select("business", by), on="business")
    value = pl.col("crore") / pl.col("years")
    return known.group_by(by).agg(pl.len().alias("businesses"), *_spread(value)).sort(by).to_dicts()


def payment_lags(records: Frames) -> dict[str, float | None]:
    """Days from invoice to full payment: invoices matched to one transfer of the same parties and amount."""
    owners = records["businesses"].select(counterparty_gstin="gstin", payer="business")
    invoices = records["gst_invoices"].filter((pl.col("direction") == "out") & (pl.col("kind") == "B2B"))
    billed = invoices.join(owners, on="counterparty_gstin").select(
        "business", "payer", amount_paise=pl.col("taxable_paise") + _TAX, billed_at="occurred_at"
    )
    upi = records["upi_payments"].filter((pl.col("direction") == "in") & (pl.col("status") == "success"))
    bank = records["bank_entries"].filter(pl.col("purpose") == "receipt")
    keys = ("business", pl.col("counterparty").alias("payer"), "amount_paise", pl.col("occurred_at").alias("paid_at"))
    paid = pl.concat([upi.select(keys), bank.select(keys)]).drop_nulls("payer")
    lag = (pl.col("paid_at") - pl.col("billed_at")) / _DAY
    met = billed.join(paid, on=["business", "payer", "amount_paise"]).select(lag=lag)
    return met.filter(pl.col("lag").is_between(0, _MATCH_DAYS)).select(_spread(pl.col("lag"))).row(0, named=True)


def filing_delays(records: Frames) -> Rows:
    """Days after the due date by return type: quantiles of what was filed, share late, share never filed."""
    delay = (pl.col("filed_at") - pl.col("due_at")) / _DAY
    shares = [(delay.fill_null(1) > 0).mean().alias("late"), pl.col("filed_at").is_null().mean().alias("never")]
    by_type = records["gst_returns"].group_by("return_type").agg(pl.len().alias("due"), *_spread(delay), *shares)
    return by_type.sort("return_type").to_dicts()


def default_by_health(records: Frames, truth: Frames) -> Rows:
    """Share of loans 90 days past due within a year, by fifth of the borrower's mean hidden health."""
    year = 365 * _DAY
    level = truth["months"].group_by("business").agg(pl.col("health").mean()).sort("business")
    fifth = np.searchsorted(np.quantile(level["health"].to_numpy(), [0.2, 0.4, 0.6, 0.8]), level["health"].to_numpy())
    ranked = level.with_columns(pl.Series("fifth", fifth + 1))
    fell = (pl.col("defaulted_at") - pl.col("disbursed_at") <= year).fill_null(value=False)
    watched = records["outcomes"].filter(pl.col("observed_until") - pl.col("disbursed_at") >= year)
    return (
        watched.join(ranked, on="business")
        .group_by("fifth")
        .agg(pl.len().alias("loans"), fell.mean().round(4).alias("default_rate"))
        .sort("fifth")
        .to_dicts()
    )


def upi_failures(records: Frames) -> dict[str, float]:
    """Shares of outbound attempts by fate."""
    out = records["upi_payments"].filter(pl.col("direction") == "out")
    return {
        str(fate): round(count / out.height, 4) for fate, count in out["status"].value_counts(sort=True).iter_rows()
    }


def mandate_returns(records: Frames, truth: Frames) -> Rows:
    """Mandates returned per business in the last 90 days, by profile: mean and median."""
    entries = records["bank_entries"]
    since = pl.col("occurred_at") > pl.col("occurred_at").max() - 90 * _DAY
    returned = entries.filter(since).filter(pl.col("purpose") == "mandate_return").group_by("business").len("returned")
    every = truth["businesses"].join(returned, on="business", how="left").with_columns(pl.col("returned").fill_null(0))
    figures = [pl.col("returned").mean().round(3).alias("mean"), pl.col("returned").median().alias("median")]
    return every.group_by("profile").agg(pl.len().alias("businesses"), *figures).sort("profile").to_dicts()


def valid_gstins(records: Frames) -> float:
    """Share of all distinct GSTINs, own and counterparties', that pass the check digit and the rules."""
    invoices = records["gst_invoices"]
    columns = (records["businesses"]["gstin"], invoices["supplier_gstin"], invoices["counterparty_gstin"].drop_nulls())
    distinct = pl.concat([column.rename("gstin") for column in columns]).unique()
    return float(np.mean([gstin.is_valid(text) for text in distinct.to_list()]))


def judged_bills(records: Frames) -> dict[str, float]:
    """The bills by the rules of `validate_eway_bills`: how many were judged, and the share without an error.

    A bill that both its parties hold is judged once; of very many, every n-th in the order of their numbers.
    """
    bills = records["eway_bills"].sort("number", "direction").unique("number", keep="last", maintain_order=True)
    chosen = bills.gather_every(max(1, -(-bills.height // MOST_JUDGED)))
    last = records["eway_bills"].select(pl.col("received_at").max().fill_null(0)).item()
    valid = 0
    for piece in chosen.iter_slices(_AT_ONCE):
        content = bulk_file(bill_documents({**records, "eway_bills": piece}))
        valid += validate(content, as_of=last).valid
    return {"judged": chosen.height, "valid": valid / max(chosen.height, 1)}


def both_legs(records: Frames) -> float:
    """Share of successful payments between two businesses of the population that both of them hold alike."""
    upi = records["upi_payments"].filter(pl.col("status") == "success").with_columns(out=pl.col("direction") == "out")
    bank = records["bank_entries"].with_columns(out=pl.col("direction") == "debit")
    columns = ("business", "counterparty", "reference", "amount_paise", "occurred_at", "out")
    legs = pl.concat([upi.select(columns), bank.select(columns)]).drop_nulls("counterparty")
    paid, taken = legs.filter("out"), legs.filter(~pl.col("out"))
    key = ["reference", "amount_paise", "occurred_at"]
    both = paid.join(taken, left_on=["business", "counterparty", *key], right_on=["counterparty", "business", *key])
    return 2 * both.height / max(legs.height, 1)
