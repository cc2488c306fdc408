"""Edges from delimited text: any separator, header detected, plain or gzip (fraud.md §2)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from fraud.engine.graph import Ints, Times

SEPARATORS = (",", "\t", ";", "|", " ")
OTHER_SEPARATOR = re.compile(r"[^\w\s.+\-\"'@]")
MEANINGS = {
    "src": "src", "source": "src", "from": "src", "payer": "src", "sender": "src", "u": "src",
    "dst": "dst", "target": "dst", "to": "dst", "payee": "dst", "receiver": "dst", "destination": "dst", "v": "dst",
    "time": "time", "timestamp": "time", "ts": "time", "t": "time", "occurred_at": "time",
    "amount": "amount", "value": "amount", "weight": "amount", "amount_paise": "amount",
}  # fmt: skip
BY_WIDTH = {3: ("src", "dst", "time"), 4: ("src", "dst", "amount", "time")}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
# No delimited text holds this control character, so each line arrives as one field.
WHOLE_LINE = "\x01"


class BadEdgeList(ValueError):
    """The file is not a list of edges; `line` counts from 1 (0: the file as a whole)."""

    def __init__(self, line: int, message: str) -> None:
        """Name the line first: it is what the reader needs."""
        super().__init__(f"line {line}: {message}" if line else message)
        self.line = line


@dataclass(frozen=True, slots=True)
class EdgeList:
    """Edges in file order: ends as dense integers, time in the unit of the file."""

    tail: Ints
    head: Ints
    time: Times


def read_edges(content: bytes, columns: Sequence[str] | None = None) -> EdgeList:
    """Parse an edge list; `columns` names the fields in order (src, dst, time; others are ignored).

    Raises BadEdgeList naming the first line that cannot be read. An empty file has no edges.

    >>> read_edges(b"from;to;ts\\na;b;10\\nb;a;20\\n").time.tolist()
    [10, 20]
    """
    lines = text_lines(content)
    if lines.is_empty():
        nothing = np.zeros(0, np.int64)
        return EdgeList(nothing, nothing, nothing)
    first = lines["text"][0]
    separator = separator_of(first)
    fields = [part.strip().strip('"').lower() for part in split_line(first, separator)]
    names = tuple(columns) if columns else named(fields, int(lines["line"][0]))
    for wanted in ("src", "dst", "time"):
        if names.count(wanted) != 1:
            raise BadEdgeList(0, f"--columns must name {wanted} exactly once, for example src,dst,time")
    headed = len(fields) == len(names) and NUMBER.fullmatch(fields[names.index("time")]) is None
    if headed and (columns or looks_like_header(fields)):
        lines = lines.slice(1)
    return edges_of(split_fields(lines, separator, names), names)


def text_lines(content: bytes) -> pl.DataFrame:
    """Lines that hold something, with their numbers; comments start with # or %."""
    try:
        plain = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    except (OSError, EOFError) as problem:
        raise BadEdgeList(0, f"the gzip file is damaged: {problem}") from problem
    try:
        plain.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = plain.count(b"\n", 0, problem.start) + 1
        raise BadEdgeList(line, "not UTF-8 text") from problem
    plain = plain.removeprefix(b"\xef\xbb\xbf")
    raw = pl.read_csv(
        plain, separator=WHOLE_LINE, has_header=False, infer_schema=False, quote_char=None, raise_if_empty=False
    )
    if not raw.width:
        return pl.DataFrame(schema={"line": pl.UInt32, "text": pl.String})
    text = pl.col("text").str.strip_chars(" \r\n")
    kept = raw.rename({raw.columns[0]: "text"}).with_row_index("line", offset=1).with_columns(text)
    return kept.filter(pl.col("text").str.strip_chars("\t") != "", ~pl.col("text").str.contains(r"^[#%]"))


def separator_of(line: str) -> str:
    """The first usual separator the line contains, else the first sign no number or name has; blanks count last.

    >>> separator_of("a;b c;7"), separator_of("a:b:7"), separator_of("a b 7")
    (';', ':', ' ')
    """
    usual = next((mark for mark in SEPARATORS if mark in line), None)
    other = OTHER_SEPARATOR.search(line) if usual is None else None
    return usual or (other.group() if other else ",")


def split_line(line: str, separator: str) -> list[str]:
    """Fields of one line; runs of blanks are one separator."""
    return line.split() if separator == " " else line.split(separator)


def looks_like_header(fields: Sequence[str]) -> bool:
    """Whether the first line names columns: no field of it is a number."""
    return not any(NUMBER.fullmatch(field) for field in fields)


def named(fields: Sequence[str], line: int) -> tuple[str, ...]:
    """Meaning of each column, from a header that names them or from their number."""
    known = tuple(MEANINGS.get(field, "other") for field in fields)
    if all(known.count(wanted) == 1 for wanted in ("src", "dst", "time")):
        return known
    if len(fields) in BY_WIDTH:
        return BY_WIDTH[len(fields)]
    raise BadEdgeList(line, f"{len(fields)} columns; say which is which with --columns, for example src,dst,time")


def split_fields(lines: pl.DataFrame, separator: str, names: Sequence[str]) -> pl.DataFrame:
    """One string column per field; every line must have as many as there are names."""
    text = pl.col("text").str.replace_all(r" +", " ") if separator == " " else pl.col("text")
    width = text.str.count_matches(separator, literal=True) + 1
    ragged = lines.filter(width != len(names))
    if not ragged.is_empty():
        line, content = ragged.row(0)
        found = len(split_line(content, separator))
        raise BadEdgeList(line, f"{found} fields where {len(names)} were expected ({', '.join(names)})")
    unquoted = pl.element().str.strip_chars(' "')
    parts = text.str.split(separator).list.eval(unquoted)
    wanted = {"src": names.index("src"), "dst": names.index("dst"), "time": names.index("time")}
    return lines.select("line", *(parts.list.get(place).alias(name) for name, place in wanted.items()))


def edges_of(fields: pl.DataFrame, names: Sequence[str]) -> EdgeList:
    """Typed arrays of the three columns; a missing end or a time that is no number names its line."""
    for name in ("src", "dst"):
        refuse(fields, pl.col(name) == "", name, f"{name} is empty")
    time = fields["time"].cast(pl.Int64, strict=False)
    if time.null_count():
        time = fields["time"].cast(pl.Float64, strict=False)
        refuse(fields, ~time.is_finite().fill_null(False), "time", "time is not a number:")
    ends = pl.concat([fields["src"], fields["dst"]])
    numbers = ends.cast(pl.Int64, strict=False)
    codes = ends.rank("dense").cast(pl.Int64) if numbers.null_count() else numbers
    ints = codes.to_numpy()
    return EdgeList(ints[: len(fields)], ints[len(fields) :], time.to_numpy())


def refuse(fields: pl.DataFrame, wrong: pl.Expr | pl.Series, column: str, message: str) -> None:
    """Raise BadEdgeList for the first row where `wrong` holds."""
    bad = fields.filter(wrong)
    if not bad.is_empty():
        content = bad[column][0]
        raise BadEdgeList(int(bad["line"][0]), f"{message} {content!r}" if content else message)
