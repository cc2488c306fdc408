"""JSON lines as programs write them: the same members in the same order, so one pattern reads them all.

What the pattern does not match is left to the reader that looks at each line by itself; what it matches means the same
to both (`tests/wallets/engine/importers/test_alike.py`).
"""

import json
import re

import polars as pl

from creditiq.kernel.nesting import shallow
from wallets.engine.importers.pieces import Headings

LONGEST_LINE = 8_000
_SPACE = r"[ \t\r]*"
_TEXT = r'"([^"\\\x00-\x1f]*)"'
_NUMBER = r"(0|-?[1-9][0-9]{0,15}|-?(?:0|[1-9][0-9]{0,15})\.[0-9]{1,6})"
"""Numbers whose digits are their text; others (1e3, -0, 0.0000001) have another written form."""


def read_alike(lines: pl.DataFrame, headings: Headings) -> tuple[pl.DataFrame, pl.Series]:
    """Of `lines` (`line`, `text` as bytes): the rows (`line` and a text column per heading) of those written like the
    first, and which those are. None are where one of them is not UTF-8.
    """
    none = pl.repeat(False, lines.height, dtype=pl.Boolean, eager=True)
    try:
        text = lines["text"].cast(pl.String)
    except pl.exceptions.ComputeError:
        return _no_rows(headings), none
    names = _members(text[0]) if lines.height else []
    if set(headings.required) - set(names) or set(names) - set(headings.all) or len(set(names)) < len(names):
        return _no_rows(headings), none
    groups = text.str.extract_groups(_pattern(names))
    alike = (text.str.contains(_pattern(names)) & (text.str.len_bytes() <= LONGEST_LINE)).fill_null(False)
    cells = {name: _cell(groups, names.index(name)) if name in names else pl.lit("") for name in headings.all}
    return lines.select("line", **cells).filter(alike), alike


def _members(text: str | None) -> list[str]:
    """Names in their order, or none where the line is no flat object."""
    try:
        found = json.loads(shallow((text or "").encode()), object_pairs_hook=list)
    except (ValueError, RecursionError):
        return []
    pairs = found if isinstance(found, list) else []
    return [pair[0] for pair in pairs if isinstance(pair, tuple)]


def _pattern(names: list[str]) -> str:
    value = rf"{_SPACE}(?:{_TEXT}|{_NUMBER}){_SPACE}"
    members = [rf"{_SPACE}{re.escape(json.dumps(name))}{_SPACE}:{value}" for name in names]
    return rf"^{_SPACE}\{{{','.join(members)}\}}{_SPACE}$"


def _cell(groups: pl.Series, place: int) -> pl.Series:
    text, number = (groups.struct.field(f"{2 * place + kind}") for kind in (1, 2))
    return text.fill_null(number).str.strip_chars()


def _no_rows(headings: Headings) -> pl.DataFrame:
    return pl.DataFrame(schema={"line": pl.Int64, **dict.fromkeys(headings.all, pl.String)})
