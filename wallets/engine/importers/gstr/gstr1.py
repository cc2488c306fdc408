"""GSTR-1 JSON: what a business sold, invoice by invoice; small consumer sales by state and rate.

Read: b2b, b2cl, b2cs, cdnr, cdnur, exp and their amendments. Not read, because they repeat or summarise: at, txpd,
nil, hsn, doc_issue, supeco and others without documents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from wallets.engine.consumer_sums import sum_number
from wallets.engine.importers.columns import Context, Watch, unwatched
from wallets.engine.importers.documents import as_number, as_text, members
from wallets.engine.importers.gstr.documents import (
    ABROAD,
    Names,
    Row,
    amounts,
    check_owner,
    entries,
    original,
    parse_rows,
    place,
    reverse_charge,
    tidy,
    version,
)
from wallets.engine.importers.gstr.periods import last_day
from wallets.engine.importers.rejections import Parsed

CREDIT, DEBIT = "C", "D"
_INVOICE = Names("inum", "idt", "oinum", "oidt")
_NOTE = Names("nt_num", "nt_dt", "ont_num", "ont_dt")
_MONEY = ("taxable_value", "igst", "cgst", "sgst", "cess")


@dataclass(frozen=True)
class Section:
    """A list of groups: where the documents of a group are, how they are called, and their kind."""

    documents: str
    names: Names
    kind: str


SECTIONS = {
    "b2b": Section("inv", _INVOICE, "B2B"),
    "b2ba": Section("inv", _INVOICE, "B2B"),
    "b2cl": Section("inv", _INVOICE, "B2CL"),
    "b2cla": Section("inv", _INVOICE, "B2CL"),
    "exp": Section("inv", _INVOICE, "EXP"),
    "expa": Section("inv", _INVOICE, "EXP"),
    "cdnr": Section("nt", _NOTE, "B2B"),
    "cdnra": Section("nt", _NOTE, "B2B"),
    "cdnur": Section("", _NOTE, "B2CL"),
    "cdnura": Section("", _NOTE, "B2CL"),
}
"""`documents` is empty where the list itself holds the documents; `kind` is that of debit notes in note sections."""


AMENDING = frozenset({"b2ba", "b2cla", "expa", "cdnra", "cdnura", "b2csa"})


def parse(content: bytes, *, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed:
    """The gst_invoices frame of a GSTR-1 file; see `parse_rows` for the further columns."""
    return parse_rows(lambda document: _rows(members(document), own_gstin), content, Context(as_of, own_gstin, watch))


def _rows(document: dict[str, object], own_gstin: str) -> Iterator[Row]:
    check_owner(document, own_gstin)
    period = as_text(document.get("fp"))
    for name, section in SECTIONS.items():
        carried = {"supplier_gstin": own_gstin, "section": name, **(version(period) if name in AMENDING else {})}
        for pointer, group in entries(document.get(name), f"/{name}"):
            listed = entries(group.get(section.documents), f"{pointer}/{section.documents}")
            for where, each in listed if section.documents else [(pointer, group)]:
                yield {**_document(section, group, each), **carried, "pointer": where}
    for name in ("b2cs", "b2csa"):
        carried = {"supplier_gstin": own_gstin, "section": name, **(version(period) if name in AMENDING else {})}
        for pointer, group in entries(document.get(name), f"/{name}"):
            for row in _consumer(group, period):
                yield {**row, **carried, "pointer": pointer}


def _document(section: Section, group: dict[str, object], each: dict[str, object]) -> Row:
    names = section.names
    abroad = section.kind == "EXP" or as_text(each.get("typ")).startswith("EXP")
    kind = "EXP" if abroad else section.kind
    if names is _NOTE and as_text(each.get("ntty")).upper() != DEBIT:
        kind = "CDNR"
    return {
        "invoice_number": as_text(each.get(names.number)),
        "invoice_date": as_text(each.get(names.date)),
        "buyer_gstin": as_text(group.get("ctin")),
        "kind": kind,
        "place_of_supply": place(each.get("pos"), as_text(group.get("pos")) or (ABROAD if abroad else "")),
        **amounts(each, names),
        **reverse_charge(each, "rchrg"),
        **original(each, names),
    }


def _consumer(group: dict[str, object], period: str) -> Iterator[Row]:
    """Consumer sales of a month in one state at one rate; a negative sum (more came back than went) is a credit.

    They have no number, so they get one (`consumer_sums.sum_number`).
    """
    month = as_text(group.get("omon")) or period
    listed = [item for _, item in entries(group.get("itms"), "")] or [group]
    for item in listed:
        row = amounts(item, _INVOICE)
        rate = as_number(item.get("rt")) or Decimal(0)
        channel = "O" if as_text(group.get("typ")) in ("", "OE") else "E"
        state = as_text(group.get("pos"))
        number = sum_number(month, state, rate, channel)
        back = row["taxable_value"].startswith("-")
        money = {name: row[name].removeprefix("-") if back else row[name] for name in _MONEY}
        amended = {"amended_from": number, "amended_from_year": str(_year(month))} if group.get("omon") else {}
        yield {
            "invoice_number": number,
            "invoice_date": last_day(month),
            "kind": "CDNR" if back else "B2CS",
            "place_of_supply": state,
            "rate": tidy(item.get("rt", 0)),
            **money,
            **amended,
        }


def _year(month: str) -> int:
    text = last_day(month)
    return int(text[:4]) - (int(text[5:7]) < 4) if text else 0
