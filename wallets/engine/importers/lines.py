"""Reading delimited text strictly: every refusal names its line."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from wallets.engine.importers.rejections import Refusal, masked


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(frozen=True)
class Lines:
    """`cells[i]` are the values of the wanted columns on physical line `numbers[i]`."""

    numbers: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]
    refusals: tuple[Refusal, ...]


def read_csv(content: bytes, columns: Sequence[str]) -> Lines:
    """Rows of a comma-separated UTF-8 file with a header, in the order of `columns`.

    Column order in the file is free; unknown columns are refused so that a misspelt one cannot vanish.
    Raises UnreadableFile when there is no way to tell lines or columns apart.
    """
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        order = _header(next(reader, []), columns)
    except csv.Error as error:
        raise UnreadableFile(Refusal(1, "", "csv.syntax", f"The header is not valid CSV: {error}.")) from error
    numbers: list[int] = []
    cells: list[tuple[str, ...]] = []
    refusals: list[Refusal] = []
    line = 1
    while True:
        start = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            refusals.append(Refusal(start, "", "csv.syntax", f"This line is not valid CSV: {error}."))
            break
        line = start
        if not row:
            continue
        if len(row) != len(order):
            refusals.append(
                Refusal(line, "", "csv.columns", f"{len(row)} values where the header names {len(order)} columns.")
            )
            continue
        numbers.append(line)
        cells.append(tuple(row[place].strip() for place in order))
    return Lines(tuple(numbers), tuple(cells), tuple(refusals))


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
    if doubled:
        raise UnreadableFile(Refusal(1, doubled[0], "csv.header", f"Column named twice: {', '.join(doubled)}."))
    if unknown:
        named = ", ".join(masked(name) for name in unknown)
        raise UnreadableFile(Refusal(1, "", "csv.header", f"Unknown column: {named}. Use the template."))
    return tuple(names.index(name) for name in columns)
