"""At least 5,000 generated cases per importer: every row comes back as it was written, or is refused by its number.

A case is one row, bill, document or transaction with one member replaced by anything; files hold many of them, because
a file costs more than its rows. What makes a whole file unreadable (NaN, broken syntax) is in `test_hostile`.
"""

import copy
import io
import json
from collections.abc import Callable, Mapping
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.wallets.engine.importers.samples import (
    AS_OF,
    OTHER,
    OWN,
    bill,
    bulk,
    csv_of,
    deposit_xml,
    good_row,
    gstr1,
    gstr2b,
    invoice,
    note,
    parquet_of,
    xlsx_of,
)
from tests.wallets.engine.importers.test_source_system import SAMPLES
from wallets.engine.importers import ndjson, source_system
from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.formats import FORMATS
from wallets.engine.importers.rejections import Parsed

CASES, A_FILE, PALETTE = 5_000, 200, 24
NAUGHTY = (
    "", "0", "-1", "1e5", "NaN", "Infinity", "9" * 19, "0.005", "1,000", "١٢٣", "=1+1", "＝cmd", "1900-01-01",
    "2030-01-01", "31-02-2026", "\x00", "\ufeff", "null", "'", '"', "a\nb", "\t", "URP", OTHER, "True", "​",
)  # fmt: skip
WORDS = st.one_of(st.sampled_from(NAUGHTY), st.text(max_size=24), st.decimals(-1, 10**9, places=2).map(str))
VALUES = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(-(10**20), 10**20),
    st.floats(width=32, allow_nan=False, allow_infinity=False),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.sampled_from("ab"), st.integers(), max_size=1),
)  # fmt: skip
MONEY = {
    "gst_invoices": {"taxable_paise": "taxable_value", "igst_paise": "igst", "cgst_paise": "cgst"},
    "gst_returns": {"turnover_paise": "turnover", "tax_cash_paise": "tax_cash"},
    "upi_payments": {"amount_paise": "amount"},
    "eway_bills": {"value_paise": "total_value", "taxable_paise": "taxable_value"},
    "bank_entries": {"amount_paise": "amount", "balance_paise": "balance"},
}
KEYS = {
    "gst_invoices": lambda place: {"invoice_number": f"26-27/{place}"},
    "gst_returns": lambda place: {
        "period": f"{place % 12 + 1:02d}-{2018 + place // 12 % 8}",
        "due_date": "",
        "filed_on": "",
        "arn": "",
    },
    "upi_payments": lambda place: {"reference": f"6123{place:08d}"},
    "eway_bills": lambda place: {"number": f"3310{place:08d}"},
    "bank_entries": lambda place: {"reference": f"N{place:09d}"},
}


def cases(members: int, values: st.SearchStrategy[object]) -> st.SearchStrategy[list[tuple[int, object]]]:
    """For each row of a file: which member is replaced, and by what; of a palette, since drawing takes its time."""
    palette = st.lists(values, min_size=PALETTE, max_size=PALETTE)
    return st.builds(lambda found, seed: _spread(members, found, seed), palette, st.integers(0, 2**32))


def _spread(members: int, palette: list[object], seed: int) -> list[tuple[int, object]]:
    chance = np.random.default_rng(seed)
    chosen = zip(chance.integers(members, size=A_FILE), chance.integers(len(palette), size=A_FILE), strict=True)
    return [(int(member), palette[which]) for member, which in chosen]


def thorough(members: int, values: st.SearchStrategy[object]) -> Callable[..., Callable[..., None]]:
    """Run a test with CASES cases in files of A_FILE."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

    def apply(test: Callable[..., None]) -> Callable[..., None]:
        bounded = settings(
            max_examples=CASES // A_FILE, deadline=None, suppress_health_check=slow, database=None,
            phases=[Phase.explicit, Phase.generate],  # whole files are too long to be shrunk
        )  # fmt: skip
        return bounded(given(cases(members, values))(test))

    return apply


def accounted(parsed: Parsed, numbers: list[int]) -> None:
    """Every row is either there or refused by its number, and no row is both; what is told fits the report."""
    kept, refused = set(parsed.rows["line"].to_list()), {it.line for it in parsed.refusals}
    assert kept.isdisjoint(refused)
    assert kept | refused == set(numbers)
    assert (parsed.lines, parsed.refused_lines) == (len(numbers), len(refused))
    assert all(it.rule and it.message and len(it.message) <= 200 and len(it.value) <= 60 for it in parsed.refusals)


def changed_rows(kind: str, changes: list[tuple[int, object]]) -> list[dict[str, str]]:
    names = TABLES[kind].headings.all
    rows = [good_row(kind, **KEYS[kind](place)) for place in range(len(changes))]
    return [row | {names[which]: str(value)} for row, (which, value) in zip(rows, changes, strict=True)]


def returned(kind: str, parsed: Parsed, written: Mapping[int, Mapping[str, str]]) -> None:
    """Amounts are what was written, to the paisa."""
    for row in parsed.rows.iter_rows(named=True):
        for column, name in MONEY[kind].items():
            assert Decimal(row[column]) == Decimal(written[row["line"]][name].strip()) * 100


@pytest.mark.parametrize("kind", TABLES)
def test_rows_of_a_csv_file(kind: str) -> None:
    @thorough(len(TABLES[kind].headings.all), WORDS.filter(lambda text: not set(text) & set('"\r\n\x00')))
    def check(changes: list[tuple[int, object]]) -> None:
        rows = changed_rows(kind, changes)
        parsed = FORMATS[kind].parse(csv_of(kind, rows), as_of=AS_OF, own_gstin=OWN)
        accounted(parsed, list(range(2, len(rows) + 2)))
        returned(kind, parsed, dict(enumerate(rows, 2)))

    check()


@pytest.mark.parametrize("kind", ["upi_payments", "gst_invoices"])
def test_lines_of_json(kind: str) -> None:
    @thorough(len(TABLES[kind].headings.all), VALUES)
    def check(changes: list[tuple[int, object]]) -> None:
        names = TABLES[kind].headings.all
        rows = [good_row(kind, **KEYS[kind](place)) for place in range(len(changes))]
        told = [{**row, names[which]: value} for row, (which, value) in zip(rows, changes, strict=True)]
        content = "\n".join(json.dumps(row, allow_nan=True) for row in told).encode()
        accounted(ndjson.parse(content, kind=kind, as_of=AS_OF, own_gstin=OWN), list(range(1, len(rows) + 1)))

    check()


@pytest.mark.parametrize(("write", "first"), [(xlsx_of, 2), (parquet_of, 1)])
def test_rows_of_a_sheet_or_a_parquet_file(write: Callable[..., bytes], first: int) -> None:
    kind = "upi_payments"
    fit = WORDS.map(lambda text: "".join(filter(str.isprintable, text)).lstrip("="))

    @thorough(len(TABLES[kind].headings.all), fit)
    def check(changes: list[tuple[int, object]]) -> None:
        rows = changed_rows(kind, changes)
        parsed = FORMATS[kind].parse(write(kind, rows), as_of=AS_OF, own_gstin=OWN)
        accounted(parsed, list(range(first, len(rows) + first)))
        returned(kind, parsed, dict(enumerate(rows, first)))

    check()


def replaced(document: dict[str, object], which: int, value: object) -> dict[str, object]:
    """A document with one of its members replaced, those of its first item counted after its own."""
    made = copy.deepcopy(document)
    items = next((made[name] for name in ("itemList", "itms") if name in made), [{}])
    assert isinstance(items, list)
    inner = items[0].get("itm_det", items[0])
    names = [(made, name) for name in made] + [(inner, name) for name in inner]
    target, name = names[which % len(names)]
    target[name] = value
    return made


@thorough(70, VALUES)
def test_bills_of_the_official_file(changes: list[tuple[int, object]]) -> None:
    bills = [replaced(bill(docNo=f"B/{place}"), *change) for place, change in enumerate(changes)]
    parsed = FORMATS["eway_bills"].parse(bulk(*bills), as_of=AS_OF, own_gstin=OWN)
    accounted(parsed, list(range(1, len(bills) + 1)))
    assert all(it.pointer.startswith(f"/billLists/{it.line - 1}") for it in parsed.refusals)


@thorough(14, VALUES)
def test_documents_of_a_gstr1(changes: list[tuple[int, object]]) -> None:
    made = [replaced(invoice(f"A/{place}"), *change) for place, change in enumerate(changes)]
    parsed = FORMATS["gstr1"].parse(gstr1(b2b=[{"ctin": OTHER, "inv": made}]), as_of=AS_OF, own_gstin=OWN)
    accounted(parsed, list(range(1, len(made) + 1)))
    assert all(it.pointer.startswith(f"/b2b/0/inv/{it.line - 1}") for it in parsed.refusals)


@thorough(10, VALUES)
def test_notes_of_a_gstr2b(changes: list[tuple[int, object]]) -> None:
    made = []
    for place, change in enumerate(changes):
        given_note = note(f"N/{place}")
        renamed = {"ntnum": given_note["nt_num"], "dt": given_note["nt_dt"], "typ": "C", "pos": "27", "rev": "N"}
        made.append(replaced({**renamed, "itms": [{"rt": 18, "txval": 100, "igst": 18, "cess": 0}]}, *change))
    parsed = FORMATS["gstr2b"].parse(gstr2b(cdnr=[{"ctin": OTHER, "nt": made}]), as_of=AS_OF, own_gstin=OWN)
    accounted(parsed, list(range(1, len(made) + 1)))
    assert all(it.pointer.startswith(f"/data/docdata/cdnr/0/nt/{it.line - 1}") for it in parsed.refusals)


SUMMARY = {
    "osup_det": {"txval": 1000, "iamt": 180, "camt": 0, "samt": 0, "csamt": 0}, "osup_zero": {"txval": 0, "iamt": 0},
    "isup_rev": {"txval": 0, "iamt": 0},
}  # fmt: skip


@settings(max_examples=CASES, deadline=None, database=None)
@given(st.sampled_from(["ret_period", "fil_dt", "arn", "sup_details", "itc_elg", "tx_pmt", "txval", "iamt"]), VALUES)
def test_a_gstr3b_is_one_return_or_one_refusal(name: str, value: object) -> None:
    document: dict[str, object] = {"gstin": OWN, "ret_period": "062026", "sup_details": copy.deepcopy(SUMMARY)}
    if name in ("txval", "iamt"):
        document["sup_details"] = {**SUMMARY, "osup_det": {**SUMMARY["osup_det"], name: value}}
    else:
        document[name] = value
    accounted(FORMATS["gstr3b"].parse(json.dumps(document).encode(), as_of=AS_OF, own_gstin=OWN), [1])


ENTRY = {
    "txnId": "S1", "type": "CREDIT", "mode": "FT", "amount": "1250.50", "currentBalance": "-10.25",
    "transactionTimestamp": "2026-06-14T11:25:00.000+05:30", "valueDate": "2026-06-14", "narration": "NEFT ACME",
}  # fmt: skip


def entries(changes: list[tuple[int, object]]) -> list[dict[str, object]]:
    names = list(ENTRY)
    return [{**ENTRY, "txnId": f"S{place}"} | {names[which]: value} for place, (which, value) in enumerate(changes)]


@thorough(len(ENTRY), VALUES)
def test_transactions_of_a_deposit_document_in_json(changes: list[tuple[int, object]]) -> None:
    account = {"maskedAccNumber": "XXXXXX1234", "transactions": {"transaction": entries(changes)}}
    parsed = FORMATS["aa_deposit"].parse(json.dumps({"account": account}).encode(), as_of=AS_OF, own_gstin=OWN)
    accounted(parsed, list(range(1, len(changes) + 1)))
    assert all(it.pointer.endswith(f"/{it.line - 1}") for it in parsed.refusals)


@thorough(
    len(ENTRY), st.sampled_from(NAUGHTY) | st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=24)
)
def test_transactions_of_a_deposit_document_in_xml(changes: list[tuple[int, object]]) -> None:
    told = [
        "<Transaction " + " ".join(f'{name}="{escaped(str(value))}"' for name, value in entry.items()) + "/>"
        for entry in entries(changes)
    ]
    parsed = FORMATS["aa_deposit"].parse(deposit_xml(*told), as_of=AS_OF, own_gstin=OWN)
    accounted(parsed, list(range(1, len(changes) + 1)))
    assert all(it.pointer.endswith(f"Transaction[{it.line}]") for it in parsed.refusals)


def escaped(text: str) -> str:
    """Text as an attribute; characters that XML has no way to write are left out."""
    plain = "".join(letter for letter in text if letter in "\t\n" or letter >= " ")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@pytest.mark.parametrize("layout", source_system.LAYOUTS)
def test_rows_of_the_source_system(layout: str) -> None:
    names = [name for name in SAMPLES[layout] if name not in ("gstin", "timestamp")]

    @thorough(len(names), WORDS)
    def check(changes: list[tuple[int, object]]) -> None:
        rows = [
            {name: str(value) for name, value in SAMPLES[layout].items()} | {names[which]: value}
            for which, value in changes
        ]
        stream = io.BytesIO()
        pl.DataFrame(rows).write_parquet(stream)
        parsed = source_system.parse_own(stream.getvalue(), layout=layout, as_of=AS_OF, own_gstin=OWN)
        assert parsed.lines == len(rows)
        assert {it.line for it in parsed.refusals}.isdisjoint(parsed.rows["line"])
        if layout != "gst_returns":  # a month's invoices make one return
            assert parsed.rows.height + parsed.refused_lines == len(rows)

    check()
