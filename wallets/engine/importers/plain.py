"""Delimited text without quotes, a piece of lines at a time: what `lines` reads row by row, read by whole columns."""

import io
from collections.abc import Iterator, Sequence
from itertools import islice

import polars as pl

from wallets.engine.importers import pieces
from wallets.engine.importers.pieces import PIECE, Piece
from wallets.engine.importers.rejections import MOST_KEPT, Refusal

FIRST_LINE = 2


def is_plain(content: bytes) -> bool:
    """Whether every line break ends a row and every comma a value: no quotes, no carriage returns of their own."""
    return b'"' not in content and content.count(b"\r") == content.count(b"\r\n")


def read_plain(content: bytes, header: Sequence[str], order: dict[str, int]) -> Iterator[Piece]:
    """Pieces of the lines after the header, `order` being the place of each wanted column. `content` is plain UTF-8."""
    stream = io.BytesIO(content)
    stream.readline()
    first, seen, kept = FIRST_LINE, 0, 0
    while lines := list(islice(stream, PIECE)):
        numbered = pl.DataFrame({"line": pl.int_range(first, first + len(lines), eager=True), "text": lines})
        rows = numbered.with_columns(pl.col("text").cast(pl.String).str.strip_chars_end("\r\n"))
        rows = rows.filter(pl.col("text") != "")
        if seen + rows.height > pieces.MOST_LINES:
            raise pieces.too_long(rows["line"][pieces.MOST_LINES - seen])
        piece = _piece(rows, len(header), order, MOST_KEPT - kept)
        first, seen, kept = first + len(lines), seen + rows.height, kept + len(piece.refusals)
        yield piece
    if first == FIRST_LINE:
        yield _piece(pl.DataFrame(schema={"line": pl.Int64, "text": pl.String}), len(header), order, MOST_KEPT)


def _piece(rows: pl.DataFrame, width: int, order: dict[str, int], most: int) -> Piece:
    values = rows["text"].str.count_matches(",", literal=True).cast(pl.Int64) + 1
    wrong = rows.select("line", values=values).filter(values != width)
    refusals = tuple(
        Refusal(line, "", "csv.columns", f"{found} values where the header names {width} columns.")
        for line, found in wrong.head(most).iter_rows()
    )
    split = pl.col("text").str.split_exact(",", width - 1)
    cells = {name: split.struct.field(f"field_{place}").str.strip_chars() for name, place in order.items()}
    good = rows.filter(values == width)
    return Piece(good.select(pl.col("line").cast(pl.Int64), **cells), refusals, wrong.height)
