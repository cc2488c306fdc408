"""Newer versions of records: what a load brings in takes the place of what it restates, and nothing is overwritten.

Which version stands is a function of what is known, whatever the order it came in. An invoice is replaced by a later
version under its own number or of the number it amended, and by an amendment that names it. A return is replaced by
the next one told with other figures. A row stands until the moment its replacement is known: `superseded_at`, which
equals `received_at` where the replacement came first, so that the row never stands.
"""

from collections.abc import Iterable

from django.db import connection
from psycopg import sql

from wallets.models import EwayBill, GstInvoice, GstReturn, Record

_SAME_NUMBER = "old.invoice_number = newer.invoice_number AND old.financial_year = newer.financial_year"
_NAMED = "old.invoice_number = newer.amended_from AND old.financial_year = newer.amended_from_year"
_BOTH_AMEND = (
    "old.version > 0 AND old.amended_from = newer.amended_from AND old.amended_from_year = newer.amended_from_year"
)
REPLACES: dict[type[Record], tuple[str, ...]] = {
    GstInvoice: tuple(
        f"old.supplier_gstin = newer.supplier_gstin AND {match}" for match in (_SAME_NUMBER, _NAMED, _BOTH_AMEND)
    ),
    GstReturn: ("old.return_type = newer.return_type AND old.period = newer.period",),
    EwayBill: ("old.number = newer.number",),
}
"""How a newer version finds what it replaces, one indexed join each."""
PAIRS = sql.SQL(
    "SELECT old.business_id, old.id, old.received_at AS since, newer.received_at AS at FROM {table} newer "
    "JOIN {table} old ON old.business_id = newer.business_id AND old.version < newer.version AND {match} "
    "WHERE newer.version > 0 AND newer.business_id IN (SELECT business_id FROM staging)"
)
SUPERSEDE = sql.SQL(
    "UPDATE {table} old SET superseded_at = known.at FROM ("
    "SELECT business_id, id, greatest(min(since), min(at)) AS at FROM ({pairs}) pair GROUP BY business_id, id) known "
    "WHERE old.business_id = known.business_id AND old.id = known.id "
    "AND (old.superseded_at IS NULL OR old.superseded_at > known.at)"
)
FIGURES: dict[type[Record], tuple[str, ...]] = {
    GstReturn: ("filed_at", "filing_known", "turnover_paise", "tax_cash_paise", "tax_itc_paise"),
    EwayBill: ("vehicle", "transport_mode"),
}
"""What makes a record told again another version of it."""
# A list that does not show a filing we know of does not undo it, nor does a file that cannot tell whether it was filed.
_RETURN_TELLS = sql.SQL(
    "(staging.filed_at IS NOT NULL OR held.filed_at IS NULL) AND (staging.filing_known OR NOT held.filing_known)"
)
# A bill without its vehicle does not undo Part B, and an older Part B that comes again is known already.
_BILL_TELLS = sql.SQL(
    "staging.vehicle IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} known WHERE known.business_id = "
    "staging.business_id AND known.number = staging.number AND ({told}) IS NOT DISTINCT FROM ({known}))"
)
_TELLS: dict[type[Record], sql.SQL] = {GstReturn: _RETURN_TELLS, EwayBill: _BILL_TELLS}
RESTATE = sql.SQL(
    "INSERT INTO {table} ({names}, version) SELECT {new}, coalesce(held.version + 1, 0) FROM staging LEFT JOIN {table} "
    "held ON held.business_id = staging.business_id AND ({staged_key}) = ({held_key}) AND held.superseded_at IS NULL "
    "WHERE held.id IS NULL OR ({tells} AND ({told}) IS DISTINCT FROM ({held})) ON CONFLICT DO NOTHING"
)


def restating(model: type[Record], names: Iterable[str]) -> sql.Composed:
    """The insert of staged rows of a kind in FIGURES: those not on record, and those told with other figures as the
    next version.
    """
    figures, table = FIGURES[model], sql.Identifier(model._meta.db_table)
    told = _of("staging", figures)
    return RESTATE.format(
        table=table,
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        new=_of("staging", names),
        staged_key=_of("staging", model.KEY),
        held_key=_of("held", model.KEY),
        tells=_TELLS[model].format(table=table, told=told, known=_of("known", figures)),
        told=told,
        held=_of("held", figures),
    )


def _of(source: str, names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(source, name) for name in names)


def supersede(model: type[Record]) -> int:
    """Mark what the staged businesses' newer versions replace, in one statement. Returns rows newly replaced."""
    matches = REPLACES.get(model)
    if not matches:
        return 0
    table = sql.Identifier(model._meta.db_table)
    pairs = sql.SQL(" UNION ALL ").join(PAIRS.format(table=table, match=sql.SQL(match)) for match in matches)
    with connection.cursor() as cursor:
        cursor.execute(SUPERSEDE.format(table=table, pairs=pairs))
        return int(cursor.rowcount)
