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

from scoring.engine.features.execution import Execution
from scoring.engine.features.frames import SCHEMAS
from scoring.engine.features.lock import statements

Settings = dict[str, str | bool | int | float | list[str]]

COLUMN_TYPES: Final = {"int64": "BIGINT", "float64": "DOUBLE", "string": "VARCHAR", "bool": "BOOLEAN"}
ARROW_TYPES: Final = {"int64": pa.int64(), "float64": pa.float64(), "string": pa.string(), "bool": pa.bool_()}


def _create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    for frame, columns in SCHEMAS.items():
        described = ", ".join(f"{name} {COLUMN_TYPES[kind]}" for name, kind in columns.items())
        connection.execute(f"CREATE TABLE {frame} ({described}, as_of BIGINT)")


def _fill(connection: duckdb.DuckDBPyConnection, frames: Mapping[str, pa.Table], as_of: int, shard: str = "") -> None:
    for frame, columns in SCHEMAS.items():
        rows = frames[frame]
        if rows.num_rows:
            moment = pa.repeat(pa.scalar(as_of, pa.int64()), rows.num_rows)
            typed = [_typed(rows.column(name), ARROW_TYPES[kind]) for name, kind in columns.items()]
            table = pa.Table.from_arrays([*typed, moment], names=[*columns, "as_of"])
            _insert(connection, f"INSERT INTO {frame} FROM incoming {shard}", table)


def _insert(connection: duckdb.DuckDBPyConnection, text: str, incoming: pa.Table) -> None:
    """DuckDB finds `incoming` by name in this scope: half the cost of registering it, and the catalogue stays as is."""
    connection.execute(text)


def _typed(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    return column if column.type == wanted else column.cast(wanted)


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
        self, frames: Mapping[str, pa.Table], as_of: int, part: int, execution: Execution
    ) -> Iterator[pa.Table]:
        """One table per grain: business and its columns, a row for every business that has rows in the grain."""
        shard = "" if execution.shards == 1 else f"WHERE business % {execution.shards} = {part}"
        with duckdb.connect(":memory:", config=_limits(execution)) as connection:
            _create_tables(connection)
            _fill(connection, frames, as_of, shard)
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
