"""Transactions of Account Aggregator deposit data as rows of the bank table.

`account` is the masked account number, or the link reference where none is given: the same account has the same
masked number through every aggregator. `reference` is the bank's transaction id.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import polars as pl

from wallets.engine.importers import pieces
from wallets.engine.importers.columns import Context
from wallets.engine.importers.grid import parse_pieces
from wallets.engine.importers.pieces import PIECE, Piece
from wallets.engine.importers.rejections import Parsed
from wallets.engine.importers.tables.bank_entries import LONGEST_NARRATION, TABLE

LONGEST_REFERENCE = 35
_NAMES = (*TABLE.headings.all, "pointer")

Row = dict[str, str]


def parse_rows(rows: Iterable[Row], context: Context) -> Parsed:
    """The bank_entries frame with `line` (transactions from 1) and `pointer`; `rows` may raise UnreadableFile."""
    parsed = parse_pieces(TABLE, _pieces(rows), context)
    if "pointer" not in parsed.rows.columns:
        empty = parsed.rows.with_columns(pointer=pl.Series([], dtype=pl.String))
        return Parsed(empty, parsed.refusals, parsed.lines, parsed.refused_lines)
    return parsed


def _pieces(rows: Iterable[Row]) -> Iterator[Piece]:
    waiting, line = iter(rows), 1
    schema = {"line": pl.Int64, **dict.fromkeys(_NAMES, pl.String)}
    while part := list(islice(waiting, PIECE)):
        if line + len(part) > pieces.MOST_LINES:
            raise pieces.too_long(line + len(part))
        columns = {name: [row.get(name, "") for row in part] for name in _NAMES}
        yield Piece(pl.DataFrame({"line": range(line, line + len(part)), **columns}, schema=schema))
        line += len(part)
    if line == 1:
        yield Piece(pl.DataFrame(schema=schema))


def row_of(account: Mapping[str, str], transaction: Mapping[str, str], pointer: str) -> Row:
    """One transaction by the schema's own names; ids and narrations are brought into the table's form."""
    number = account.get("maskedAccNumber", "") or account.get("linkedAccRef", "").replace("-", "")
    return {
        "account": number,
        "reference": _reference(transaction.get("txnId", "") or transaction.get("reference", "")),
        "occurred_at": transaction.get("transactionTimestamp", ""),
        "direction": transaction.get("type", ""),
        "mode": transaction.get("mode", ""),
        "amount": _plain(transaction.get("amount", "")),
        "balance": _plain(transaction.get("currentBalance", "") or transaction.get("balance", "")),
        "narration": narration(transaction.get("narration", "")),
        "value_date": _date(transaction.get("valueDate", "")),
        "pointer": pointer,
    }


def narration(text: str) -> str:
    """The bank's text on one line without control characters, cut to what is stored.

    >>> narration(" NEFT\\n ACME\\x00 STEEL ")
    'NEFT ACME STEEL'
    """
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:LONGEST_NARRATION].strip()


def _date(text: str) -> str:
    """The date of a value date, which banks also give with a time."""
    return text[:10]


def _reference(text: str) -> str:
    return text.replace("-", "") if len(text) > LONGEST_REFERENCE else text


def _plain(text: str) -> str:
    """Amounts such as 1250.500 and 1250. with the zeros and the point that say nothing removed."""
    whole, point, fraction = text.partition(".")
    short = fraction.rstrip("0") if len(fraction) > 2 else fraction
    return f"{whole}{point}{short}" if short else (whole if not fraction.strip("0") else text)
