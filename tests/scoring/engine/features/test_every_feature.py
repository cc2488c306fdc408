"""Rules every feature keeps, checked on all of them at once."""

import math
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from scoring.engine.features import catalogue
from scoring.engine.measure import Execution, measure_all
from tests.scoring.engine.features.random_evidence import AS_OF, DAY, Row, Rows, random_rows, tables

SEED = 11
FIRMS = 14


@pytest.fixture(scope="module")
def rows() -> Rows:
    return random_rows(seed=SEED, businesses=FIRMS)


@pytest.fixture(scope="module")
def measured(rows: Rows) -> pl.DataFrame:
    return measure_all(tables(rows), AS_OF)


def changed(before: pl.DataFrame, after: pl.DataFrame) -> list[str]:
    """Names of columns that are not the same to the last bit."""
    return [name for name in before.columns if not before[name].equals(after[name], null_equal=True)]


def records(rows: Rows, make: Callable[[Row], list[Row]]) -> Rows:
    """The evidence with every dated record replaced by those `make` gives."""
    return {
        frame: [new for row in frame_rows for new in (make(row) if "occurred_at" in row else [row])]
        for frame, frame_rows in rows.items()
    }


def test_columns_are_those_of_the_catalogue(measured: pl.DataFrame) -> None:
    assert measured.columns == ["business", *(entry.name for entry in catalogue.measured())]
    assert all(measured[entry.name].dtype == pl.Float64 for entry in catalogue.measured())


def test_values_are_finite_or_missing(measured: pl.DataFrame) -> None:
    for entry in catalogue.measured():
        assert all(math.isfinite(value) for value in measured[entry.name].drop_nulls()), entry.name


def test_values_keep_the_declared_range(measured: pl.DataFrame) -> None:
    for entry in catalogue.measured():
        values = measured[entry.name].drop_nulls().to_list()
        assert entry.low is None or min(values, default=entry.low) >= entry.low, entry.name
        assert entry.high is None or max(values, default=entry.high) <= entry.high, entry.name


def test_row_order_does_not_matter(rows: Rows, measured: pl.DataFrame) -> None:
    draw = np.random.default_rng(3)
    shuffled = {frame: [frame_rows[i] for i in draw.permutation(len(frame_rows))] for frame, frame_rows in rows.items()}
    again = measure_all(tables(shuffled), AS_OF).sort("business")
    assert changed(measured, again) == []


def test_shards_threads_and_spilling_do_not_matter(rows: Rows, measured: pl.DataFrame, tmp_path: Path) -> None:
    execution = Execution(threads=1, shards=3, spill=tmp_path)
    assert changed(measured, measure_all(tables(rows), AS_OF, execution)) == []


def test_rows_in_order_of_business_are_sliced_to_the_same_end(rows: Rows, measured: pl.DataFrame) -> None:
    ordered = {frame: sorted(frame_rows, key=itemgetter("business")) for frame, frame_rows in rows.items()}
    again = measure_all(tables(ordered), AS_OF, Execution(shards=3)).sort("business")
    assert changed(measured, again) == []


def test_other_businesses_do_not_matter(rows: Rows, measured: pl.DataFrame) -> None:
    few = {frame: [row for row in frame_rows if row["business"] < 5] for frame, frame_rows in rows.items()}
    assert changed(measured.filter(pl.col("business") < 5), measure_all(tables(few), AS_OF)) == []


def test_what_happened_or_arrived_after_as_of_does_not_matter(rows: Rows, measured: pl.DataFrame) -> None:
    late = records(
        rows,
        lambda row: [
            row,
            row | {"received_at": AS_OF + 1},
            row | {"occurred_at": AS_OF + DAY, "received_at": AS_OF + DAY},
        ],
    )
    assert changed(measured, measure_all(tables(late), AS_OF)) == []


def test_a_return_filed_after_as_of_reads_as_not_filed(rows: Rows) -> None:
    def unfiled(row: Row) -> list[Row]:
        filed = row.get("filed_at")
        return [row | {"filed_at": None}] if filed is not None and filed > AS_OF - 20 * DAY else [row]

    earlier = AS_OF - 20 * DAY
    assert changed(measure_all(tables(rows), earlier), measure_all(tables(records(rows, unfiled)), earlier)) == []


@pytest.mark.parametrize("window", sorted({entry.window_days for entry in catalogue.measured() if entry.window_days}))
def test_rows_older_than_its_window_do_not_change_a_feature(rows: Rows, measured: pl.DataFrame, window: int) -> None:
    """They may only tell an observed zero from a missing value, so firms with rows in the window are compared."""

    def with_old(row: Row) -> list[Row]:
        age = (window + 6) * DAY  # records reach five days past as_of
        old = row | {"occurred_at": row["occurred_at"] - age, "received_at": row["received_at"] - age}
        return [row, old | {"due_at": row["due_at"] - age} if "due_at" in row else old]

    after = measure_all(tables(records(rows, with_old)), AS_OF)
    for entry in catalogue.measured():
        if entry.window_days is not None and entry.window_days <= window:
            both = measured[entry.name].is_not_null()
            assert measured[entry.name].filter(both).equals(after[entry.name].filter(both)), entry.name


def test_without_evidence_every_feature_is_missing_or_its_documented_value() -> None:
    business = {"business": 7, "deals_in_goods": True, "quarterly_filer": False}
    measured = measure_all(tables({"businesses": [business]}), AS_OF)
    assert measured.height == 1
    assert {entry.name: measured[entry.name][0] for entry in catalogue.measured()} == {
        entry.name: entry.empty for entry in catalogue.measured()
    }


def test_businesses_keep_the_order_of_the_evidence(rows: Rows, measured: pl.DataFrame) -> None:
    backwards = rows | {"businesses": rows["businesses"][::-1]}
    again = measure_all(tables(backwards), AS_OF)
    assert again["business"].to_list() == list(range(FIRMS))[::-1]
    assert changed(measured, again.sort("business")) == []
