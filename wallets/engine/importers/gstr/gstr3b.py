"""GSTR-3B JSON and the summary of a GSTR-1: one row of the gst_returns frame.

Turnover is what is taxed: outward taxable and zero-rated supplies. Where the file says how the tax was paid (`tx_pmt`)
that is taken; else input credit pays what it can and cash the rest. A file that does not say when it was filed gives a
row with `filing_known` false: it proves the amounts, not the filing.
"""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from wallets.engine.importers.columns import Context, Watch, unwatched
from wallets.engine.importers.documents import as_number, as_text, elements, members, read_json
from wallets.engine.importers.grid import parse_pieces
from wallets.engine.importers.gstr.documents import check_owner, tidy
from wallets.engine.importers.pieces import Piece
from wallets.engine.importers.rejections import Parsed
from wallets.engine.importers.tables.gst_returns import TABLE

_HEADS = ("iamt", "camt", "samt", "csamt")
_CASH = ("ipd", "cpd", "spd", "cspd")
_CREDIT = ("i_pdi", "i_pdc", "i_pds", "c_pdi", "c_pdc", "s_pdi", "s_pds", "cs_pdcs")
_CARRIED = ("pointer", "filing_known")


def parse(content: bytes, *, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed:
    """The gst_returns frame of a GSTR-3B file: one row, with `pointer` and `filing_known` besides."""
    parsed = parse_pieces(TABLE, _pieces(content, own_gstin), Context(as_of, own_gstin, watch))
    if "filing_known" not in parsed.rows.columns:
        nothing = {name: pl.Series(name, [], dtype=pl.String) for name in _CARRIED}
        rows = parsed.rows.with_columns(**nothing)
    else:
        rows = parsed.rows
    known = pl.col("filing_known") == "yes"
    return Parsed(rows.with_columns(filing_known=known), parsed.refusals, parsed.lines, parsed.refused_lines)


def _pieces(content: bytes, own_gstin: str) -> Iterator[Piece]:
    document = members(read_json(content))
    check_owner(document, own_gstin)
    row = {
        "return_type": "GSTR3B",
        "period": as_text(document.get("ret_period")),
        "filed_on": as_text(document.get("fil_dt")),
        "arn": as_text(document.get("arn")),
        **_sums(document),
        "pointer": "",
        "filing_known": "yes" if as_text(document.get("fil_dt")) else "no",
    }
    schema = {"line": pl.Int64, **dict.fromkeys((*TABLE.headings.all, *_CARRIED), pl.String)}
    yield Piece(pl.DataFrame([{"line": 1, "due_date": "", **row}], schema=schema))


def _sums(document: dict[str, object]) -> dict[str, str]:
    """Turnover and how its tax was paid, as text; a value that is no number is shown instead and so refused."""
    supplies, credit = members(document.get("sup_details")), members(document.get("itc_elg"))
    taxed = [members(supplies.get(name)) for name in ("osup_det", "osup_zero")]
    reverse = members(supplies.get("isup_rev"))
    paid = members(document.get("tx_pmt"))
    wrong = _not_a_number([*taxed, reverse, members(credit.get("itc_net"))])
    if wrong:
        return {"turnover": wrong, "tax_cash": "0", "tax_itc": "0"}
    turnover = _total(taxed, ("txval",))
    if paid:
        by_cash = [members(entry) for entry in elements(paid.get("pdcash"))]
        cash, itc = _total(by_cash, _CASH), _total([members(paid.get("pditc"))], _CREDIT)
    else:
        output, reversed_charge = _total(taxed, _HEADS), _total([reverse], _HEADS)
        itc = max(min(_total([members(credit.get("itc_net"))], _HEADS), output), Decimal(0))
        cash = output - itc + reversed_charge
    return {"turnover": tidy(turnover), "tax_cash": tidy(cash), "tax_itc": tidy(itc)}


def _not_a_number(tables: list[dict[str, object]]) -> str:
    """The first amount that is none, or empty."""
    values = [table[name] for table in tables for name in ("txval", *_HEADS) if name in table]
    return next((as_text(value) or "?" for value in values if as_number(value) is None), "")


def _total(tables: list[dict[str, object]], names: tuple[str, ...]) -> Decimal:
    return sum((as_number(table.get(name)) or Decimal(0) for table in tables for name in names), Decimal(0))
