"""Spark, the calculating engine for evidence that outgrows one machine: the same expressions, its own words.

The only importer of pyspark (extra `spark`, needs Java 17); import this module inside the function that needs it.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa
from pyspark.sql import SparkSession

from scoring.engine.features.dialect import to_spark_sql
from scoring.engine.features.frames import SCHEMAS
from scoring.engine.features.statement import grain_tables

ARROW_TYPES = {"int64": pa.int64(), "float64": pa.float64(), "string": pa.string(), "bool": pa.bool_()}
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",  # `windows` turns times into the Indian calendar itself
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
}
LOCAL = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "2"}
"""Without a cluster, Spark runs inside this process and is reached from nowhere else."""


def population(frames: Mapping[str, pa.Table], as_of: int) -> Iterator[pa.Table]:
    """One table per grain, as `duck.Engine.population` gives them; as_of in microseconds since the epoch.

    Runs in the session that is active, which may be a cluster's, or in one of two local threads.
    """
    session = SparkSession.getActiveSession() or _local_session()
    session.conf.set("spark.sql.session.timeZone", SETTINGS["spark.sql.session.timeZone"])
    for frame, columns in SCHEMAS.items():
        rows = frames[frame]
        typed = [rows.column(name).cast(ARROW_TYPES[kind]) for name, kind in columns.items()]
        moment = pa.repeat(pa.scalar(as_of, pa.int64()), rows.num_rows)
        table = pa.Table.from_arrays([*typed, moment], names=[*columns, "as_of"])
        session.createDataFrame(table).createOrReplaceTempView(frame)
    for expression in grain_tables().values():
        yield session.sql(to_spark_sql(expression)).toArrow()


def _local_session() -> SparkSession:
    builder = SparkSession.builder.master("local[2]").appName("creditiq")
    for name, value in {**SETTINGS, **LOCAL}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
