"""What every reader of rows hands on: pieces of raw text, so that memory does not grow with the file."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from wallets.engine.importers.rejections import Refusal, UnreadableFile, masked

PIECE = 50_000
"""Rows read before they are checked and made compact."""
MOST_LINES = 1_000_000
"""Lines of one file: what a worker's memory holds, however short the lines are."""
MOST_NAMED = 5
"""Unknown columns that a refusal names."""


@dataclass(frozen=True)
class Piece:
    """`raw`: `line` and one text column per column of the table; refused lines are not in it.

    `refused` counts them; `refusals` says why, for the first MOST_KEPT of the file.
    """

    raw: pl.DataFrame
    refusals: tuple[Refusal, ...] = ()
    refused: int = 0


@dataclass(frozen=True)
class Headings:
    """The columns a table wants: `required` ones must be there, `optional` ones may be."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Required and optional columns."""
        return self.required + self.optional

    def order(self, found: Sequence[str]) -> dict[str, int]:
        """Place in the file of every wanted column that is there. Raises UnreadableFile for a wrong header."""
        names = [name.strip().lower() for name in found]
        missing = [name for name in self.required if name not in names]
        unknown = [name for name in names if name not in self.all]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if not names or missing:
            wanted = ", ".join(missing or self.required)[:160]
            field = missing[0] if missing else ""
            raise UnreadableFile(Refusal(1, field, "csv.header", f"Missing column: {wanted}."))
        if unknown:
            named = ", ".join(masked(name) for name in unknown[:MOST_NAMED])
            raise UnreadableFile(Refusal(1, "", "csv.header", f"Unknown column: {named}. Use the template."))
        if doubled:
            raise UnreadableFile(Refusal(1, doubled[0], "csv.header", f"Column named twice: {', '.join(doubled)}."))
        return {name: names.index(name) for name in self.all if name in names}


def too_long(line: int) -> UnreadableFile:
    """The error for a file of more than MOST_LINES lines, met at `line`."""
    message = f"More than {MOST_LINES:,} lines; split the file."
    return UnreadableFile(Refusal(line, "", "file.lines", message))


def raw_frame(names: Sequence[str], numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Rows of text as a frame of `line` and text columns."""
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    schema = {"line": pl.Int64, **dict.fromkeys(names, pl.String)}
    return pl.DataFrame({"line": numbers, **columns}, schema=schema)
