"""Invoices and notes inside GST return files as rows of the invoice table, each with the pointer it came from.

A return names no HSN per document, so it stays empty. A document with several rates shows the rate of its largest
item and the sums of all. Credit notes become CDNR; debit notes add to sales and take the kind of what they amend.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from wallets.engine.importers.columns import Context
from wallets.engine.importers.documents import as_number, as_text, elements, members, read_json
from wallets.engine.importers.grid import parse_pieces
from wallets.engine.importers.gstr.periods import month_number
from wallets.engine.importers.pieces import PIECE, Piece
from wallets.engine.importers.rejections import Parsed, unreadable
from wallets.engine.importers.tables.gst_invoices import TABLE as INVOICES

ABROAD = "96"
MOST_TIDY = Decimal(10) ** 16
_CENT = Decimal("0.01")
CARRIED = ("pointer", "section", "amended_from", "amended_from_year", "version")
UNKNOWN_PERIOD = 1
"""The version of an amendment whose return names no period: later than the original, earlier than any other."""
# A return may hold a document and an amendment under the same number.
TABLE = replace(INVOICES, key=(*INVOICES.key, "version"))
_NAMES = (*TABLE.headings.all, *CARRIED)
_TAXES = {
    "taxable_value": ("txval",), "igst": ("iamt", "igst"), "cgst": ("camt", "cgst"), "sgst": ("samt", "sgst"),
    "cess": ("csamt", "cess"),
}  # fmt: skip

Row = dict[str, str]


@dataclass(frozen=True)
class Names:
    """How one file format calls the members of a document."""

    number: str
    date: str
    original_number: str
    original_date: str
    items: tuple[str, ...] = ("itms", "items")


def parse_rows(rows: Callable[[object], Iterable[Row]], content: bytes, context: Context) -> Parsed:
    """Rows of the gst_invoices frame from a return file; `line` counts documents from 1.

    Besides the frame: `pointer`, `section`, and `amended_from` with `amended_from_year`, the number and financial
    year of the document an amendment replaces (null for others), and `version`, the period of the return that amends
    it as year × 12 + month − 1 (0 for others).
    """
    parsed = parse_pieces(TABLE, _pieces(rows, content), context)
    year = pl.col("amended_from_year", "version").cast(pl.Int32, strict=False)
    if "amended_from" not in parsed.rows.columns:
        nothing = {name: pl.Series(name, [], dtype=pl.String) for name in CARRIED}
        return Parsed(parsed.rows.with_columns(**nothing).with_columns(year), parsed.refusals, 0, parsed.refused_lines)
    amended = pl.when(pl.col("amended_from") != "").then(pl.col("amended_from"))
    rows_ = parsed.rows.with_columns(year, amended_from=amended).with_columns(pl.col("version").fill_null(0))
    return Parsed(rows_, parsed.refusals, parsed.lines, parsed.refused_lines)


def _pieces(rows: Callable[[object], Iterable[Row]], content: bytes) -> Iterator[Piece]:
    found = list(rows(read_json(content)))
    for start in range(0, max(len(found), 1), PIECE):
        part = found[start : start + PIECE]
        columns = {name: [row.get(name, "") for row in part] for name in _NAMES}
        numbers = range(start + 1, start + len(part) + 1)
        schema = {"line": pl.Int64, **dict.fromkeys(_NAMES, pl.String)}
        yield Piece(pl.DataFrame({"line": numbers, **columns}, schema=schema))


def check_owner(document: dict[str, object], own_gstin: str) -> None:
    """Raise UnreadableFile unless the return is the business's own."""
    if as_text(document.get("gstin")).upper() != own_gstin:
        raise unreadable("gstr.own", "This return is of another GSTIN.", pointer="/gstin")


def entries(value: object, pointer: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Pointer and members of every element of a list."""
    for place, element in enumerate(elements(value)):
        yield f"{pointer}/{place}", members(element)


def amounts(document: dict[str, object], names: Names) -> Row:
    """Rate of the largest item and the sums of value and tax over all items; without items those of the document."""
    listed = next((elements(document[name]) for name in names.items if elements(document.get(name))), [document])
    items = [members(members(item).get("itm_det", item)) for item in listed]
    largest = max(items, key=lambda item: as_number(item.get("txval")) or Decimal(0))
    return {
        "rate": tidy(largest.get("rt", 0)),
        **{column: _sum([_first(item, wires) for item in items]) for column, wires in _TAXES.items()},
    }


def _first(item: dict[str, object], wires: tuple[str, ...]) -> object:
    return next((item[wire] for wire in wires if wire in item), 0)


def _sum(values: list[object]) -> str:
    """The sum as text; a value that is no number is shown instead, for its column's rule to refuse."""
    numbers = [as_number(value) for value in values]
    for value, number in zip(values, numbers, strict=True):
        if number is None:
            return as_text(value) or "?"
    return tidy(sum((number for number in numbers if number is not None), Decimal(0)))


def tidy(value: object) -> str:
    """A number as text, with two decimals when that is exact.

    >>> tidy(Decimal("100.5000")), tidy(Decimal("0.125")), tidy("x")
    ('100.50', '0.125', 'x')
    """
    number = as_number(value)
    if number is None or abs(number) >= MOST_TIDY:
        return as_text(value)
    rounded = number.quantize(_CENT)
    return f"{rounded if rounded == number else number:f}"


def original(document: dict[str, object], names: Names) -> Row:
    """Number and financial year of the document this one amends; empty for others."""
    number, day = as_text(document.get(names.original_number)), as_text(document.get(names.original_date))
    parts = day.split("-")
    if not number or len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return {}
    return {"amended_from": number, "amended_from_year": str(int(parts[2][:4]) - (int(parts[1]) < 4))}


def version(period: str) -> Row:
    """Which version of its documents an amendment in the return of a period (MMYYYY) is."""
    return {"version": str(month_number(period) or UNKNOWN_PERIOD)}


def reverse_charge(document: dict[str, object], name: str) -> Row:
    """Whether the buyer pays the tax: Y or N in the files; nothing where they do not say."""
    return {"reverse_charge": {"Y": "yes", "N": "no"}.get(as_text(document.get(name)).upper(), "")}


def place(value: object, fallback: str = "") -> str:
    """State code of the place of supply."""
    return as_text(value) or fallback
