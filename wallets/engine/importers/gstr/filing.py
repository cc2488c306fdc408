"""A GSTR-1 as the return it is: its period, what was sold in it, and when it was filed if the file says so.

Turnover is the taxable value of its documents less credit notes; amendments of earlier periods are not of this one.
A GSTR-1 pays no tax. Without `fil_dt` the row has `filing_known` false: it proves the figures, not the filing.
"""

import polars as pl

from creditiq.kernel.money import from_paise
from wallets.engine.importers.columns import Context
from wallets.engine.importers.documents import as_text, members, read_json
from wallets.engine.importers.grid import parse_pieces
from wallets.engine.importers.pieces import Piece
from wallets.engine.importers.rejections import Parsed
from wallets.engine.importers.tables.gst_returns import TABLE


def parse(content: bytes, *, documents: pl.DataFrame, as_of: int, own_gstin: str) -> Parsed:
    """One row of the gst_returns frame with `filing_known`; refused where its turnover or a date cannot be.

    `documents` is the frame of the same file. Raises UnreadableFile.
    """
    document = members(read_json(content))
    filed = as_text(document.get("fil_dt"))
    row = {
        "return_type": "GSTR1", "period": as_text(document.get("fp")), "due_date": "", "filed_on": filed,
        "arn": as_text(document.get("arn")) if filed else "", "turnover": turnover(documents), "tax_cash": "0",
        "tax_itc": "0",
    }  # fmt: skip
    raw = pl.DataFrame([{"line": 1, **row}], schema={"line": pl.Int64, **dict.fromkeys(TABLE.headings.all, pl.String)})
    parsed = parse_pieces(TABLE, [Piece(raw)], Context(as_of, own_gstin))
    known = parsed.rows.with_columns(filing_known=pl.lit(bool(filed)))
    return Parsed(known, parsed.refusals, parsed.lines, parsed.refused_lines)


def turnover(documents: pl.DataFrame) -> str:
    """Rupees as text: taxable value of what is no amendment, credit notes subtracted."""
    paise = pl.when(kind="CDNR").then(-pl.col("taxable_paise")).otherwise("taxable_paise")
    total = documents.filter(pl.col("version") == 0).select(paise.sum()).item() if documents.height else 0
    return str(from_paise(total or 0))
