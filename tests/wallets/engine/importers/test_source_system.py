"""The parquet layouts of the source system as our frames."""

import io

import polars as pl
import pytest

from tests.wallets.engine.importers.samples import AS_OF, NEIGHBOUR, OTHER, OWN
from wallets.engine.importers.rejections import Parsed, UnreadableFile
from wallets.engine.importers.source_system import LAYOUTS, PROFILE_COLUMNS, parse, parse_own, read_profiles

MOMENT = "2026-06-14 10:00:00"
INVOICE = {
    "gstin": OWN, "invoice_id": "7f1c9a52-0000-4000-8000-000000000001", "timestamp": MOMENT, "taxable_value": 1000.0,
    "gst_amount": 180.0, "buyer_gstin": OTHER, "filing_status": "filed", "filing_delay_days": 3,
}  # fmt: skip
PAYMENT = {
    "gstin": OWN, "vpa": "Shop@okaxis", "timestamp": MOMENT, "amount": 10.1, "direction": "outbound",
    "counterparty_vpa": "mill@ybl", "txn_type": "P2P", "status": "SUCCESS",
}  # fmt: skip
BILL = {
    "gstin": OWN, "eway_id": "331000000001", "timestamp": MOMENT, "fromGstin": OWN, "toGstin": OTHER, "docType": "INV",
    "docNo": "A1", "totalValue": 1000.0, "totInvValue": 1180.0, "transDistance": 980, "transMode": 1,
    "vehicleNo": "MH12AB1234", "mainHsnCode": "7208", "fromPincode": "400001", "toPincode": "560001",
    "fromStateCode": 27, "toStateCode": 29,
}  # fmt: skip
SAMPLES = {"gst_invoices": INVOICE, "gst_returns": INVOICE, "upi_transactions": PAYMENT, "eway_bills": BILL}


def file_of(*rows: dict[str, object]) -> bytes:
    stream = io.BytesIO()
    frame = pl.DataFrame(list(rows))
    frame.with_columns(pl.col("timestamp").str.to_datetime()).write_parquet(stream)
    return stream.getvalue()


def read(layout: str, *rows: dict[str, object], own: str = "") -> Parsed:
    return parse(file_of(*rows), layout=layout, as_of=AS_OF, own_gstin=own)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_read_for_all_businesses_or_for_one(layout: str) -> None:
    rows = (SAMPLES[layout], SAMPLES[layout] | {"gstin": NEIGHBOUR})
    assert (read(layout, *rows).rows.height, read(layout, *rows).refusals) == (2, ())
    assert read(layout, *rows, own=OWN).rows["gstin"].to_list() == [OWN]


def test_tax_is_split_by_state_and_its_rate_is_the_nearest_slab() -> None:
    other = INVOICE | {"buyer_gstin": NEIGHBOUR, "gst_amount": 50.01}
    rows = read("gst_invoices", INVOICE, other, INVOICE | {"buyer_gstin": None}).rows
    assert rows.select("rate_bp", "igst_paise", "cgst_paise", "sgst_paise", "kind").rows() == [
        (1800, 18_000, 0, 0, "B2B"), (500, 0, 2_500, 2_501, "B2B"), (1800, 0, 9_000, 9_000, "B2CS"),
    ]  # fmt: skip
    assert rows["invoice_number"].str.len_chars().to_list() == [16, 16, 16]


def test_invoices_of_a_month_make_one_return_as_late_as_its_latest() -> None:
    rows = read("gst_returns", INVOICE, INVOICE | {"filing_delay_days": 9, "taxable_value": 0.5}).rows
    row = rows.row(0, named=True)
    assert (rows.height, row["period"], row["turnover_paise"]) == (1, 2026 * 12 + 5, 100_050)
    assert row["filed_at"] - row["due_at"] == 9 * 86_400_000_000
    assert read("gst_returns", INVOICE | {"filing_status": "pending"}).rows["filed_at"].to_list() == [None]


def test_both_legs_of_a_payment_get_the_same_reference() -> None:
    other = PAYMENT | {"gstin": OTHER, "vpa": "mill@ybl", "counterparty_vpa": "shop@okaxis", "direction": "inbound"}
    rows = read("upi_transactions", PAYMENT, other, PAYMENT | {"status": "FAILED_INSUFFICIENT_FUNDS"}).rows
    assert rows["reference"].n_unique() == 1
    assert rows["direction"].to_list() == ["out", "in", "out"]
    assert (rows["amount_paise"][0], rows["status"][2]) == (1_010, "failed_funds")


def test_a_bill_is_read_from_its_official_names() -> None:
    row = read("eway_bills", BILL).rows.row(0, named=True)
    assert (row["number"], row["direction"], row["counterparty_gstin"]) == ("331000000001", "out", OTHER)
    assert (row["value_paise"], row["taxable_paise"], row["from_state"]) == (118_000, 100_000, 27)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"gstin": "x"}, "gstin"),
        ({"taxable_value": float("nan")}, "taxable_value"),
        ({"taxable_value": -1.0}, "taxable_value"),
        ({"taxable_value": 1e300}, "taxable_value"),
        ({"timestamp": "2099-01-01 00:00:00"}, "timestamp"),
    ],
)
def test_a_wrong_row_is_refused(changes: dict[str, object], field: str) -> None:
    parsed = read("gst_invoices", INVOICE, INVOICE | changes)
    assert [(it.line, it.field) for it in parsed.refusals] == [(2, field)]
    assert parsed.rows["line"].to_list() == [1]


def test_moments_as_text_or_numbers_are_read_as_well() -> None:
    for moment in (MOMENT, 1_781_431_200_000_000):
        stream = io.BytesIO()
        pl.DataFrame([INVOICE | {"timestamp": moment}]).write_parquet(stream)
        rows = parse(stream.getvalue(), layout="gst_invoices", as_of=AS_OF).rows
        assert rows["occurred_at"].to_list() == [1_781_431_200_000_000]


def test_a_file_of_another_layout_is_refused_whole() -> None:
    assert [it.rule for it in read("eway_bills", PAYMENT).refusals] == ["csv.header"]
    assert [it.rule for it in parse(b"PAR1", layout="eway_bills", as_of=AS_OF).refusals] == ["parquet.broken"]


def test_profiles_are_read_as_they_are() -> None:
    stream = io.BytesIO()
    pl.DataFrame({name: ["x"] for name in PROFILE_COLUMNS}).write_parquet(stream)
    assert read_profiles(stream.getvalue()).columns == list(PROFILE_COLUMNS)
    with pytest.raises(UnreadableFile):
        read_profiles(file_of(PAYMENT))


def of_owner(layout: str, *rows: dict[str, object]) -> Parsed:
    return parse_own(file_of(*rows), layout=layout, as_of=AS_OF, own_gstin=OWN)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_owner_gets_only_own_rows_and_is_told_when_there_are_none(layout: str) -> None:
    theirs = SAMPLES[layout] | {"gstin": NEIGHBOUR}
    mine = of_owner(layout, SAMPLES[layout], theirs)
    assert (mine.rows.height, mine.lines, "gstin" in mine.rows.columns) == (1, 1, False)
    assert [it.rule for it in of_owner(layout, theirs).refusals] == ["source.own"]


@pytest.mark.parametrize(
    ("layout", "change", "field"),
    [
        ("eway_bills", {"docType": None}, "document_type"),
        ("eway_bills", {"vehicleNo": "MH\x0012"}, "vehicle"),
        ("upi_transactions", {"vpa": "a\x00b@ybl"}, "vpa"),
    ],
)
def test_a_row_that_cannot_be_kept_is_refused_by_its_field(layout: str, change: dict[str, object], field: str) -> None:
    parsed = of_owner(layout, SAMPLES[layout], SAMPLES[layout] | change)
    assert (parsed.rows.height, parsed.refused_lines) == (1, 1)
    assert [(it.line, it.field, it.rule) for it in parsed.refusals] == [(2, field, "source.value")]
