"""All kinds of record that come in as rows: one table each, from which templates and documentation are made."""

from wallets.engine.importers.columns import Table
from wallets.engine.importers.tables import bank_entries, eway_bills, gst_invoices, gst_returns, upi_payments

TABLES: dict[str, Table] = {
    module.TABLE.kind: module.TABLE for module in (gst_invoices, gst_returns, upi_payments, eway_bills, bank_entries)
}


def column_notes(kind: str) -> tuple[tuple[str, str, bool], ...]:
    """Name, meaning and whether it is required, for every column of a kind's template."""
    return tuple((column.name, column.meaning, column.required) for column in TABLES[kind].columns)
