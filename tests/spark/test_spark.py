"""The features on Spark equal those on DuckDB: the same expressions over the same evidence.

Not collected by `make test`: `make test-spark` brings Spark and Java along.
"""

import math
from pathlib import Path

import polars as pl
import pyarrow as pa
from django.core.management import call_command

from scoring.engine.features import catalogue
from scoring.engine.features.frames import NETWORK_COLUMNS, SCHEMAS
from scoring.engine.measure import Evidence, Population, measure_on_spark, measure_population
from tests.scoring.engine.features.random_evidence import AS_OF, random_rows, tables

WHOLE_UNITS = ("count", "flag")
LAST_DAY = 1_793_471_400_000_000
"""The end of 31 October 2026 in India, in microseconds."""


def simulated(folder: Path) -> Evidence:
    """Evidence of a simulated economy, with made-up figures of a screening."""
    options = {"businesses": 40, "months": 15, "seed": 11, "out": folder, "end": "2026-10-31"}
    call_command("simulate", *(f"--{name}={value}" for name, value in options.items()), verbosity=0)
    frames = {name: pl.read_parquet(folder / f"{name}.parquet") for name in SCHEMAS if name != "network"}
    businesses = frames["businesses"]["business"]
    network = {name: (businesses * (place + 1) % 7) / 7 for place, name in enumerate(NETWORK_COLUMNS)}
    return Evidence(
        **{name: frame.to_arrow() for name, frame in frames.items()},
        network=pa.table({"business": businesses.to_arrow(), **{name: it.to_arrow() for name, it in network.items()}}),
    )


def differences(one: Population, other: Population) -> list[tuple[str, int, object, object]]:
    found = []
    for ours, theirs in ((one.features, other.features), (one.notes, other.notes)):
        assert ours.columns == theirs.columns
        assert ours["business"].to_list() == theirs["business"].to_list()
        for name in ours.columns:
            for business, mine, yours in zip(ours["business"], ours[name], theirs[name], strict=True):
                if not same(mine, yours, exact=name in WHOLE):
                    found.append((name, business, mine, yours))
    return found


def same(mine: float | None, yours: float | None, *, exact: bool) -> bool:
    if mine is None or yours is None or exact:
        return mine == yours
    return math.isclose(mine, yours, rel_tol=1e-12, abs_tol=1e-12)


WHOLE = frozenset(entry.name for entry in catalogue.measured() if entry.unit in WHOLE_UNITS)


def test_spark_measures_a_simulated_economy_as_duckdb_does(tmp_path: Path) -> None:
    evidence = simulated(tmp_path)
    ours, theirs = measure_population(evidence, LAST_DAY), measure_on_spark(evidence, LAST_DAY)
    assert differences(ours, theirs) == []
    assert ours.features.height == 40
    empty = [name for name in ours.features.columns if ours.features[name].null_count() == ours.features.height]
    assert empty == []


def test_spark_measures_awkward_evidence_as_duckdb_does() -> None:
    evidence = tables(random_rows(seed=3, businesses=40))
    assert differences(measure_population(evidence, AS_OF), measure_on_spark(evidence, AS_OF)) == []
