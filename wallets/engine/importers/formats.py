"""Every format evidence comes in, by the name a sender gives it, and the kind of record it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import polars as pl

from wallets.engine.importers import source_system, tabular
from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.columns import Watch, unwatched
from wallets.engine.importers.deposit import json as deposit_json
from wallets.engine.importers.deposit import xml as deposit_xml
from wallets.engine.importers.eway import bulk
from wallets.engine.importers.gstr import filing, gstr1, gstr2b, gstr3b
from wallets.engine.importers.rejections import Parsed

_MARK = b"\xef\xbb\xbf"


class Parser(Protocol):
    """Reads a file as of a moment (microseconds) for the business of a GSTIN; never raises for what is in the file."""

    def __call__(self, content: bytes, *, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed: ...


class Filing(Protocol):
    """The return that a file is, as one row of the gst_returns frame, beside the documents read from it."""

    def __call__(self, content: bytes, *, documents: pl.DataFrame, as_of: int, own_gstin: str) -> Parsed: ...


@dataclass(frozen=True)
class Format:
    """The record kind (frame name) a format holds, and its parser."""

    kind: str
    parse: Parser
    filing: Filing | None = None
    """For a return whose documents are the rows: the return itself."""


def _is_json(content: bytes) -> bool:
    return content[:200].removeprefix(_MARK).lstrip()[:1] in (b"{", b"[")


def eway_bills(content: bytes, *, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed:
    """The official bulk JSON, or bills as rows of a table."""
    if _is_json(content):
        return bulk.parse(content, as_of=as_of, own_gstin=own_gstin, watch=watch)
    return tabular.parse(content, kind="eway_bills", as_of=as_of, own_gstin=own_gstin, watch=watch)


def aa_deposit(content: bytes, *, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed:
    """Account Aggregator deposit data, XML or JSON."""
    read = deposit_json.parse if _is_json(content) else deposit_xml.parse
    return read(content, as_of=as_of, own_gstin=own_gstin, watch=watch)


FORMATS: Mapping[str, Format] = {
    **{kind: Format(kind, partial(tabular.parse, kind=kind)) for kind in TABLES},
    "eway_bills": Format("eway_bills", eway_bills),
    "gstr1": Format("gst_invoices", gstr1.parse, filing.parse),
    "gstr2b": Format("gst_invoices", gstr2b.parse),
    "gstr3b": Format("gst_returns", gstr3b.parse),
    "aa_deposit": Format("bank_entries", aa_deposit),
    "source_invoices": Format(
        "gst_invoices", partial(source_system.parse_own, layout="gst_invoices"), source_system.returns_told
    ),
    "source_payments": Format("upi_payments", partial(source_system.parse_own, layout="upi_transactions")),
    "source_eway_bills": Format("eway_bills", partial(source_system.parse_own, layout="eway_bills")),
}
