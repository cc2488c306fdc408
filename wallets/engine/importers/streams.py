"""Rows that come in over streams: entries of many businesses, judged together by the rules of single files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.columns import Context
from wallets.engine.importers.grid import parse_pieces
from wallets.engine.importers.ndjson import row_of
from wallets.engine.importers.pieces import Piece, raw_frame
from wallets.engine.importers.rejections import Refusal

KIND_OF: Mapping[str, str] = {
    "stream:gst_invoices": "gst_invoices",
    "stream:upi_transactions": "upi_payments",
    "stream:eway_bills": "eway_bills",
}
"""Kind of record by stream (evidence.md §2)."""
STREAM_OF: Mapping[str, str] = {kind: stream for stream, kind in KIND_OF.items()}


@dataclass(frozen=True)
class Entry:
    """One row on its way: the business it belongs to, and a JSON object with the columns of the kind's template."""

    gstin: str
    row: bytes


@dataclass(frozen=True)
class Judged:
    """`rows`: the record frame with `line` (place of the entry, from 0) and `gstin`. `refused`: reason by place.

    A repetition within the batch is neither: it is a duplicate, as it would be in the next batch.
    """

    rows: pl.DataFrame
    refused: Mapping[int, Refusal]


def judge(entries: Sequence[Entry], *, kind: str, as_of: int) -> Judged:
    """Good rows of the batch, and the first reason against each of the others; `as_of` in microseconds."""
    table = replace(TABLES[kind], key=("gstin", *TABLES[kind].key))
    read = [row_of(place, entry.row, table.headings) for place, entry in enumerate(entries)]
    good = [one for one in read if not isinstance(one, Refusal)]
    bad = [one for one in read if isinstance(one, Refusal)]
    raw = raw_frame(table.headings.all, [place for place, _ in good], [values for _, values in good])
    owners = pl.Series("gstin", [entries[place].gstin for place, _ in good], dtype=pl.String)
    piece = Piece(raw.with_columns(owners), tuple(bad), len(bad))
    parsed = parse_pieces(table, [piece], Context(as_of, pl.col("gstin")))
    refused: dict[int, Refusal] = {}
    for refusal in parsed.refusals:
        if refusal.rule != table.key_rule:
            refused.setdefault(refusal.line, refusal)
    return Judged(parsed.rows, refused)
