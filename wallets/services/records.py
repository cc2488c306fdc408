"""Records go in by COPY into a staging table and one set-based insert; the natural key decides what is new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import connection, transaction
from psycopg import sql

from creditiq.kernel.clock import moment
from creditiq.kernel.locks import hold
from creditiq.kernel.ordered import ordered_keys
from wallets.models import RECORD_MODELS, GstInvoice, GstReturn, Outcome, Record, Vpa
from wallets.services.consumer_sums import settle_consumer_sums
from wallets.services.quarters import settle_quarters
from wallets.services.tellings import keep_sources
from wallets.services.versions import FIGURES, restating, supersede

TIME_COLUMNS = ("occurred_at", "received_at", "due_at", "filed_at", "disbursed_at", "defaulted_at", "observed_until")
STAGE = sql.SQL("CREATE TEMPORARY TABLE staging ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")
COPY = sql.SQL("COPY staging ({names}) FROM STDIN (FORMAT csv)")
INSERT = sql.SQL("INSERT INTO {table} ({names}) SELECT {names} FROM staging ON CONFLICT {key} DO NOTHING")
RETURNING = sql.SQL(" RETURNING {key}")
COPY_TIME = "%Y-%m-%dT%H:%M:%S%.6f+00:00"


@dataclass(frozen=True)
class Stored:
    """Rows offered, rows that were new, and rows on record (or among them) that a newer version replaced."""

    offered: int
    inserted: int
    superseded: int = 0

    @property
    def duplicates(self) -> int:
        """Rows whose natural key was known already."""
        return self.offered - self.inserted


@dataclass(frozen=True)
class NewRows:
    """Natural keys (without the business) of rows that were new, and how many rows a newer version replaced."""

    keys: frozenset[tuple[object, ...]]
    superseded: int


def lock_evidence(business_id: int, *, shared: bool = False) -> None:
    """Order writers and readers of one business's evidence within the open transaction.

    A writer holds it from stamping `received_at` to commit, so a reader that takes it (shared) after
    choosing `as_of` can never miss a row with an earlier `received_at`: replays stay exact.
    """
    hold("evidence", business_id, shared=shared)


def load_records(*, frames: Mapping[str, pl.DataFrame]) -> dict[str, Stored]:
    """Bulk-load whole frames, keyed by record kind, with `business` already a database id."""
    with transaction.atomic(durable=True):
        return {name: insert_records(RECORD_MODELS[name], frame) for name, frame in frames.items()}


def insert_records(model: type[Record], frame: pl.DataFrame, *, upload_id: int | None = None) -> Stored:
    """Insert a frame of records inside the caller's transaction; rows known already change nothing."""
    ready = _table_columns(model, frame, upload_id)
    _copy(model._meta.db_table, ready)
    with connection.cursor() as cursor:
        cursor.execute(_insert(model, ready.columns))
        inserted = int(cursor.rowcount)
    if model is GstInvoice and upload_id is not None and inserted < frame.height:
        keep_sources(ready.columns, upload_id=upload_id)
    return Stored(frame.height, inserted, _settled(model, upload_id))


def insert_new(model: type[Record], frame: pl.DataFrame, *, upload_id: int) -> NewRows:
    """The same; tells which rows were new."""
    ready = _table_columns(model, frame, upload_id)
    _copy(model._meta.db_table, ready)
    with connection.cursor() as cursor:
        cursor.execute(_insert(model, ready.columns) + RETURNING.format(key=_listed(model.KEY)))
        keys = frozenset(cursor.fetchall())
    if model is GstInvoice and len(keys) < frame.height:
        keep_sources(ready.columns, upload_id=upload_id)
    return NewRows(keys, _settled(model, upload_id))


def _settled(model: type[Record], upload_id: int | None) -> int:
    """Let what is on record give way to what was staged; rows that did."""
    replaced = supersede(model)
    if model is GstInvoice:
        return replaced + settle_consumer_sums()
    if model is GstReturn and upload_id is not None:  # frames that are loaded whole come with their days
        return replaced + settle_quarters()
    return replaced


def _insert(model: type[Record], names: Sequence[str]) -> sql.Composed:
    """From staging to the table: what is new, and of returns and bills also what is told anew."""
    table = model._meta.db_table
    if model in FIGURES:
        return restating(model, names)
    return INSERT.format(**_names(table, names), key=sql.SQL("({})").format(_listed(model.arbiter())))


def _table_columns(model: type[Record], frame: pl.DataFrame, upload_id: int | None) -> pl.DataFrame:
    if model is GstReturn and "filing_known" not in frame.columns:
        frame = frame.with_columns(filing_known=pl.lit(True))
    extra = [name for name in model.EXTRA if name in frame.columns]
    ready = frame.rename({"business": "business_id"}).with_columns(upload_id=pl.lit(upload_id, dtype=pl.Int64))
    ready = ready.with_columns(id=pl.lit(None, dtype=pl.String))
    return ready.select("id", "business_id", *model.COLUMNS, *extra, "occurred_at", "received_at", "upload_id")


def _listed(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _names(table: str, names: Iterable[str]) -> dict[str, sql.Composable]:
    return {"table": sql.Identifier(table), "names": _listed(names)}


def _copy(table: str, frame: pl.DataFrame) -> None:
    """COPY `frame` into a staging table of the same shape; an empty column `id` gets its keys on the way."""
    names = _names(table, frame.columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staging")
        cursor.execute(STAGE.format(**names))
        with cursor.copy(COPY.format(**names)) as copy:
            for piece in map(_keyed, frame.iter_slices(100_000)):
                copy.write(_times_as_text(piece).write_csv(include_header=False, datetime_format=COPY_TIME))


def _keyed(piece: pl.DataFrame) -> pl.DataFrame:
    if "id" not in piece.columns or piece.is_empty():
        return piece
    return piece.with_columns(ordered_keys(piece.height, int(piece["received_at"][-1]) // 1_000))


def _times_as_text(frame: pl.DataFrame) -> pl.DataFrame:
    times = [name for name in TIME_COLUMNS if name in frame.columns]
    return frame.with_columns(pl.from_epoch(pl.col(times), time_unit="us")) if times else frame


def load_outcomes(*, frame: pl.DataFrame) -> int:
    """Store observed repayment histories; a loan known already is left as it is. Returns rows inserted."""
    with transaction.atomic(durable=True):
        ready = frame.rename({"business": "business_id"}).select(
            "business_id", "disbursed_at", "principal_paise", "months", "emi_paise", "defaulted_at", "observed_until"
        )
        _copy(Outcome._meta.db_table, ready)
        with connection.cursor() as cursor:
            cursor.execute(INSERT.format(**_names(Outcome._meta.db_table, ready.columns), key=sql.SQL("")))
            return int(cursor.rowcount)


def verify_vpas(*, addresses: Mapping[str, int]) -> None:
    """Record that each UPI address belongs to the business with that id."""
    rows = [Vpa(address=address.lower(), business_id=business_id) for address, business_id in addresses.items()]
    Vpa.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)


def database_time() -> datetime:
    """The database's clock at this instant, not the transaction's start."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
        (microseconds,) = cursor.fetchone()
    return moment(microseconds)
