"""Slips of the pen and their corrections."""

import polars as pl

from wallets.engine.world.simulation import Simulation

KEYS = ["business", "supplier_gstin", "invoice_number", "financial_year"]


def test_a_few_invoices_of_honest_sellers_are_corrected_later(development: Simulation) -> None:
    amended, invoices = development.records.gst_amendments, development.records.gst_invoices
    assert 0.001 < amended.height / invoices.height < 0.01
    both = amended.join(invoices, on=KEYS, suffix="_first")
    assert both.height == amended.height
    assert (both["taxable_paise"] != both["taxable_paise_first"]).all()
    assert (both["received_at"] > both["received_at_first"]).all()
    crooked = development.truth.businesses.filter(pl.col("profile").is_in(["shell_circular", "paper_trader"]))
    sent = amended.filter(pl.col("direction") == "out")
    assert not sent["business"].is_in(crooked["business"].implode()).any()


def test_a_correction_names_what_it_replaces_and_the_return_it_stands_in(development: Simulation) -> None:
    amended = development.records.gst_amendments
    assert (amended["amended_from"] == amended["invoice_number"]).all()
    assert (amended["amended_from_year"] == amended["financial_year"]).all()
    day = pl.from_epoch("occurred_at", time_unit="us").dt
    months = amended.select(later=pl.col("version") - day.year() * 12 - day.month() + 1)["later"]
    assert months.is_between(1, 3).all()


def test_a_correction_carries_the_tax_of_the_right_value(development: Simulation) -> None:
    amended = development.records.gst_amendments
    tax = amended["igst_paise"] + amended["cgst_paise"] + amended["sgst_paise"]
    assert ((tax * 10_000 - amended["taxable_paise"] * amended["rate_bp"]).abs() <= 20_000).all()
