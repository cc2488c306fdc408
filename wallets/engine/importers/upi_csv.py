"""UPI payments from CSV: every line is either a good payment or refused with its reasons."""

from wallets.engine.importers import tabular
from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.rejections import Parsed

_TABLE = TABLES["upi_payments"]
COLUMNS = _TABLE.headings.all
TEMPLATE = _TABLE.template


def parse(content: bytes, *, as_of: int) -> Parsed:
    """Rows of the `upi_payments` frame (without business, counterparty, received_at) and the refused lines.

    `as_of`: microseconds; a payment later than this is refused. Times without a zone are read as IST.
    """
    return tabular.parse(content, kind="upi_payments", form="csv", as_of=as_of, own_gstin="")
