"""Rows of a Parquet file as text, so that the same rules read them; sizes are checked before anything is unpacked."""

import io
from collections.abc import Iterator

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from wallets.engine.importers import pieces
from wallets.engine.importers.pieces import PIECE, Headings, Piece
from wallets.engine.importers.rejections import Refusal, UnreadableFile, unreadable

MOST_COLUMNS = 100
MOST_UNPACKED = 1_500_000_000
"""Bytes of all column chunks unpacked: a few kilobytes can claim to hold terabytes."""
EXCEL_DIGITS = 15


def read_parquet(content: bytes, headings: Headings) -> Iterator[Piece]:
    """Rows in pieces, numbered from 1. Raises UnreadableFile for broken, too large or wrongly named files."""
    file, names = _opened(content)
    order = headings.order(names)
    line = 1
    try:
        check_types(file.schema_arrow, tuple(order))
        for batch in file.iter_batches(batch_size=PIECE, columns=list(order)):
            frame = frame_of(pa.Table.from_batches([batch]))
            numbers = pl.int_range(line, line + frame.height, dtype=pl.Int64, eager=True).alias("line")
            yield Piece(frame.select(numbers, *(as_text(frame[name]) for name in order)))
            line += frame.height
    except (pa.ArrowException, OSError, UnicodeError, pl.exceptions.PolarsError) as error:
        raise unreadable("parquet.broken", "The file ends early or is damaged; export it again.", line=line) from error


def frame_of(table: pa.Table) -> pl.DataFrame:
    """The values alone: text or metadata that is not UTF-8 would end the process further on.

    Raises pyarrow.ArrowInvalid for damaged values.
    """
    table.validate(full=True)
    return pl.DataFrame(pa.Table.from_arrays(table.columns, names=table.column_names))


def _opened(content: bytes) -> tuple[pq.ParquetFile, list[str]]:
    """The file and the names of its columns."""
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        names = [str(name) for name in file.schema_arrow.names]
    except (pa.ArrowException, OSError, UnicodeError) as error:
        raise unreadable("parquet.broken", "This is not a Parquet file, or it is damaged.") from error
    shape = file.metadata
    if shape.num_rows > pieces.MOST_LINES:
        raise pieces.too_long(pieces.MOST_LINES + 1)
    if shape.num_columns > MOST_COLUMNS:
        raise unreadable("file.columns", f"More than {MOST_COLUMNS} columns; use the template.")
    groups = (shape.row_group(number) for number in range(shape.num_row_groups))
    unpacked = sum(group.total_byte_size for group in groups)
    if unpacked > MOST_UNPACKED:
        raise unreadable("file.unpacked", f"Unpacked, the file is larger than {MOST_UNPACKED // 10**6} MB; split it.")
    return file, names


def check_types(schema: pa.Schema, names: tuple[str, ...]) -> None:
    """Raise UnreadableFile when one of the columns holds lists, records or bytes."""
    for name in names:
        if not _plain(schema.field(name).type):
            message = "This column holds lists, records or bytes; it must hold plain values."
            raise UnreadableFile(Refusal(1, name, "parquet.type", message))


def _plain(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    day = pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and isinstance(kind.tz, str | None))
    return bool(text or number or day or pa.types.is_boolean(kind) or pa.types.is_null(kind))


def as_text(column: pl.Series) -> pl.Series:
    """Values as the text a CSV file would hold; null is empty. A float shows 15 significant digits, as Excel does."""
    kind = column.dtype
    if kind.is_float():
        text = column.round_sig_figs(EXCEL_DIGITS).cast(pl.String).str.strip_suffix(".0")
    elif isinstance(kind, pl.Datetime) and kind.time_zone:
        text = column.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00")
    elif isinstance(kind, pl.Datetime):
        text = column.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
    else:
        text = column.cast(pl.String)
    return text.fill_null("").str.strip_chars().alias(column.name)
