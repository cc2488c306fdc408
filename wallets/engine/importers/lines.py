"""Reading delimited text strictly: every refusal names its line."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wallets.engine.importers.rejections import MOST_KEPT, Refusal, masked

if TYPE_CHECKING:  # `csv` has no name for the type of a reader
    from _csv import Reader

MOST_LINES = 1_000_000
"""Lines of one file: what a worker's memory holds, however short the lines are."""
MOST_NAMED = 5
"""Unknown columns that a refusal names."""


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(frozen=True)
class Lines:
    """`cells[i]` are the values of the wanted columns on physical line `numbers[i]`.

    `refused` lines have none; `refusals` says why, for the first MOST_KEPT of them.
    """

    numbers: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]
    refusals: tuple[Refusal, ...]
    refused: int


def read_csv(content: bytes, columns: Sequence[str]) -> Lines:
    """Rows of a comma-separated UTF-8 file with a header, in the order of `columns`.

    Column order in the file is free; unknown columns are refused so that a misspelt one cannot vanish.
    Raises UnreadableFile when there is no way to tell lines or columns apart, and for more than MOST_LINES.
    """
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        order = _header(next(reader, []), columns)
    except csv.Error as error:
        raise UnreadableFile(Refusal(1, "", "csv.syntax", f"The header is not valid CSV: {error}.")) from error
    numbers: list[int] = []
    cells: list[tuple[str, ...]] = []
    refusals: list[Refusal] = []
    refused = 0
    for line, row in _rows(reader, len(order)):
        if len(numbers) + refused == MOST_LINES:
            raise UnreadableFile(Refusal(line, "", "file.lines", f"More than {MOST_LINES:,} lines; split the file."))
        if isinstance(row, Refusal):
            refused += 1
            refusals += [row] if refused <= MOST_KEPT else []
        else:
            numbers.append(line)
            cells.append(tuple(row[place].strip() for place in order))
    return Lines(tuple(numbers), tuple(cells), tuple(refusals), refused)


def _rows(reader: "Reader", width: int) -> Iterator[tuple[int, list[str] | Refusal]]:
    """Line and values of every row that is not blank, or why it has none; one broken line does not hide the next."""
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Refusal(line, "", "csv.syntax", f"This line is not valid CSV: {error}.")
            continue
        if row and len(row) != width:
            message = f"{len(row)} values where the header names {width} columns."
            yield line, Refusal(line, "", "csv.columns", message)
        elif row:
            yield line, row


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            Refusal(line, "", "file.encoding", "The file is not UTF-8 text; save it as “CSV UTF-8”.")
        ) from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise UnreadableFile(Refusal(line, "", "file.binary", "The file holds binary data; upload a CSV file."))
    return text


def _header(found: Sequence[str], columns: Sequence[str]) -> tuple[int, ...]:
    names = [name.strip().lower() for name in found]
    missing = [name for name in columns if name not in names]
    unknown = [name for name in names if name not in columns]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if not names or missing:
        wanted = ", ".join(missing or columns)
        raise UnreadableFile(Refusal(1, missing[0] if missing else "", "csv.header", f"Missing column: {wanted}."))
    if unknown:
        named = ", ".join(masked(name) for name in unknown[:MOST_NAMED])
        raise UnreadableFile(Refusal(1, "", "csv.header", f"Unknown column: {named}. Use the template."))
    if doubled:
        raise UnreadableFile(Refusal(1, doubled[0], "csv.header", f"Column named twice: {', '.join(doubled)}."))
    return tuple(names.index(name) for name in columns)
