"""Records as lines of JSON: one object per line whose members are the columns of the kind's template."""

import json
from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from creditiq.kernel.nesting import shallow
from wallets.engine.importers.alike import LONGEST_LINE, read_alike
from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.columns import Context
from wallets.engine.importers.documents import as_text
from wallets.engine.importers.grid import parse_pieces
from wallets.engine.importers.pieces import PIECE, Headings, Piece, raw_frame
from wallets.engine.importers.rejections import MOST_KEPT, Parsed, Refusal, masked, unreadable

MOST_ROWS = 100_000
"""Rows of one request."""
_TOO_MANY = f"More than {MOST_ROWS:,} rows in one request; send several."


def parse(content: bytes, *, kind: str, as_of: int, own_gstin: str) -> Parsed:
    """Rows of the kind's record frame with `line` (blank lines count), as `tabular.parse` gives them."""
    table = TABLES[kind]
    return parse_pieces(table, read_ndjson(content, table.headings), Context(as_of, own_gstin))


def read_ndjson(content: bytes, headings: Headings) -> Iterator[Piece]:
    """Rows of text in pieces; a line that is no such object is refused alone. Raises UnreadableFile: file.lines."""
    lines = numbered(content)
    if len(lines) > MOST_ROWS:
        raise unreadable("file.lines", _TOO_MANY, line=lines[MOST_ROWS][0])
    kept = 0
    for start in range(0, len(lines), PIECE):
        piece = pl.DataFrame(lines[start : start + PIECE], schema={"line": pl.Int64, "text": pl.Binary}, orient="row")
        alike, matched = read_alike(piece, headings)
        read = [row_of(number, line, headings) for number, line in piece.filter(~matched).iter_rows()]
        rows = [one for one in read if not isinstance(one, Refusal)]
        refusals = [one for one in read if isinstance(one, Refusal)]
        others = raw_frame(headings.all, [number for number, _ in rows], [values for _, values in rows])
        yield Piece(pl.concat([alike, others]).sort("line"), tuple(refusals[: max(0, MOST_KEPT - kept)]), len(refusals))
        kept += len(refusals)


def numbered(content: bytes) -> list[tuple[int, bytes]]:
    """Lines that are not blank, with their numbers from 1."""
    return [(number, line) for number, line in enumerate(content.split(b"\n"), 1) if line.strip()]


def row_of(number: int, line: bytes, headings: Headings) -> tuple[int, list[str]] | Refusal:
    """The texts of one JSON object in the order of `headings`, or why it is none."""
    if len(line) > LONGEST_LINE:
        return Refusal(number, "", "json.long", f"A row has at most {LONGEST_LINE:,} bytes.")
    try:
        found = _DECODER.decode(shallow(line).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Refusal(number, "", "json.syntax", "This line is not one JSON object in UTF-8 with distinct members.")
    if not isinstance(found, dict):
        return Refusal(number, "", "json.object", "This line is not a JSON object.")
    names = headings.all
    if found.keys() != set(names) and (refusal := _wrong_members(number, found, headings)):
        return refusal
    nested = next((name for name, value in found.items() if isinstance(value, dict | list)), None)
    if nested:
        return Refusal(number, nested, "json.value", "This member holds a list or an object; give one value.")
    return number, [as_text(found.get(name)) for name in names]


def _wrong_members(number: int, found: dict[str, object], headings: Headings) -> Refusal | None:
    unknown = [name for name in found if name not in headings.all]
    missing = [name for name in headings.required if name not in found]
    if not unknown and not missing:
        return None
    message = f"Unknown member: {masked(unknown[0])}." if unknown else f"Missing member: {missing[0]}."
    return Refusal(number, missing[0] if missing and not unknown else "", "json.members", message[:200])


def _number(text: str) -> int | str:
    """A number too long to be an amount stays text: the rule of its column refuses it."""
    return int(text) if len(text) <= 32 else text


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("one member is named twice")
    return found


def _constant(name: str) -> object:
    raise ValueError(name)


_DECODER = json.JSONDecoder(
    parse_float=Decimal, parse_constant=_constant, parse_int=_number, object_pairs_hook=_object
)  # fmt: skip
