"""One business's evidence in one round trip: the read that every live score waits for.

All kinds come as arrays, one a column, from one statement; the driver decodes them from their binary form and they
become Arrow columns as they are. Batch reads go by COPY (`reading`), which pays for long results; both answer the same.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
import pyarrow as pa
from django.db import connection, models
from psycopg import Cursor, sql
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from accounts.models import Business
from wallets.models import RECORD_MODELS, Record
from wallets.selectors.reading import INTEGER, TRUTH, column_type

BUSINESS_COLUMNS = (
    "gstin", "legal_name", "trade_name", "sector", "hsn", "state_code", "pincode", "size", "constitution",
    "udyam", "deals_in_goods", "quarterly_filer",
)  # fmt: skip
BUSINESS = "businesses"
_ARRAY_HEADER, _NULLS, _LENGTH = 20, slice(4, 8), 4
_TO_1970 = 946_684_800_000_000
"""The server counts microseconds from 2000."""
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
"""Before anything that can be on record."""
_MIDDAY = sql.SQL("(registered_on + time '12:00') AT TIME ZONE 'Asia/Kolkata'")
_ARRAYS = sql.SQL("(SELECT {columns} FROM {table} WHERE {known}) {name}")
_ITSELF = sql.SQL("id = %(business)s::bigint")
_KNOWN = sql.SQL(
    "business_id = %(business)s::bigint AND occurred_at BETWEEN %(since)s AND %(until)s AND received_at <= %(as_of)s "
    "AND (superseded_at IS NULL OR superseded_at > %(as_of)s)"
)


class Moments(Loader):
    """An array of timestamps in its binary form as whole microseconds since 1970, null where null: exact, no text."""

    format = Format.BINARY

    def load(self, data: Buffer) -> pa.Array:
        """Behind a header each element is its length and, unless that is −1 for null, 8 bytes."""
        content = bytes(data)
        if not any(content[_NULLS]):
            found = np.frombuffer(content, dtype=[("length", ">i4"), ("at", ">i8")], offset=_ARRAY_HEADER)
            return pa.array(found["at"].astype(np.int64) + _TO_1970)
        moments: list[int | None] = []
        place = _ARRAY_HEADER
        while place < len(content):
            start = place + _LENGTH
            length = int.from_bytes(content[place:start], signed=True)
            place = start + max(length, 0)
            moments.append(None if length < 0 else int.from_bytes(content[start:place], signed=True) + _TO_1970)
        return pa.array(moments, pa.int64())


def history(
    *,
    business_id: int,
    kinds: Collection[str],
    as_of: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, pa.Table]:
    """The frames of one business as known at `as_of` (microseconds, paise); kinds not named come as empty tables.

    Only what happened from `since` to `until`, both included; None is no bound but `as_of`.
    """
    chosen = tuple(kind for kind in RECORD_MODELS if kind in kinds)
    statement, schemas = _statement((BUSINESS, *chosen)), _schemas()
    connection.ensure_connection()
    # The driver's own cursor binds on the server. Not prepared: a plan for any business would lock every partition.
    with Cursor(connection.connection) as cursor:
        cursor.adapters.register_loader(cursor.adapters.types.get_oid("timestamptz[]"), Moments)
        moments = {"as_of": as_of, "since": since or BEGINNING, "until": min(until or as_of, as_of)}
        cursor.execute(statement, {"business": business_id, **moments}, prepare=False, binary=True)
        (row,) = cursor.fetchall()
    columns = iter(row)
    found = {name: [_array(next(columns), field.type) for field in schemas[name]] for name in (BUSINESS, *chosen)}
    return {
        name: pa.Table.from_arrays(found[name], schema=schema) if name in found else schema.empty_table()
        for name, schema in schemas.items()
    }


def _array(values: list[object] | pa.Array | None, kind: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values or (), kind)


@lru_cache(maxsize=64)
def _statement(names: tuple[str, ...]) -> bytes:
    """One row: the columns of every named frame as arrays, in the order of its schema; null for an empty one."""
    parts = [_business() if name == BUSINESS else _records(RECORD_MODELS[name]) for name in names]
    return (sql.SQL("SELECT * FROM ") + sql.SQL(" CROSS JOIN ").join(parts)).as_bytes(None)


def _business() -> sql.Composed:
    columns = [sql.Identifier("id"), *map(sql.Identifier, BUSINESS_COLUMNS), _MIDDAY]
    return _part(Business, columns, _ITSELF)


def _records(model: type[Record]) -> sql.Composed:
    columns = [sql.Identifier(field.attname) for field in _fields(model)]
    counted = [sql.SQL(" AND {}").format(sql.Identifier(name)) for name in model.COUNTED]
    return _part(model, columns, sql.Composed([_KNOWN, *counted]))


def _part(model: type[models.Model], columns: Collection[sql.Composable], known: sql.Composable) -> sql.Composed:
    arrays = [
        sql.SQL("array_agg({}) AS {}").format(column, sql.Identifier(f"c{place}"))
        for place, column in enumerate(columns)
    ]
    table = sql.Identifier(model._meta.db_table)
    name = sql.Identifier(f"of_{model._meta.model_name}")
    return _ARRAYS.format(columns=sql.SQL(", ").join(arrays), table=table, known=known, name=name)


def _fields(model: type[Record]) -> list["models.Field[object, object]"]:
    fields = {field.name: field for field in model._meta.concrete_fields}
    return [fields[name] for name in ("business", *model.COLUMNS, "occurred_at", "received_at")]


@lru_cache(maxsize=1)
def _schemas() -> dict[str, pa.Schema]:
    """What each frame looks like, business first: the same types as COPY's frames have in Arrow."""
    fields = {field.name: field for field in Business._meta.concrete_fields}
    business = [pa.field("business", pa.int64())]
    business += [pa.field(name, _arrow_type(fields[name])) for name in BUSINESS_COLUMNS]
    business += [pa.field("registered_at", pa.int64())]
    records = {
        kind: pa.schema([pa.field(field.name, _arrow_type(field)) for field in _fields(model)])
        for kind, model in RECORD_MODELS.items()
    }
    return {BUSINESS: pa.schema(business), **records}


def _arrow_type(field: "models.Field[object, object]") -> pa.DataType:
    kind = column_type(field)
    return pa.int64() if kind == INTEGER else pa.bool_() if kind == TRUTH else pa.large_string()
