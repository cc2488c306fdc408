"""DuckDB, the calculating engine: runs the grain statements over one firm or over a population.

The only importer of duckdb; import this module inside the function that needs it.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Final

import duckdb
import pyarrow as pa

from scoring.engine.features.execution import Execution, Part
from scoring.engine.features.frames import SCHEMAS
from scoring.engine.features.lock import statements

Settings = dict[str, str | bool | int | float | list[str]]

COLUMN_TYPES: Final = {"int64": "BIGINT", "float64": "DOUBLE", "string": "VARCHAR", "bool": "BOOLEAN"}
ARROW_TYPES: Final = {"int64": pa.int64(), "float64": pa.float64(), "string": pa.string(), "bool": pa.bool_()}


def _create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    for frame, columns in SCHEMAS.items():
        described = ", ".join(f"{name} {COLUMN_TYPES[kind]}" for name, kind in columns.items())
        connection.execute(f"CREATE TABLE {frame} ({described}, as_of BIGINT)")


def _fill(connection: duckdb.DuckDBPyConnection, frames: Mapping[str, pa.Table], as_of: int) -> None:
    for frame, columns in SCHEMAS.items():
        rows = frames[frame]
        if rows.num_rows:
            moment = pa.repeat(pa.scalar(as_of, pa.int64()), rows.num_rows)
            incoming = _columns(rows, columns).append_column("as_of", moment)
            _run(connection, f"INSERT INTO {frame} FROM incoming", incoming)


def _run(connection: duckdb.DuckDBPyConnection, text: str, incoming: pa.Table) -> None:
    """DuckDB finds `incoming` by name in this scope: half the cost of registering it, and the catalogue stays as is."""
    connection.execute(text)


def _show(connection: duckdb.DuckDBPyConnection, frames: Mapping[str, pa.Table], as_of: int, part: Part | None) -> None:
    """Views of the frames with as_of as a constant, so that nothing is stored per row for it.

    The views read the Arrow columns where they are, and copy nothing. The rows of a part are a slice where the frame is
    in order of business, as the lake keeps it; elsewhere they are copied once, not looked for by every statement.
    """
    for frame, columns in SCHEMAS.items():
        rows = _columns(frames[frame], columns)
        if part is None:
            connection.register(f"rows_of_{frame}", rows)
        elif (span := part.span(rows.column("business"))) is not None:
            connection.register(f"rows_of_{frame}", rows.slice(*span))
        else:
            within = f"business BETWEEN {part.first} AND {part.last}"
            _run(connection, f"CREATE TABLE rows_of_{frame} AS FROM incoming WHERE {within}", rows)
        connection.execute(f"CREATE VIEW {frame} AS FROM rows_of_{frame} SELECT *, {as_of}::BIGINT AS as_of")


def _columns(rows: pa.Table, columns: Mapping[str, str]) -> pa.Table:
    return pa.Table.from_arrays(
        [_typed(rows.column(name), ARROW_TYPES[kind]) for name, kind in columns.items()], list(columns)
    )


def _typed(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    """The column in the wanted type; texts stay in whatever way their lengths are kept."""
    same = column.type == wanted or (pa.types.is_string(wanted) and pa.types.is_large_string(column.type))
    return column if same else column.cast(wanted)


class Online:
    """A warm in-process connection with every grain statement prepared; measures one firm at a time.

    Rows live in tables inside a transaction that is rolled back, so the tables are always empty between firms and the
    catalogue never changes. The optimiser is off: over a few hundred rows it costs several times what it saves, and
    with it on every execution is planned anew. A second connection beside it gains nothing: DuckDB keeps the
    interpreter while it plans, which is most of the work.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        self._connection.execute("SET enable_optimizer = false")
        _create_tables(self._connection)
        self._executions = []
        for grain, text in statements().items():
            self._connection.execute(f"PREPARE grain_{grain} AS {text}")
            self._executions.append(f"EXECUTE grain_{grain}")

    def values(self, frames: Mapping[str, pa.Table], as_of: int) -> dict[str, float | None]:
        """Columns of the one business in `frames`; a grain without rows contributes none."""
        found: dict[str, float | None] = {}
        business = frames["businesses"].column("business")[0].as_py()
        with self._lock, self._filled(frames, as_of) as connection:
            for execution in self._executions:
                cursor = connection.execute(execution)
                names = [column[0] for column in cursor.description]
                for row in cursor.fetchall():
                    if row[0] == business:
                        found.update(zip(names, row, strict=True))
        return found

    @contextmanager
    def _filled(self, frames: Mapping[str, pa.Table], as_of: int) -> Iterator[duckdb.DuckDBPyConnection]:
        self._connection.begin()
        try:
            _fill(self._connection, frames, as_of)
            yield self._connection
        finally:
            self._connection.rollback()


class Engine:
    """Both ways to run the statements."""

    def online(self) -> Online:
        """The warm connection of this process; a forked worker opens its own."""
        return _online_of(os.getpid())

    def population(
        self, frames: Mapping[str, pa.Table], as_of: int, part: Part | None, execution: Execution
    ) -> Iterator[pa.Table]:
        """One table per grain: business and its columns, a row for every business that has rows in the grain.

        Of the businesses of the part, or of all.
        """
        with duckdb.connect(":memory:", config=_limits(execution)) as connection:
            _show(connection, frames, as_of, part)
            for text in statements().values():
                yield connection.sql(text).to_arrow_table()


@cache
def _online_of(_process: int) -> Online:
    return Online()


def _limits(execution: Execution) -> Settings:
    limits: Settings = {"threads": execution.threads, "memory_limit": execution.memory}
    if execution.spill is not None:
        limits |= {"temp_directory": str(execution.spill), "max_temp_directory_size": execution.spill_limit}
    return limits
