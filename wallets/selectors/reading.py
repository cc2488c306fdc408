"""Querysets read as typed columns: PostgreSQL's COPY on Django's own connection, no model instances."""

import io
from collections.abc import Sequence
from typing import TypeVar

import polars as pl
import pyarrow as pa
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

Row = TypeVar("Row", bound=models.Model)
INTEGER, TEXT, TRUTH = pl.Int64(), pl.String(), pl.Boolean()


class Micros(models.Func):
    """A timestamp as whole microseconds since 1970, the engines' time."""

    template = "(extract(epoch FROM %(expressions)s) * 1000000)::bigint"
    output_field = models.BigIntegerField()


def column_type(field: "models.Field[object, object]") -> pl.DataType:
    """The frame's type for a model field: text (dates too), truth or a 64-bit integer (money, counts, codes, times)."""
    if isinstance(field, models.CharField) or type(field) is models.DateField:
        return TEXT
    return TRUTH if isinstance(field, models.BooleanField) else INTEGER


def column_expression(field: "models.Field[object, object]") -> Combinable:
    """How the field is selected so that its text form is the frame's value."""
    if isinstance(field, models.DateTimeField):
        return Micros(field.name)
    if isinstance(field, models.BooleanField):  # COPY writes t and f, which no CSV reader takes for a truth value
        return Cast(field.name, models.IntegerField())
    return models.F(field.attname)


def read(rows: models.QuerySet[Row], names: Sequence[str]) -> pl.DataFrame:
    """Columns `names` of a queryset as a frame; `business` is the key of the business."""
    columns = {field.name: field for field in rows.model._meta.concrete_fields}
    fields = [columns[name] for name in names]
    chosen = rows.values_list(*(column_expression(field) for field in fields))
    types = {name: column_type(field) for name, field in zip(names, fields, strict=True)}
    return copied(chosen, types)


def copied(rows: models.QuerySet[models.Model, tuple[object, ...]], types: dict[str, pl.DataType]) -> pl.DataFrame:
    """A values_list queryset read by COPY; `types` names its columns in order."""
    try:
        query, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return pl.DataFrame(schema=types)
    statement = f"COPY ({query}) TO STDOUT (FORMAT csv)"
    # The driver's own cursor: Django's wrapper for debugging passes no parameters on to COPY.
    with connection.cursor() as wrapper, wrapper.cursor.copy(statement, parameters) as copy:
        content = b"".join(bytes(piece) for piece in copy)
    wire = {name: INTEGER if kind == TRUTH else kind for name, kind in types.items()}
    frame = pl.read_csv(io.BytesIO(content), has_header=False, schema=wire) if content else pl.DataFrame(schema=wire)
    truths = [name for name, kind in types.items() if kind == TRUTH]
    # Even a cast of nothing costs half a millisecond, once a kind.
    return frame.with_columns(pl.col(truths).cast(TRUTH)) if truths else frame


def arrow(frame: pl.DataFrame) -> pa.Table:
    """The frame as an Arrow table that every engine reads."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
