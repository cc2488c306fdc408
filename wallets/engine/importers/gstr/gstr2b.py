"""GSTR-2B JSON: what suppliers reported to have sold to the business, and so the credit it may take.

Read: b2b and cdnr of `data.docdata` with their amendments. Imports and distributors (impg, impgsez, isd) name no
supplier's invoice and are not read.
"""

from collections.abc import Iterator

from wallets.engine.importers.columns import Context, Watch, unwatched
from wallets.engine.importers.documents import as_text, members
from wallets.engine.importers.gstr.documents import (
    Names,
    Row,
    amounts,
    check_owner,
    entries,
    original,
    parse_rows,
    place,
    reverse_charge,
    version,
)
from wallets.engine.importers.rejections import Parsed, unreadable

DEBIT = "D"
_INVOICE = Names("inum", "dt", "oinum", "oidt")
_NOTE = Names("ntnum", "dt", "ontnum", "ontdt")
SECTIONS = {"b2b": ("inv", _INVOICE), "b2ba": ("inv", _INVOICE), "cdnr": ("nt", _NOTE), "cdnra": ("nt", _NOTE)}


def parse(content: bytes, *, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed:
    """The gst_invoices frame (direction “in”) of a GSTR-2B file; see `parse_rows` for the further columns."""
    return parse_rows(lambda document: _rows(members(document), own_gstin), content, Context(as_of, own_gstin, watch))


def _rows(document: dict[str, object], own_gstin: str) -> Iterator[Row]:
    statement = members(document.get("data")) or document
    base = "/data/docdata" if document.get("data") else "/docdata"
    check_owner(statement, own_gstin)
    if not isinstance(statement.get("docdata"), dict):
        raise unreadable("gstr.docdata", "The file holds no “docdata”; download the GSTR-2B as JSON.", pointer=base)
    period = as_text(statement.get("rtnprd"))
    sections = members(statement.get("docdata"))
    for name, (documents, names) in SECTIONS.items():
        for pointer, group in entries(sections.get(name), f"{base}/{name}"):
            for where, each in entries(group.get(documents), f"{pointer}/{documents}"):
                credit = names is _NOTE and as_text(each.get("typ")).upper() != DEBIT
                yield {
                    "invoice_number": as_text(each.get(names.number)),
                    "invoice_date": as_text(each.get(names.date)),
                    "supplier_gstin": as_text(group.get("ctin")),
                    "buyer_gstin": own_gstin,
                    "kind": "CDNR" if credit else "B2B",
                    "place_of_supply": place(each.get("pos"), own_gstin[:2]),
                    **amounts(each, names),
                    **reverse_charge(each, "rev"),
                    **original(each, names),
                    **(version(period) if name.endswith("a") else {}),
                    "section": name,
                    "pointer": where,
                }
