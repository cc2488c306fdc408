"""What one pattern reads at once, the reader of single lines reads the same; what it leaves is not lost."""

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallets.engine.importers.alike import read_alike
from wallets.engine.importers.ndjson import row_of
from wallets.engine.importers.pieces import Headings
from wallets.engine.importers.rejections import Refusal

HEADINGS = Headings(("reference", "amount"), ("note",))
numbers = st.integers(-(10**20), 10**20) | st.decimals(allow_nan=False, allow_infinity=False).map(str)
values = st.text(max_size=12).map(json.dumps) | numbers.map(str) | st.sampled_from(["true", "null", "[]", "1e3", "-0"])
names = st.lists(st.sampled_from(["reference", "amount", "note", "other"]), min_size=1, max_size=4)
space = st.sampled_from(["", " ", "\t", "\u00a0", "\ufeff"])


@st.composite
def written(draw: st.DrawFn) -> bytes:
    members = [f"{draw(space)}{json.dumps(name)}:{draw(space)}{draw(values)}" for name in draw(names)]
    return f"{{{','.join(members)}}}{draw(space)}".encode("utf-8", "surrogatepass")


@settings(max_examples=600)
@given(st.lists(written(), min_size=1, max_size=8))
def test_what_the_pattern_reads_the_reader_of_lines_reads_the_same(lines: list[bytes]) -> None:
    frame = pl.DataFrame({"line": range(1, len(lines) + 1), "text": lines}, schema_overrides={"text": pl.Binary})
    rows, alike = read_alike(frame, HEADINGS)

    each = [row_of(number, line, HEADINGS) for number, line in frame.filter(alike).iter_rows()]
    assert not [one for one in each if isinstance(one, Refusal)]
    assert [(line, list(cells)) for line, *cells in rows.iter_rows()] == each


@pytest.mark.parametrize("order", [("reference", "amount"), ("amount", "note", "reference")])
def test_lines_of_a_program_are_read_at_once(order: tuple[str, ...]) -> None:
    said = [{name: f"{name} {number}" for name in order} | {"amount": number / 4} for number in range(50)]
    lines = [json.dumps({name: row[name] for name in order}).encode() for row in said]

    rows, alike = read_alike(pl.DataFrame({"line": range(50), "text": lines}), HEADINGS)

    assert alike.all()
    assert rows["amount"].to_list() == [str(number / 4) for number in range(50)]


@pytest.mark.parametrize("first", [b"", b"[1]", b"{}", b"\xff", b'{"reference": "1"}', b'{"a":' * 90_000])
def test_a_first_line_that_is_no_such_object_leaves_every_line_to_the_reader_of_lines(first: bytes) -> None:
    lines = [first, b'{"reference": "1", "amount": 2}']
    rows, alike = read_alike(
        pl.DataFrame({"line": [1, 2], "text": lines}, schema_overrides={"text": pl.Binary}), HEADINGS
    )
    assert rows.is_empty()
    assert not alike.any()
