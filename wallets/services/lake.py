"""The writer of the Parquet lake: the same rows never twice, nothing half-written, safe to repeat and to break off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth

from creditiq.kernel.clock import micros, moment
from creditiq.kernel.errors import ApplicationError
from creditiq.kernel.locks import try_hold
from wallets.engine.lake import Manifest, Part, next_part, read_manifest, scan, write_manifest, write_part
from wallets.models import RECORD_MODELS, Record
from wallets.selectors.lake import lake_columns, lake_folder, lake_schema
from wallets.selectors.reading import read
from wallets.services.settling import settle_every_sum

INDIA = ZoneInfo("Asia/Kolkata")
# Rows learned before the oldest open transaction began are committed or never will be: writers stamp `received_at`
# inside their transaction.
SETTLED = """
    SELECT (extract(epoch FROM least(clock_timestamp(), min(xact_start))) * 1000000)::bigint - 1 FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


# A row whose replacement was known before it came was never part of anybody's evidence.
EVER_STOOD = Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("received_at"))


class UnableToWriteLake(ApplicationError):
    """Another writer is at work."""

    code = "lake_is_being_written"


@dataclass(frozen=True)
class Written:
    """What one run added for one kind."""

    kind: str
    rows: int
    parts: int
    months: tuple[str, ...]


@dataclass(frozen=True)
class _Month:
    """What the tables hold of one month: rows in all, and rows learned since the last writing."""

    start: datetime
    rows: int
    fresh: int

    @property
    def name(self) -> str:
        """`2026-10`."""
        return f"{self.start:%Y-%m}"

    @property
    def happened(self) -> Q:
        """The condition for its rows."""
        following = (self.start + timedelta(days=32)).replace(day=1)
        return Q(occurred_at__gte=self.start, occurred_at__lt=following)


def write_lake(*, as_of: datetime) -> tuple[Written, ...]:
    """Add every record learned up to `as_of` that the lake lacks. Raises UnableToWriteLake when one is at it.

    New rows are found by `received_at` since the last run; a month in which the tables hold more rows than the lake
    is compared by natural key as well, so that a history loaded late comes in too. Each kind is committed by itself.
    Consumer sums are settled before, those on record from before there was a settling among them.
    """
    settle_every_sum()
    with transaction.atomic(durable=True):  # for the lock, which ends with it; the lake itself is files
        if not try_hold("wallets.lake", 0):
            raise UnableToWriteLake("The lake is being written already.")
        until = min(micros(as_of), _settled())
        return tuple(_write(model, until) for model in RECORD_MODELS.values())


def _write(model: type[Record], until: int) -> Written:
    lake, kind = lake_folder(), model.FRAME_NAME
    manifest = read_manifest(lake)
    since = manifest.watermarks.get(kind)
    parts = [part for month in _months(model, since, until) if (part := _part(model, month, manifest, until))]
    write_manifest(lake, manifest.grown(kind, parts, max(until, since or until)))
    return Written(kind, sum(part.rows for part in parts), len(parts), tuple(part.month for part in parts))


def _months(model: type[Record], since: int | None, until: int) -> list[_Month]:
    """Each month of the tables, by the clock in India."""
    fresh = Q() if since is None else Q(received_at__gt=moment(since))
    months = (
        model._default_manager.filter(EVER_STOOD, model.counted(), received_at__lte=moment(until))
        .annotate(start=TruncMonth("occurred_at", tzinfo=INDIA))
        .values("start")
        .annotate(rows=Count("id"), fresh=Count("id", filter=fresh))
        .order_by("start")
    )
    return [_Month(month["start"], month["rows"], month["fresh"]) for month in months]


def _part(model: type[Record], month: _Month, manifest: Manifest, until: int) -> Part | None:
    """Write what the lake lacks of a month; None when it lacks nothing."""
    held = manifest.rows(model.FRAME_NAME, month.name)
    if not month.fresh and month.rows <= held:
        return None
    lacking = _lacking(model, month, manifest, until, complete=month.rows > held + month.fresh)
    if lacking.is_empty():
        return None
    return write_part(lake_folder(), next_part(manifest, model.FRAME_NAME, month.name), lacking)


def _lacking(model: type[Record], month: _Month, manifest: Manifest, until: int, *, complete: bool) -> pl.DataFrame:
    """Rows of the month in the tables and not in the lake; `complete` looks beyond those learned since the last run."""
    kind = model.FRAME_NAME
    since = None if complete else manifest.watermarks.get(kind)
    held_now = model._default_manager.filter(EVER_STOOD, model.counted(), month.happened)
    rows = held_now.filter(received_at__lte=moment(until)).order_by()
    found = read(rows if since is None else rows.filter(received_at__gt=moment(since)), lake_columns(model))
    version = ["business", *model.KEY, "received_at"]
    held = scan(lake_folder(), manifest.of(kind, month.name), _only(version, lake_schema(model))).collect()
    return found.join(held, on=version, how="anti", nulls_equal=True)


def _only(names: list[str], schema: Mapping[str, pl.DataType]) -> dict[str, pl.DataType]:
    return {name: schema[name] for name in names}


def _settled() -> int:
    """Microseconds since 1970 up to which nothing can come in any more but what is dated back."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLED)
        (until,) = cursor.fetchone()
    return int(until)
