"""Text without quotes is read by whole columns, and to the same result as row by row."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from wallets.engine.importers import lines
from wallets.engine.importers.lines import read_csv
from wallets.engine.importers.pieces import Headings, Piece
from wallets.engine.importers.plain import is_plain, read_plain

HEADINGS = Headings(("a", "b"), ("c",))
CELLS = st.text(st.sampled_from("x1 ,é\t٣"), max_size=4)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4).map(",".join), max_size=12)


def rows_of(pieces: list[Piece]) -> list[tuple[object, ...]]:
    return [row for piece in pieces for row in piece.raw.rows()]


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from(["a,b", "b,a,c", "c,a,b"]))
def test_both_ways_of_reading_agree(rows: list[str], ending: str, marked: bool, header: str) -> None:
    content = ending.join([header, *rows]).encode("utf-8-sig" if marked else "utf-8")
    assert is_plain(content)
    quick = list(read_csv(content, HEADINGS))
    names = header.split(",")
    slow = lines.read_rows(csv.reader(io.StringIO(ending.join([header, *rows]), newline=""), strict=True), HEADINGS)
    each = list(slow)
    assert rows_of(quick) == rows_of(each)
    assert [it for piece in quick for it in piece.refusals] == [it for piece in each for it in piece.refusals]
    assert sum(piece.refused for piece in quick) == sum(piece.refused for piece in each)
    assert {len(piece.raw.columns) for piece in quick} == {1 + len(names)}


def test_quotes_and_lone_carriage_returns_are_not_plain() -> None:
    assert not is_plain(b'a,b\n"1\n2",3\n')
    assert not is_plain(b"a,b\r1,2\r")


def test_lines_keep_their_numbers_over_blank_ones() -> None:
    (piece,) = read_plain(b"a,b\n\n1,2\n\n1,2,3\n4,5", ("a", "b"), {"a": 0, "b": 1})
    assert piece.raw.rows() == [(3, "1", "2"), (6, "4", "5")]
    assert [(it.line, it.rule) for it in piece.refusals] == [(5, "csv.columns")]
