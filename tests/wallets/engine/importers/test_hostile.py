"""Files made to break readers: each is refused with a rule, a line and plain words, and nothing half-read remains."""

import io
import json
import zipfile
from datetime import date, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.wallets.engine.importers.samples import (
    AS_OF,
    KINDS,
    OWN,
    bill,
    bulk,
    csv_of,
    good_row,
    gstr1,
    invoice,
    parquet_of,
    xlsx_of,
)
from wallets.engine.importers import documents, parquet, pieces, xlsx
from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.documents import read_json
from wallets.engine.importers.gstr import gstr1 as gstr1_sales
from wallets.engine.importers.rejections import Parsed, UnreadableFile
from wallets.engine.importers.tabular import FORMS, parse

KIND = "upi_payments"
HEADER = ",".join(TABLES[KIND].headings.all)


def read(content: bytes, form: str = "", kind: str = KIND) -> Parsed:
    return parse(content, kind=kind, as_of=AS_OF, own_gstin=OWN, form=form)


def whole(parsed: Parsed) -> str:
    """The one rule of a file refused as a whole."""
    (refusal,) = parsed.refusals
    assert (parsed.rows.height, parsed.lines, parsed.refused_lines) == (0, 0, 1)
    assert 0 < len(refusal.message) <= 200
    return refusal.rule


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
def test_other_encodings_are_refused(encoding: str) -> None:
    assert whole(read(HEADER.encode(encoding))) in ("file.encoding", "file.binary")
    assert whole(read("référence,montant".encode("latin-1"))) == "file.encoding"


def test_a_byte_order_mark_and_any_line_ends_are_fine() -> None:
    content = csv_of(KIND, [good_row(KIND)])
    for ends in (b"\r\n", b"\r", b"\n\n"):
        assert read(b"\xef\xbb\xbf" + content.replace(b"\n", ends)).rows.height == 1


@pytest.mark.parametrize(
    "amount",
    [
        "NaN", "Infinity", "-Infinity", "1e5", "0x1F", "1_000", "1,000", "१२३४", "12३", "٣٤", "\uff11\uff12", "-1",
        "+1", "1234567890123456789", "99999999999999", "1.234", "1.", ".5", "", "=1+1", "1\u200b", "12\u0660",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["upi_payments", "bank_entries"])
def test_what_is_no_plain_amount_is_refused(kind: str, amount: str) -> None:
    parsed = read(csv_of(kind, [good_row(kind, amount=amount)]), kind=kind)
    assert [(it.line, it.field) for it in parsed.refusals] == [(2, "amount")]


@pytest.mark.parametrize(
    "moment", ["1900-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-10-01T25:00:00Z",
               "२०२६-10-01T00:00:00Z", "2026-10-01", "yesterday", "9999999999"],
)  # fmt: skip
def test_a_moment_outside_the_world_is_refused(moment: str) -> None:
    parsed = read(csv_of(KIND, [good_row(KIND, occurred_at=moment)]))
    assert {(it.line, it.field) for it in parsed.refusals} == {(2, "occurred_at")}


@pytest.mark.parametrize("kind", KINDS)
def test_headers_named_twice_misspelt_or_missing_are_told_by_name(kind: str) -> None:
    names = TABLES[kind].headings.all
    for header in ((*names, names[0]), (*names, "colour"), names[1:]):
        assert whole(read(",".join(header).encode(), kind=kind)) == "csv.header"
        frame = Workbook()
        frame.worksheets[0].append(list(header))
        stream = io.BytesIO()
        frame.save(stream)
        assert whole(read(stream.getvalue(), kind=kind)) == "csv.header"


def sheet_of(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_formula_cells_are_refused_by_cell() -> None:
    names = list(TABLES[KIND].headings.all)
    place = names.index("amount")
    for text in ("=1+1", "=HYPERLINK(A1)", "＝1+1"):
        row: list[object] = [good_row(KIND)[name] for name in names]
        row[place] = text
        (refusal,) = read(sheet_of(names, [good_row(KIND)[name] for name in names], row)).refusals
        assert (refusal.line, refusal.field, refusal.rule) == (3, "amount", "xlsx.formula")
        assert "D3" in refusal.message
    assert whole(read(sheet_of(["=A2", *names]))) == "xlsx.formula"


def test_a_value_beside_the_table_or_an_error_value_is_refused_by_cell() -> None:
    names = list(TABLES[KIND].headings.all)
    good: list[object] = [good_row(KIND)[name] for name in names]
    parsed = read(sheet_of(names, [*good, "beside"], [*good[:-1], "#DIV/0!"], [], [None], good))
    assert [(it.line, it.rule) for it in parsed.refusals] == [(2, "csv.columns"), (3, "xlsx.error")]
    assert (parsed.rows["line"].to_list(), parsed.lines) == ([6], 3)


def test_numbers_dates_and_truth_of_a_sheet_are_read_as_they_show() -> None:
    shown = {"taxable_value": 0.1 + 0.2, "igst": 0.05, "cancelled": True, "rate": 18}
    rows = [good_row("gst_invoices") | {"invoice_date": date(2026, 6, 14)} | shown]
    parsed = read(xlsx_of("gst_invoices", rows), kind="gst_invoices")
    row = parsed.rows.row(0, named=True)
    assert (parsed.refusals, row["taxable_paise"], row["igst_paise"], row["cancelled"]) == ((), 30, 5, True)


def zipped(name: str, size: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b" " * size)
    return stream.getvalue()


def test_a_zip_bomb_stops_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_UNPACKED", 1_000_000)
    assert whole(read(zipped("xl/worksheets/sheet1.xml", 1_000_001))) == "file.unpacked"
    monkeypatch.setattr(xlsx, "MOST_PARTS", 3)
    assert whole(read(xlsx_of(KIND, [good_row(KIND)]))) == "file.unpacked"


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook with a part rewritten."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, body.replace(old, new) if name == part else body)
    return stream.getvalue()


def test_entities_inside_a_workbook_are_refused() -> None:
    sheet = "xl/worksheets/sheet1.xml"
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet '
    assert whole(read(replaced(xlsx_of(KIND, [good_row(KIND)]), sheet, b"<worksheet ", bomb))) == "xlsx.broken"


def test_a_sheet_that_lies_about_its_rows_ends_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 5)
    far = replaced(xlsx_of(KIND, [good_row(KIND)]), "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="2000000000"')
    assert read(far).rows.is_empty()
    many = [good_row(KIND, reference=f"{number:012d}") for number in range(6)]
    assert whole(read(xlsx_of(KIND, many))) == "file.lines"


def test_a_sheet_of_text_for_the_wrong_program_is_refused() -> None:
    content = xlsx_of(KIND, [good_row(KIND)])
    for broken in (content[: len(content) // 2], b"PK\x03\x04" + b"\x00" * 90, zipped("a.txt", 5)):
        assert whole(read(broken)) == "xlsx.broken"
    assert load_workbook(io.BytesIO(content)).worksheets[0].max_row == 2


def test_damaged_and_oversized_parquet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = parquet_of(KIND, [good_row(KIND)])
    assert whole(read(content[:-30], form="parquet")) == "parquet.broken"
    assert whole(read(b"PAR1" + b"\x00" * 40)) == "parquet.broken"
    noisy = content[:20] + b"\xff" * 60 + content[80:]
    assert read(noisy).rows.height <= 1
    monkeypatch.setattr(parquet, "MOST_UNPACKED", 10)
    assert whole(read(content)) == "file.unpacked"
    monkeypatch.setattr(pieces, "MOST_LINES", 0)
    assert whole(read(content)) == "file.lines"


def test_parquet_text_that_is_not_utf_8_is_refused() -> None:
    content = parquet_of(KIND, [good_row(KIND, vpa="marker@okaxis")], compression="uncompressed")
    assert content.count(b"marker@okaxis") >= 1
    assert whole(read(content.replace(b"marker@okaxis", b"mark\xf7r@okaxis"))) == "parquet.broken"
    assert whole(read(content.replace(b"reference", b"ref\xf7rence"))) in ("parquet.broken", "csv.header")


def test_typed_parquet_columns_are_read_as_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    moments = [
        datetime(2026, 10, 1, 11, 25, tzinfo=zone),
        datetime(2026, 10, 1, 11, 25, tzinfo=zone).replace(tzinfo=None),
    ]
    for moment in moments:
        row: dict[str, object] = {**good_row(KIND), "occurred_at": moment, "amount": 1250.1 + 0.2}
        stream = io.BytesIO()
        pl.DataFrame([row]).with_columns(pl.col("vpa").cast(pl.Categorical)).write_parquet(stream)
        parsed = read(stream.getvalue()).rows
        assert parsed.select("occurred_at", "amount_paise").rows() == [(1_790_834_100_000_000, 125_030)]
    monkeypatch.setattr(parquet, "MOST_COLUMNS", 3)
    assert whole(read(parquet_of(KIND, [good_row(KIND)]))) == "file.columns"


def test_parquet_of_lists_or_bytes_is_refused_by_column() -> None:
    for values in ([["a"]], [b"a"]):
        stream = io.BytesIO()
        pl.DataFrame({**{name: ["x"] for name in TABLES[KIND].headings.all}, "vpa": values}).write_parquet(stream)
        assert whole(read(stream.getvalue())) == "parquet.type"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (bulk(bill())[:-40], "json.syntax"),
        (gstr1(b2b=[{"inv": [invoice()]}])[:-1], "json.syntax"),
        (b'{"a": NaN}', "json.constant"),
        (b'{"a": [-Infinity]}', "json.constant"),
        (b'{"a": 1, "a": 2}', "json.duplicate"),
        (b"[" * 100_000, "json.depth"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "json.depth"),
        (b'{"a": "\xff"}', "file.encoding"),
        ('{"a": 1}'.encode("utf-16"), "file.encoding"),
        (b"", "json.syntax"),
        (b'{"a": 01}', "json.syntax"),
        ('{"a": १}'.encode(), "json.syntax"),
    ],
)
def test_hostile_json_is_refused_whole(content: bytes, rule: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_json(content)
    assert refused.value.refusal.rule == rule
    assert len(refused.value.refusal.message) <= 200


def test_json_brackets_inside_text_do_not_count_and_numbers_stay_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps({"a": "[" * 5_000 + '\\"' + "{" * 5_000})
    assert read_json(b"\xef\xbb\xbf" + text.encode()) == json.loads(text)
    assert str(read_json(b"[0.10, 1e400, " + b"9" * 5_000 + b"]")).startswith("[Decimal('0.10'), '1e400', '999")
    monkeypatch.setattr(documents, "MOST_BYTES", 3)
    with pytest.raises(UnreadableFile, match="split"):
        read_json(b'"abc"')


def test_half_characters_in_json_become_readable_refusals() -> None:
    content = gstr1(b2b=[{"ctin": "\ud800", "inv": [invoice(inum="\udfff")]}])
    parsed = gstr1_sales.parse(content, as_of=AS_OF, own_gstin=OWN)
    assert {it.field for it in parsed.refusals} == {"invoice_number", "buyer_gstin"}
    assert all(it.value.encode() for it in parsed.refusals)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(sorted(FORMS)), st.sampled_from(KINDS), st.integers(0, 900))
def test_no_bytes_make_any_reader_fail(noise: bytes, form: str, kind: str, place: int) -> None:
    table = TABLES[kind].template.encode()
    for content in (noise, table[:place] + noise + table[place:], b"PK\x03\x04" + noise, b"PAR1" + noise + b"PAR1"):
        parsed = read(content, form=form, kind=kind)
        assert parsed.rows.height + parsed.refused_lines >= parsed.lines
        assert set(parsed.rows["line"]).isdisjoint({it.line for it in parsed.refusals})


def test_a_dirty_file_of_a_hundred_thousand_lines_is_counted_whole_and_listed_in_part() -> None:
    row = ("2026-10-01T11:25:00+05:30,in,12.50,P2M,success,shop@okaxis,asha@ybl", "x,y,NaN,z,,,@@", "too,few")
    lines = [f"{600_000_000_000 + number},{row[number % 3]}" for number in range(100_000)]
    content = "\n".join([HEADER, *lines]).encode()
    parsed = read(content)
    assert (parsed.lines, parsed.rows.height, parsed.refused_lines) == (100_000, 33_334, 66_666)
    assert len(parsed.refusals) == 10_000
    assert [it.line for it in parsed.refusals] == sorted(it.line for it in parsed.refusals)
