"""The same invoice in a second file: one row, both sources, and what they tell differently."""

from collections.abc import Collection

from django.db import connection
from psycopg import sql

from wallets.models import GstInvoice, InvoiceSource, Upload

_PLAIN = sql.SQL("staging.{name} IS DISTINCT FROM held.{name}")
_DAYS = sql.SQL("(staging.{name} AT TIME ZONE 'Asia/Kolkata')::date <> (held.{name} AT TIME ZONE 'Asia/Kolkata')::date")
_CODES = sql.SQL("staging.{name} <> held.{name} AND staging.{name} <> '' AND held.{name} <> ''")
COMPARED = {
    "counterparty_gstin": _PLAIN, "kind": _PLAIN, "cancelled": _PLAIN, "hsn": _CODES, "place_of_supply": _PLAIN,
    "rate_bp": _PLAIN, "taxable_paise": _PLAIN, "igst_paise": _PLAIN, "cgst_paise": _PLAIN, "sgst_paise": _PLAIN,
    "cess_paise": _PLAIN, "reverse_charge": _PLAIN, "occurred_at": _DAYS,
}  # fmt: skip
"""Columns held against each other, and when they differ: dates by their day, codes where both files name one."""
_DIFFERENCE = sql.SQL("CASE WHEN {differ} THEN jsonb_build_object({label}, to_jsonb({told})) ELSE '{{}}'::jsonb END")
_DAY_TOLD = sql.SQL("(staging.occurred_at AT TIME ZONE 'Asia/Kolkata')::date")
# A file of another format is a source of its own; of the same format only one that tells something else.
KEEP = sql.SQL(
    "INSERT INTO {sources} (business_id, invoice, upload_id, received_at, differences) "
    "SELECT business_id, invoice, {upload}, received_at, differences FROM ("
    "SELECT held.business_id, held.id AS invoice, staging.received_at, {differences} AS differences, first.format "
    "FROM staging JOIN {invoices} held ON held.business_id = staging.business_id "
    "AND held.supplier_gstin = staging.supplier_gstin AND held.invoice_number = staging.invoice_number "
    "AND held.financial_year = staging.financial_year AND held.version = {version} AND held.revision = 0 "
    "LEFT JOIN {uploads} first ON first.id = held.upload_id "
    "WHERE held.upload_id IS DISTINCT FROM {upload}) told "
    "WHERE differences <> '{{}}'::jsonb OR format IS DISTINCT FROM (SELECT format FROM {uploads} WHERE id = {upload}) "
    "ON CONFLICT DO NOTHING"
)


def keep_sources(names: Collection[str], *, upload_id: int) -> None:
    """Note, for every staged invoice that was on record already, that this file holds it too and where it differs.

    `names` are the columns of the staging table. Inside the transaction that stored the rows.
    """
    parts = [_difference(name, rule) for name, rule in COMPARED.items() if name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP.format(
                sources=sql.Identifier(InvoiceSource._meta.db_table),
                invoices=sql.Identifier(GstInvoice._meta.db_table),
                uploads=sql.Identifier(Upload._meta.db_table),
                upload=sql.Literal(upload_id),
                version=sql.SQL("coalesce(staging.version, 0)" if "version" in names else "0"),
                differences=sql.SQL(" || ").join(parts),
            )
        )


def _difference(name: str, rule: sql.SQL) -> sql.Composed:
    column = sql.Identifier(name)
    told = _DAY_TOLD if rule is _DAYS else sql.SQL("staging.{name}").format(name=column)
    return _DIFFERENCE.format(differ=rule.format(name=column), label=sql.Literal(name), told=told)
