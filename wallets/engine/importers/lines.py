"""Reading delimited text strictly: every refusal names its line."""

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wallets.engine.importers import pieces
from wallets.engine.importers.pieces import PIECE, Headings, Piece, raw_frame
from wallets.engine.importers.plain import is_plain, read_plain
from wallets.engine.importers.rejections import MOST_KEPT, Refusal, UnreadableFile, unreadable

if TYPE_CHECKING:  # the type of a reader has a name for type checkers only
    from _csv import Reader as CsvReader


def read_csv(content: bytes, headings: Headings) -> Iterator[Piece]:
    """Rows of a comma-separated UTF-8 file with a header, in pieces; blank lines are skipped.

    Column order in the file is free; unknown columns are refused so that a misspelt one cannot vanish.
    Raises UnreadableFile when there is no way to tell lines or columns apart, and for more than MOST_LINES.
    """
    _check_text(content)
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    if is_plain(content):
        header = _header(reader)
        yield from read_plain(content, header, headings.order(header))
    else:
        yield from read_rows(reader, headings)


def read_rows(reader: "CsvReader", headings: Headings) -> Iterator[Piece]:
    """The same row by row, as quoted cells need it."""
    header = _header(reader)
    gathering = _Gathering(headings.order(header))
    for seen, (line, row) in enumerate(_rows(reader, len(header))):
        if seen == pieces.MOST_LINES:
            raise pieces.too_long(line)
        gathering.take(line, row)
        if len(gathering.numbers) == PIECE:
            yield gathering.release()
    yield gathering.release()


def _header(reader: "CsvReader") -> list[str]:
    try:
        return next(reader, [])
    except csv.Error as error:
        raise UnreadableFile(Refusal(1, "", "csv.syntax", f"The header is not valid CSV: {error}.")) from error


class _Gathering:
    """Rows on their way into a piece; the kept refusals are limited over the whole file."""

    def __init__(self, order: dict[str, int]) -> None:
        self.order = order
        self.numbers: list[int] = []
        self.rows: list[tuple[str, ...]] = []
        self.refusals: list[Refusal] = []
        self.refused = 0
        self.kept = 0

    def take(self, line: int, row: list[str] | Refusal) -> None:
        """Add a row, or note why there is none."""
        if isinstance(row, Refusal):
            self.refused += 1
            self.kept += 1
            self.refusals += [row] if self.kept <= MOST_KEPT else []
        else:
            self.numbers.append(line)
            self.rows.append(tuple([row[place].strip() for place in self.order.values()]))

    def release(self) -> Piece:
        """The piece gathered so far; gathering starts afresh."""
        piece = Piece(raw_frame(tuple(self.order), self.numbers, self.rows), tuple(self.refusals), self.refused)
        self.numbers, self.rows, self.refusals, self.refused = [], [], [], 0
        return piece


def _rows(reader: "CsvReader", width: int) -> Iterator[tuple[int, list[str] | Refusal]]:
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


def _check_text(content: bytes) -> None:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise unreadable("file.encoding", "The file is not UTF-8 text; save it as “CSV UTF-8”.", line=line) from error
    if b"\x00" in content:
        line = content[: content.index(b"\x00")].count(b"\n") + 1
        raise unreadable("file.binary", "The file holds binary data; upload a CSV file.", line=line)
