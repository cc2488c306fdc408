"""Any labelled text file as columns of text: encodings, separators, prefaces, ragged lines, twice-named columns.

What can be mended is mended and told in a warning; what cannot is an error that names line or column.
"""

import csv
import difflib
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SEPARATORS = (",", ";", "\t", "|", " ")
SNIFFED_LINES = 60
PREFACE_LINES = 25
MOST_LISTED = 12
LONGEST_CELL = 1_000_000
LONGEST_ROW = 200
"""Lines that one row may reach over: beyond it a quotation mark was never closed."""
LINES_LISTED = 5
LONG = "with more fields than the header were left out"
SHORT = "with fewer fields than the header were filled with missing"
AGAIN = "that repeat the header were left out"


class UnableToRead(ValueError):
    """The file, or a column that was asked for, cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Sheet:
    """Unique column names, cells as rows of text of that width, and what was mended on the way."""

    names: tuple[str, ...]
    rows: list[list[str]]
    warnings: tuple[str, ...]

    def column(self, name: str) -> list[str]:
        """The cells of one column, by its exact name."""
        place = self.names.index(name)
        return [row[place] for row in self.rows]


def read_sheet(path: Path, *, target: str) -> Sheet:
    """The file at `path`, plain or gzip; its header is the first line that names `target`. Raises UnableToRead."""
    text, warnings = _decoded(_unpacked(path))
    lines = text.splitlines()[:SNIFFED_LINES]
    if not any(line.strip() for line in lines):
        raise UnableToRead(f"{path.name} is empty: export it again with a header line and rows.")
    rows, ends = _parted(path.name, text, _separator(lines))
    header = _header(rows, target)
    if header:
        warnings.append(f"{header} line(s) before the header were left out")
    _refuse_twice(rows[header], target)
    names, repeated = _unique([cell.strip() for cell in rows[header]])
    warnings += repeated
    names, body = _squared(names, list(zip(rows[header + 1 :], ends[header + 1 :], strict=True)), warnings)
    if not body:
        raise UnableToRead(f"{path.name} has a header and no rows.")
    return Sheet(tuple(names), body, tuple(warnings))


def _parted(name: str, text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """Rows that hold something, each with the number of its last line. Raises UnableToRead naming the line."""
    rows: list[list[str]] = []
    ends: list[int] = []
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    before = 0
    try:
        for row in reader:
            if reader.line_num - before > LONGEST_ROW:
                raise UnableToRead(f"{name}, line {before + 1}: a quotation mark is opened and never closed.")
            before = reader.line_num
            if any(cell.strip() for cell in row):
                rows.append(row)
                ends.append(before)
    except csv.Error as error:
        raise UnableToRead(
            f"{name}, line {before + 1}: {error}. Look for a quotation mark that is never closed."
        ) from error
    return rows, ends


def _refuse_twice(header: Sequence[str], target: str) -> None:
    """Which of two columns of one name holds the outcome, only the file's owner knows."""
    places = [str(place) for place, cell in enumerate(header, start=1) if cell.strip() == target]
    if len(places) > 1:
        raise UnableToRead(
            f"--target {target}: the header names this column in places {' and '.join(places)}; give one another name."
        )


def resolve(names: Sequence[str], asked: str, option: str) -> str:
    """The column meant by `asked`: exact, else without case, spaces and punctuation. Raises UnableToRead."""
    if asked in names:
        return asked
    alike = [name for name in names if _plain(name) == _plain(asked)]
    if len(alike) == 1:
        return alike[0]
    near = difflib.get_close_matches(asked, names, n=3, cutoff=0.5)
    shown = ", ".join(repr(name) for name in names[:MOST_LISTED]) + (" …" if len(names) > MOST_LISTED else "")
    hint = f" Did you mean {' or '.join(repr(name) for name in near)}?" if near else ""
    raise UnableToRead(f"{option}: there is no column {asked!r}.{hint} The file has: {shown}")


def _unpacked(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnableToRead(f"{path} cannot be opened: {error.strerror}.") from error
    if content[:2] == b"PK":
        raise UnableToRead(f"{path.name} is a ZIP or XLSX file: save it as CSV, plain or gzip.")
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise UnableToRead(f"{path.name} is a damaged gzip file: {error}.") from error


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """Text and warnings: UTF-16 by its mark, UTF-8 with or without mark, else the Western code page."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace"), []
    try:
        return content.decode("utf-8-sig").replace("\0", ""), []
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace").replace("\0", "")
        return text, ["the file is not UTF-8; it was read as Windows-1252"]


def _separator(lines: Sequence[str]) -> str:
    """The separator that cuts most lines into the same number of fields, the most fields among equals."""

    def consistency(separator: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator, skipinitialspace=True) if row]
        width, count = Counter(widths).most_common(1)[0]
        return (round(count / len(widths), 1), width) if width > 1 else (0.0, 0)

    # a space is only believed when nothing else cuts: words inside cells have spaces too
    best = max(SEPARATORS[:-1], key=consistency)
    if consistency(best)[0] >= 0.5:
        return best
    return " " if consistency(" ")[0] >= 0.8 else ","


def _header(rows: Sequence[Sequence[str]], target: str) -> int:
    """Row of the header: the first that names the target exactly, else alike, else the first of usual width."""
    for same in (lambda cell: cell.strip() == target, lambda cell: _plain(cell) == _plain(target)):
        for place, row in enumerate(rows[:PREFACE_LINES]):
            if any(same(cell) for cell in row):
                return place
    usual = Counter(len(row) for row in rows[:SNIFFED_LINES]).most_common(1)[0][0]
    first = next(place for place, row in enumerate(rows) if len(row) == usual)
    resolve([cell.strip() for cell in rows[first]], target, "--target")
    return first


def _unique(header: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names made unique; a column without a name is called by its place."""
    names: list[str] = []
    warnings: list[str] = []
    for place, found in enumerate(header, start=1):
        name, number = found or f"column {place}", 2
        while name in names:
            name, number = f"{found} ({number})", number + 1
        if found and name != found:
            warnings.append(f"{found}: the header names this column again; the later one is called {name!r}")
        names.append(name)
    return names, warnings


def _squared(
    names: list[str], rows: list[tuple[list[str], int]], warnings: list[str]
) -> tuple[list[str], list[list[str]]]:
    """Rows, each with its line, cut or filled to the width of the header; too long ones and headers again left out."""
    widths = Counter(len(row) for row, _ in rows)
    if widths and widths.most_common(1)[0][0] == len(names) + 1 and widths[len(names)] == 0:
        names = ["row names", *names]  # as R writes tables: the first column has no name
        warnings.append("the rows have one field more than the header: the first was taken as row names")
    width = len(names)
    kept: list[list[str]] = []
    found: dict[str, list[int]] = {LONG: [], SHORT: [], AGAIN: []}
    for row, line in rows:
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            found[LONG].append(line)
            continue
        if [cell.strip() for cell in row[:width]] == names:
            found[AGAIN].append(line)
            continue
        if len(row) < width:
            found[SHORT].append(line)
        kept.append((row + [""] * (width - len(row)))[:width])
    warnings += [f"{len(lines)} row(s) {told}: {_lines(lines)}" for told, lines in found.items() if lines]
    return names, kept


def _lines(lines: Sequence[int]) -> str:
    """The first few of them.

    >>> _lines([3, 9])
    'line 3, 9'
    """
    return f"line {', '.join(map(str, lines[:LINES_LISTED]))}{' …' if len(lines) > LINES_LISTED else ''}"


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
