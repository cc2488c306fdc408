"""Lines of JSON say the same as lines of CSV, and one bad line spoils no other."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wallets.engine.importers.samples import AS_OF, KINDS, OWN, csv_of, good_row
from wallets.engine.importers import ndjson, tabular
from wallets.engine.importers.rejections import Parsed


def read(content: bytes, kind: str = "upi_payments") -> Parsed:
    return ndjson.parse(content, kind=kind, as_of=AS_OF, own_gstin=OWN)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_of_json_is_the_row_of_the_table(kind: str) -> None:
    row = good_row(kind)
    table = tabular.parse(csv_of(kind, [row]), kind=kind, as_of=AS_OF, own_gstin=OWN)
    assert read(json.dumps(row).encode(), kind).rows.drop("line").equals(table.rows.drop("line"))


def test_numbers_and_absent_columns_are_taken_as_they_are() -> None:
    row = {name: value for name, value in good_row("gst_invoices").items() if name not in {"hsn", "cancelled"}}
    content = json.dumps({**row, "taxable_value": 150000, "rate": 18.0, "place_of_supply": 29}).encode()
    parsed = read(content, "gst_invoices")
    assert parsed.refusals == ()
    assert parsed.rows["taxable_paise"].to_list() == [15_000_000]


def test_blank_lines_count_and_say_nothing() -> None:
    row = json.dumps(good_row("upi_payments")).encode()
    assert read(b"\n\n" + row + b"\r\n\n").rows["line"].to_list() == [3]


def test_a_member_named_twice_is_refused_because_one_of_the_two_would_be_lost() -> None:
    row = json.dumps(good_row("upi_payments")).replace("{", '{"amount": "1", ', 1).encode()
    assert read(row).refusals[0].rule == "json.syntax"


def test_the_same_key_twice_in_one_request_is_refused_the_second_time() -> None:
    row = json.dumps(good_row("upi_payments")).encode()
    parsed = read(row + b"\n" + row)
    assert [(refusal.line, refusal.rule) for refusal in parsed.refusals] == [(2, "upi.repeated")]


def test_more_rows_than_a_request_may_hold_are_not_looked_at() -> None:
    parsed = read(b"{}\n" * (ndjson.MOST_ROWS + 1))
    assert (parsed.lines, parsed.refusals[0].rule) == (0, "file.lines")


@settings(deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=8), st.sampled_from(KINDS))
def test_whatever_stands_on_a_line_it_is_a_row_or_a_refusal(parts: list[bytes], kind: str) -> None:
    content = b"\n".join(parts)
    parsed = read(content, kind)
    assert parsed.lines == len(ndjson.numbered(content))
    assert parsed.rows.height + parsed.refused_lines == parsed.lines
