"""Records as rows of a file: CSV, XLSX and Parquet through the same column tables."""

from collections.abc import Callable, Iterator

from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.columns import Context, Watch, unwatched
from wallets.engine.importers.grid import parse_pieces
from wallets.engine.importers.lines import read_csv
from wallets.engine.importers.parquet import read_parquet
from wallets.engine.importers.pieces import Headings, Piece
from wallets.engine.importers.rejections import Parsed
from wallets.engine.importers.xlsx import read_xlsx

FORMS: dict[str, Callable[[bytes, Headings], Iterator[Piece]]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "parquet": read_parquet,
}
_SIGNATURES = ((b"PK\x03\x04", "xlsx"), (b"PAR1", "parquet"))


def form_of(content: bytes) -> str:
    """The form of a file by its first bytes: xlsx, parquet, else csv.

    >>> form_of(b"reference,amount")
    'csv'
    """
    return next((form for signature, form in _SIGNATURES if content.startswith(signature)), "csv")


def parse(content: bytes, *, kind: str, as_of: int, own_gstin: str, form: str = "", watch: Watch = unwatched) -> Parsed:
    """Rows of the kind's record frame (without business, counterparty, received_at; with `line`) and the refusals.

    `kind`: a key of TABLES. `form`: a key of FORMS, or empty to tell by the first bytes. `as_of`: microseconds;
    what lies later is refused. Times without a zone are read as IST. In Parquet `line` is the row from 1.
    """
    read = FORMS[form or form_of(content)]
    table = TABLES[kind]
    return parse_pieces(table, read(content, table.headings), Context(as_of, own_gstin, watch))
