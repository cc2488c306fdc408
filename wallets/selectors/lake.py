"""Evidence read from the Parquet lake: what batch features, rings and training use instead of the tables."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
from django.conf import settings
from django.db.models import F, QuerySet

from creditiq.kernel.clock import micros, moment
from wallets.engine.lake import Manifest, newest_versions, read_manifest, scan
from wallets.models import RECORD_MODELS, Record, known_at
from wallets.selectors.frames import Consenting, business_frame, consenting
from wallets.selectors.reading import arrow, column_type, read


def lake_folder() -> Path:
    """Where the lake is."""
    return Path(settings.LAKE_DIR)


def lake_columns(model: type[Record]) -> tuple[str, ...]:
    """The columns of a record's frame, in order."""
    return ("business", *model.COLUMNS, "occurred_at", "received_at")


def lake_schema(model: type[Record]) -> dict[str, pl.DataType]:
    """The same with their types."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    return {name: column_type(fields[name]) for name in lake_columns(model)}


def lake_frames(*, as_of: datetime, organisation_id: int) -> dict[str, pa.Table]:
    """What `population_evidence` answers for the same moment, in another order of rows, read from the lake.

    What was learned after the lake was last written comes from the tables. Rows that were loaded with a
    `received_at` before that moment and after the writing (a history bought in bulk) come with the next writing.
    """
    willing = consenting(as_of=as_of, organisation_id=organisation_id)
    manifest = read_manifest(lake_folder())
    frames = {"businesses": arrow(business_frame(willing.everyone))}
    for kind, model in RECORD_MODELS.items():
        frames[kind] = arrow(_known(model, willing, as_of, manifest))
    return frames


def _known(model: type[Record], willing: Consenting, as_of: datetime, manifest: Manifest) -> pl.DataFrame:
    kind, at = model.FRAME_NAME, micros(as_of)
    businesses = willing.by_kind[kind]
    stored = scan(lake_folder(), manifest.of(kind), lake_schema(model)).filter(
        pl.col("business").is_in(list(businesses)), pl.col("occurred_at") <= at, pl.col("received_at") <= at
    )
    version = ("business", *model.KEY, "received_at")
    # What never stood was never written, and may share its key and its hour with what took its place.
    ever_stood = model._default_manager.filter(superseded_at__lte=as_of, superseded_at__gt=F("received_at"))
    replaced = read(ever_stood.order_by(), version)
    standing = stored.join(replaced.lazy(), on=version, how="anti", nulls_equal=True) if replaced.height else stored
    later = read(_later(model, businesses, as_of, manifest.watermarks.get(kind)), lake_columns(model))
    newest = newest_versions(pl.concat([standing, later.lazy()]), ("business", *model.KEY))
    return _within(newest, willing).collect()


def _within(rows: pl.LazyFrame, willing: Consenting) -> pl.LazyFrame:
    """Rows from the time that their business shares."""
    if not willing.ranges:
        return rows
    ranges = pl.LazyFrame(
        [(key, *(moment and micros(moment) for moment in bounds)) for key, bounds in willing.ranges.items()],
        schema={"business": pl.Int64, "begins": pl.Int64, "ends": pl.Int64},
        orient="row",
    )
    at = pl.col("occurred_at")
    shared = pl.col("begins").is_null() | (at >= pl.col("begins")), pl.col("ends").is_null() | (at <= pl.col("ends"))
    return rows.join(ranges, on="business", how="left").filter(*shared).drop("begins", "ends")


def _later(
    model: type[Record], businesses: Collection[int], as_of: datetime, watermark: int | None
) -> QuerySet[Record]:
    """Rows known at `as_of` that the lake does not hold yet."""
    known = model._default_manager.filter(
        known_at(as_of), model.counted(), business_id__in=businesses, occurred_at__lte=as_of
    )
    fresh = known if watermark is None else known.filter(received_at__gt=moment(watermark))
    return fresh.order_by()
