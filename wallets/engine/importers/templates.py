"""Templates as files: the header and two example rows of a kind of record, in every form a table may be sent in."""

import io

import polars as pl
from openpyxl import Workbook

from wallets.engine.importers.columns import Table

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def template_file(table: Table, form: str) -> bytes:
    """A file of CONTENT_TYPES that is accepted whole; every value is text, so that it reads as it is documented."""
    if form == "xlsx":
        return _workbook(table)
    if form == "parquet":
        return _parquet(table)
    return table.template.encode()


def _workbook(table: Table) -> bytes:
    book, file = Workbook(write_only=True), io.BytesIO()
    page = book.create_sheet(table.kind[:31])
    page.append([column.name for column in table.columns])
    for row in range(2):
        page.append([column.examples[row] or None for column in table.columns])
    book.save(file)
    return file.getvalue()


def _parquet(table: Table) -> bytes:
    file = io.BytesIO()
    values = {column.name: [text or None for text in column.examples] for column in table.columns}
    pl.DataFrame(values, schema=dict.fromkeys(values, pl.String)).write_parquet(file)
    return file.getvalue()
