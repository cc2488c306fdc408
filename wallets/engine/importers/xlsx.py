"""Rows of an Excel sheet as text; formulas are refused by cell, and nothing is unpacked that the caps do not allow."""

import io
import itertools
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils import get_column_letter

from wallets.engine.importers.pieces import PIECE, Headings, Piece, raw_frame
from wallets.engine.importers.rejections import MOST_KEPT, Refusal, UnreadableFile, unreadable

MOST_ROWS = 200_000
"""Rows of a sheet; longer tables come as CSV or Parquet."""
MOST_COLUMNS = 100
MOST_PARTS = 1_000
MOST_UNPACKED = 200_000_000
"""Bytes of all parts unpacked: a zip bomb stops here before anything is unpacked."""
LONGEST_CELL = 4_000
_FORMULA = ("=", "＝")
_BROKEN = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, SyntaxError, ArithmeticError, RuntimeError, EOFError,
    OSError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What a damaged workbook makes its reader raise; XML with entities is a ValueError."""

Cell = ReadOnlyCell | EmptyCell


def read_xlsx(content: bytes, headings: Headings) -> Iterator[Piece]:
    """Rows of the first sheet in pieces; `line` is the row of the sheet and blank rows are skipped.

    Raises UnreadableFile for a damaged, encrypted or oversized workbook and for a wrong header.
    """
    _check_size(content)
    rows = _guarded(_sheet_rows(content))
    header = next(rows, (1, ()))[1]
    _refuse_formulas_in(header)
    names = [_text(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    order = headings.order(names)
    for first in rows:
        yield _piece(itertools.chain([first], itertools.islice(rows, PIECE - 1)), order, len(names))


def _piece(rows: Iterator[tuple[int, Sequence[Cell]]], order: dict[str, int], width: int) -> Piece:
    numbers: list[int] = []
    taken: list[list[str]] = []
    refusals: list[Refusal] = []
    for line, cells in rows:
        if line > MOST_ROWS + 1:
            raise unreadable("file.lines", f"More than {MOST_ROWS:,} rows; split the file or use CSV.", line=line)
        fault = _fault(line, cells, {place: name for name, place in order.items()}, width)
        if fault:
            refusals.append(fault)
        elif any(_text(cell) for cell in cells):
            numbers.append(line)
            taken.append([_text(cells[place]) if place < len(cells) else "" for place in order.values()])
    return Piece(raw_frame(tuple(order), numbers, taken), tuple(refusals[:MOST_KEPT]), len(refusals))


def _fault(line: int, cells: Sequence[Cell], names: dict[int, str], width: int) -> Refusal | None:
    """Why a row cannot be read: a formula, an error value, an endless text or a value beside the table."""
    for place, cell in enumerate(cells):
        where, text = f"{get_column_letter(place + 1)}{line}", _text(cell)
        if text and place >= width:
            return Refusal(line, "", "csv.columns", f"Cell {where} has a value beside the table.")
        if _is_formula(cell):
            return Refusal(
                line, names.get(place, ""), "xlsx.formula", f"Cell {where} holds a formula; paste its value."
            )
        if not isinstance(cell, EmptyCell) and cell.data_type == "e":
            return Refusal(line, names.get(place, ""), "xlsx.error", f"Cell {where} holds an error value.")
        if len(text) > LONGEST_CELL:
            return Refusal(line, names.get(place, ""), "xlsx.long", f"Cell {where} holds too long a text.")
    return None


def _is_formula(cell: Cell) -> bool:
    value = cell.value
    return getattr(cell, "data_type", "") == "f" or (isinstance(value, str) and value.startswith(_FORMULA))


def _refuse_formulas_in(header: Sequence[Cell]) -> None:
    for place, cell in enumerate(header):
        if _is_formula(cell):
            name = f"{get_column_letter(place + 1)}1"
            raise UnreadableFile(Refusal(1, "", "xlsx.formula", f"Cell {name} holds a formula; paste its value."))


def _text(cell: Cell) -> str:
    """The value as a CSV file would hold it; a date without a time of day has midnight."""
    value: object = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).strip()


def _sheet_rows(content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Row number and cells of the first sheet; the size it claims for itself is not believed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader warns of styles and dates it cannot show; the rules judge values
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from enumerate(sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1), 1)


def _guarded(rows: Iterator[tuple[int, Sequence[Cell]]]) -> Iterator[tuple[int, Sequence[Cell]]]:
    line = 0
    while True:
        try:
            line, cells = next(rows)
        except StopIteration:
            return
        except _BROKEN as error:
            message = "The workbook is damaged, protected or not an Excel file; save it again as .xlsx."
            raise unreadable("xlsx.broken", message, line=line + 1) from error
        yield line, cells


def _check_size(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except _BROKEN as error:
        raise unreadable("xlsx.broken", "This is not an Excel workbook (.xlsx), or it is damaged.") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        megabytes = MOST_UNPACKED // 10**6
        raise unreadable("file.unpacked", f"Unpacked, the workbook is larger than {megabytes} MB; split it.")
