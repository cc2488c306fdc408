"""The economy written in the official formats comes back through the importers without one refusal."""

import json
from datetime import date

import polars as pl
import pytest

from wallets.engine.importers.eway.validation import validate
from wallets.engine.importers.formats import FORMATS
from wallets.engine.world.official import official_files
from wallets.engine.world.simulation import simulate
from wallets.engine.world.spec import WorldSpec

AS_OF = 1_794_000_000_000_000
BUSINESSES = 12
TAX = pl.sum_horizontal("taxable_paise", "igst_paise", "cgst_paise", "sgst_paise")


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    spec = WorldSpec(businesses=60, months=14, seed=4, end=date(2026, 6, 30), mix="demo")
    return simulate(spec).records.frames()


@pytest.fixture(scope="module")
def written(frames: dict[str, pl.DataFrame]) -> dict[int, dict[str, bytes]]:
    return {business: official_files(frames, business) for business in range(BUSINESSES)}


def kind_of(name: str) -> str:
    return name.split("-")[0].split(".")[0]


def own(frames: dict[str, pl.DataFrame], business: int) -> str:
    return str(frames["businesses"].filter(pl.col("business") == business)["gstin"][0])


def imported(frames: dict[str, pl.DataFrame], files: dict[str, bytes], business: int, kind: str) -> pl.DataFrame:
    gstin = own(frames, business)
    parts = [
        FORMATS[kind].parse(content, as_of=AS_OF, own_gstin=gstin).rows
        for name, content in files.items()
        if kind_of(name) == kind
    ]
    return pl.concat(parts, how="vertical_relaxed")


def test_nothing_is_refused(frames: dict[str, pl.DataFrame], written: dict[int, dict[str, bytes]]) -> None:
    kinds = set()
    for business, files in written.items():
        for name, content in files.items():
            parsed = FORMATS[kind_of(name)].parse(content, as_of=AS_OF, own_gstin=own(frames, business))
            assert parsed.refusals == (), (name, parsed.refusals[:2])
            kinds.add(kind_of(name))
    assert kinds == {"gstr1", "gstr2b", "gstr3b", "eway_bills", "aa_deposit", "upi_payments"}


def test_every_bill_is_valid(written: dict[int, dict[str, bytes]]) -> None:
    reports = [
        validate(files["eway_bills.json"], as_of=AS_OF) for files in written.values() if "eway_bills.json" in files
    ]
    assert sum(report.bills for report in reports) > 500
    assert sum(report.invalid for report in reports) == 0


@pytest.mark.parametrize(
    ("kind", "frame", "columns"),
    [
        (
            "eway_bills",
            "eway_bills",
            ("number", "direction", "value_paise", "taxable_paise", "from_pincode", "vehicle"),
        ),
        ("aa_deposit", "bank_entries", ("reference", "direction", "amount_paise", "balance_paise", "narration")),
        ("upi_payments", "upi_payments", ("reference", "direction", "amount_paise", "status", "occurred_at")),
        (
            "gstr2b",
            "gst_invoices",
            ("invoice_number", "supplier_gstin", "kind", "taxable_paise", "igst_paise", "rate_bp"),
        ),
    ],
)
def test_what_comes_back_is_what_was_written(
    frames: dict[str, pl.DataFrame],
    written: dict[int, dict[str, bytes]],
    kind: str,
    frame: str,
    columns: tuple[str, ...],
) -> None:
    for business, files in written.items():
        truth = frames[frame].filter(pl.col("business") == business)
        if kind == "gstr2b":
            truth = truth.filter((pl.col("direction") == "in") & ~pl.col("cancelled"))
        if truth.height:
            found = imported(frames, files, business, kind)
            assert found.select(columns).sort(columns).equals(truth.select(columns).sort(columns)), business


def test_the_invoices_of_filed_returns_come_back_with_their_sums(
    frames: dict[str, pl.DataFrame], written: dict[int, dict[str, bytes]]
) -> None:
    for business, files in written.items():
        filed = [json.loads(content)["fp"] for name, content in files.items() if kind_of(name) == "gstr1"]
        quarterly = frames["businesses"].filter(pl.col("business") == business)["quarterly_filer"][0]
        if quarterly or not filed:
            continue
        month = pl.from_epoch(pl.col("occurred_at"), time_unit="us").dt.strftime("%m%Y")
        sold = frames["gst_invoices"].filter(
            (pl.col("business") == business) & (pl.col("direction") == "out") & ~pl.col("cancelled"), month.is_in(filed)
        )
        back = imported(frames, files, business, "gstr1").filter(pl.col("version") == 0)
        for rows in (sold, back):
            assert rows.select(TAX.sum()).item() == sold.select(TAX.sum()).item()


def test_corrections_stand_in_the_return_that_amends(
    frames: dict[str, pl.DataFrame], written: dict[int, dict[str, bytes]]
) -> None:
    found = [json.loads(content) for files in written.values() for name, content in files.items() if "gstr1" in name]
    amending = [each for each in found if each.get("b2ba")]
    assert amending
    first = amending[0]["b2ba"][0]["inv"][0]
    assert first["oinum"] == first["inum"]
