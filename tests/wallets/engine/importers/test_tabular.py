"""Rows of every kind of record, in every form a table can come in."""

import dataclasses
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditiq.kernel.identifiers import gstin
from tests.wallets.engine.importers.samples import AS_OF, KINDS, OTHER, OWN, csv_of, good_row, parquet_of, xlsx_of
from wallets.engine.importers import grid
from wallets.engine.importers.catalogue import TABLES, column_notes
from wallets.engine.importers.checks import valid_gstins
from wallets.engine.importers.rejections import Parsed
from wallets.engine.importers.tabular import form_of, parse

FORMS = {"csv": csv_of, "xlsx": xlsx_of, "parquet": parquet_of}
FRAMES = {
    "gst_invoices": {
        "direction", "supplier_gstin", "counterparty_gstin", "invoice_number", "financial_year", "kind", "cancelled",
        "hsn", "place_of_supply", "rate_bp", "taxable_paise", "igst_paise", "cgst_paise", "sgst_paise", "occurred_at",
        "cess_paise", "reverse_charge",
    },
    "gst_returns": {
        "return_type", "period", "due_at", "filed_at", "turnover_paise", "tax_cash_paise", "tax_itc_paise", "arn",
        "occurred_at", "due_told",
    },
    "upi_payments": {
        "reference", "direction", "amount_paise", "kind", "status", "vpa", "counterparty_vpa", "occurred_at",
    },
    "eway_bills": {
        "number", "direction", "counterparty_gstin", "document_type", "document_number", "value_paise",
        "taxable_paise", "distance_km", "hsn", "from_pincode", "to_pincode", "from_state", "to_state", "vehicle",
        "transport_mode", "occurred_at", "supply_type", "sub_supply_type",
    },
    "bank_entries": {
        "account", "reference", "direction", "mode", "purpose", "amount_paise", "balance_paise", "narration",
        "occurred_at", "value_date",
    },
}  # fmt: skip


def read(kind: str, content: bytes, as_of: int = AS_OF) -> Parsed:
    return parse(content, kind=kind, as_of=as_of, own_gstin=OWN)


@pytest.mark.parametrize("kind", KINDS)
def test_every_template_is_accepted_whole_and_fills_its_frame(kind: str) -> None:
    parsed = read(kind, TABLES[kind].template.encode())
    assert (parsed.lines, parsed.refusals, parsed.rows["line"].to_list()) == (2, (), [2, 3])
    assert set(parsed.rows.columns) == FRAMES[kind] | {"line"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_without_rows_has_the_columns_and_types_of_one_with_rows(kind: str) -> None:
    full = read(kind, TABLES[kind].template.encode()).rows
    for write in FORMS.values():
        parsed = read(kind, write(kind, []))
        assert (parsed.rows.schema, parsed.rows.height, parsed.refusals) == (full.schema, 0, ())


@pytest.mark.parametrize("kind", KINDS)
def test_all_forms_of_the_same_rows_are_read_alike(kind: str) -> None:
    row = good_row(kind)
    frames = [read(kind, write(kind, [row])).rows.drop("line") for write in FORMS.values()]
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_explained_and_a_wrong_value_in_it_is_refused_by_name(kind: str) -> None:
    for name, meaning, _ in column_notes(kind):
        parsed = read(kind, csv_of(kind, [good_row(kind), good_row(kind, **{name: "\u0001\u0002\u0003"})]))
        assert meaning
        assert {(it.line, it.field) for it in parsed.refusals if it.field == name} == {(3, name)}, name


@pytest.mark.parametrize("kind", KINDS)
def test_columns_that_need_not_be_filled_need_not_be_there(kind: str) -> None:
    table = TABLES[kind]
    required = table.headings.required
    row = good_row(kind) | ({"kind": "EXP"} if kind == "gst_invoices" else {})
    content = ",".join(required) + "\n" + ",".join(row[name] for name in required)
    assert read(kind, content.encode()).refusals == ()
    optional_empty = row | dict.fromkeys(table.headings.optional, "")
    assert read(kind, csv_of(kind, [optional_empty])).refusals == ()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_record_twice_is_told(kind: str) -> None:
    parsed = read(kind, csv_of(kind, [good_row(kind), good_row(kind)]))
    assert [(it.line, it.rule) for it in parsed.refusals] == [(3, TABLES[kind].key_rule)]
    assert (parsed.rows.height, parsed.refused_lines) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "changes", "rule"),
    [
        ("gst_invoices", {"supplier_gstin": "22AAAAA0000A1Z5"}, "gstin.check_digit"),
        ("gst_invoices", {"supplier_gstin": OTHER}, "invoice.own"),
        ("gst_invoices", {"buyer_gstin": OWN}, "invoice.self"),
        ("gst_invoices", {"buyer_gstin": ""}, "invoice.buyer"),
        ("gst_invoices", {"kind": "B2CS"}, "invoice.consumer"),
        ("gst_invoices", {"invoice_date": "2099-01-01"}, "invoice.date_future"),
        ("gst_invoices", {"invoice_date": "01-01-1900"}, "invoice.date_past"),
        ("gst_invoices", {"invoice_date": "31-02-2026"}, "invoice.date"),
        ("gst_invoices", {"cgst": "5", "sgst": "5"}, "invoice.heads"),
        ("gst_invoices", {"igst": "0", "cgst": "5", "sgst": "50"}, "invoice.halves"),
        ("gst_invoices", {"igst": "900000"}, "invoice.tax_high"),
        ("gst_invoices", {"rate": "41"}, "invoice.rate"),
        ("gst_invoices", {"place_of_supply": "39"}, "invoice.place"),
        ("gst_invoices", {"taxable_value": "1234567890123456789"}, "invoice.taxable"),
        ("gst_returns", {"period": "13-2026"}, "return.period"),
        ("gst_returns", {"period": "12-2026", "due_date": "", "filed_on": "", "arn": ""}, "return.period_future"),
        ("gst_returns", {"period": "06-2017"}, "return.period_past"),
        ("gst_returns", {"filed_on": "2026-05-01"}, "return.filed_early"),
        ("gst_returns", {"filed_on": "2027-05-01"}, "return.filed_future"),
        ("gst_returns", {"due_date": "2026-05-01"}, "return.due_early"),
        ("gst_returns", {"filed_on": ""}, "return.arn_unfiled"),
        ("eway_bills", {"number": "33100000000"}, "eway.number"),
        ("eway_bills", {"from_gstin": "29AAACG0569P1Z3"}, "eway.own"),
        ("eway_bills", {"from_state": "28"}, "eway.state"),
        ("eway_bills", {"taxable_value": "200000"}, "eway.taxable_high"),
        ("eway_bills", {"distance_km": "4001"}, "eway.distance"),
        ("eway_bills", {"vehicle": "MH 12"}, "eway.vehicle"),
        ("eway_bills", {"generated_at": "2017-01-01 00:00:00"}, "eway.time_past"),
        ("bank_entries", {"amount": "0"}, "bank.amount"),
        ("bank_entries", {"balance": "--5"}, "bank.balance"),
        ("bank_entries", {"mode": "BARTER"}, "bank.mode"),
        ("bank_entries", {"occurred_at": "1999-12-31 23:00:00"}, "bank.time_past"),
    ],
)
def test_a_broken_rule_is_told_on_its_line(kind: str, changes: dict[str, str], rule: str) -> None:
    parsed = read(kind, csv_of(kind, [good_row(kind, **changes)]))
    assert rule in {it.rule for it in parsed.refusals}
    assert {it.line for it in parsed.refusals} == {2}
    assert parsed.rows.is_empty()


def test_a_sale_goes_out_to_its_buyer_and_a_purchase_comes_in_from_its_supplier() -> None:
    rows = [
        good_row("gst_invoices"),
        good_row("gst_invoices", supplier_gstin=OTHER, buyer_gstin=OWN, invoice_date="31-03-2026"),
    ]
    parsed = read("gst_invoices", csv_of("gst_invoices", rows)).rows
    assert parsed.select("direction", "counterparty_gstin", "financial_year").rows() == [
        ("out", OTHER, 2026),
        ("in", OTHER, 2025),
    ]


def test_a_document_of_this_morning_is_known_as_of_now_and_not_at_midday() -> None:
    morning = 1_790_812_800_000_000 - 5 * 3_600_000_000
    row = good_row("gst_invoices", invoice_date="2026-10-01")
    assert read("gst_invoices", csv_of("gst_invoices", [row]), morning).rows["occurred_at"][0] == morning
    assert read("gst_invoices", csv_of("gst_invoices", [row])).rows["occurred_at"][0] == 1_790_836_200_000_000


@pytest.mark.parametrize(("kind", "day"), [("GSTR1", 11), ("GSTR3B", 20)])
def test_a_return_without_a_due_date_falls_due_on_the_usual_day(kind: str, day: int) -> None:
    row = good_row("gst_returns", return_type=kind, period="122025", due_date="", filed_on="", arn="")
    parsed = read("gst_returns", csv_of("gst_returns", [row])).rows
    assert datetime.fromtimestamp(parsed["due_at"][0] / 1e6, UTC).date() == date(2026, 1, day)
    assert parsed["filed_at"][0] is None


def test_an_annual_return_is_of_the_march_that_ends_its_year_and_falls_due_in_december() -> None:
    rows = [good_row("gst_returns", return_type="GSTR9", period=period, due_date="", filed_on="", arn="")
            for period in ("032026", "042026")]  # fmt: skip
    parsed = read("gst_returns", csv_of("gst_returns", rows))
    assert datetime.fromtimestamp(parsed.rows["due_at"][0] / 1e6, UTC).date() == date(2026, 12, 31)
    assert [(it.line, it.rule) for it in parsed.refusals] == [(3, "return.period_annual")]


def test_the_gstin_check_of_columns_is_that_of_the_kernel() -> None:
    special = ["07AAAAA1234A1DB", "9917USA29001OSB", "0117UNO00001UN5", "27AAPFU0939F1CV", "AAAAAAAAAAAAAAA"]
    repaired = [text[:14] + gstin.check_character(text[:14]) for text in special]
    texts = [OWN, OTHER, OWN.lower(), OWN + "\n", "", "२७AAPFU0939F1Z", *special, *repaired]
    assert valid_gstins(pl.Series(texts)).to_list() == [gstin.is_valid(text) for text in texts]


@given(st.lists(st.text(alphabet="0123456789AFPUVZ", min_size=15, max_size=15) | st.just(OWN), max_size=8))
def test_random_texts_pass_the_column_check_just_when_they_pass_the_kernels(texts: list[str]) -> None:
    assert valid_gstins(pl.Series(texts, dtype=pl.String)).to_list() == [gstin.is_valid(text) for text in texts]


@st.composite
def payments(draw: st.DrawFn) -> list[dict[str, str]]:
    digits = st.text(alphabet="0123456789", min_size=12, max_size=12)
    references = draw(st.lists(digits, min_size=1, max_size=6, unique=True))
    return [
        good_row(
            "upi_payments",
            reference=reference,
            amount=f"{draw(st.integers(0, 9_999_999))}.{draw(st.integers(1, 99)):02d}",
            direction=draw(st.sampled_from(["in", "out"])),
            status=draw(st.sampled_from(["success", "failed_funds"])),
        )
        for reference in references
    ]


@settings(max_examples=25, deadline=None)
@given(payments(), st.sampled_from(sorted(FORMS)))
def test_what_is_written_is_read_back_exactly(rows: list[dict[str, str]], form: str) -> None:
    parsed = read("upi_payments", FORMS[form]("upi_payments", rows))
    paise = [int(row["amount"].replace(".", "")) for row in rows]
    assert parsed.refusals == ()
    assert parsed.rows["amount_paise"].to_list() == paise
    assert parsed.rows.select("reference", "direction", "status").rows() == [
        (row["reference"], row["direction"], row["status"]) for row in rows
    ]


@settings(max_examples=25, deadline=None)
@given(payments(), st.data(), st.sampled_from(sorted(FORMS)))
def test_a_changed_value_is_refused_on_its_own_line_and_no_other(
    rows: list[dict[str, str]], data: st.DataObject, form: str
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(["reference", "amount", "status", "vpa", "occurred_at"]))
    rows[place] = rows[place] | {field: "१२३"}
    parsed = read("upi_payments", FORMS[form]("upi_payments", rows))
    line = place + (1 if form == "parquet" else 2)
    assert {(it.line, it.field) for it in parsed.refusals} == {(line, field)}
    assert parsed.rows.height == len(rows) - 1


def test_refusals_are_kept_up_to_a_limit_over_all_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MOST_KEPT", 4)
    rows = [good_row("bank_entries", amount="x", mode="y") for _ in range(5)]
    parsed = read("bank_entries", csv_of("bank_entries", rows))
    assert ([it.line for it in parsed.refusals], parsed.refused_lines) == ([2, 2, 3, 3], 5)


def test_a_table_and_its_columns_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TABLES["gst_invoices"].kind = "other"
    assert (form_of(b"PK\x03\x04.."), form_of(b"PAR1.."), form_of(b"")) == ("xlsx", "parquet", "csv")
