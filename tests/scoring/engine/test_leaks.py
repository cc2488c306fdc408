"""Training stops, with a name, when evidence could tell the future."""

import polars as pl
import pytest

from scoring.engine.leaks import known_by, refuse_foresight, refuse_undated
from scoring.engine.sample import LeakFound

FRAMES = {
    "payments": pl.DataFrame(
        {"business": [1, 1, 2], "occurred_at": [10, 30, 10], "received_at": [11, 31, 40], "paise": [5, 7, 9]}
    ),
    "businesses": pl.DataFrame({"business": [1, 2]}),
}


def total(frame: pl.DataFrame) -> pl.DataFrame:
    sums = frame.group_by("business").agg(total=pl.col("paise").sum())
    return FRAMES["businesses"].join(sums, on="business", how="left")


def test_rows_after_the_moment_are_cut_by_both_times() -> None:
    known = known_by(FRAMES, ("payments",), 20)
    assert known["payments"].rows() == [(1, 10, 11, 5)]
    assert known["businesses"].height == 2


def test_a_column_that_reads_later_rows_is_named() -> None:
    known = known_by(FRAMES, ("payments",), 20)
    with pytest.raises(LeakFound, match="total changes for 2 businesses"):
        refuse_foresight(total(FRAMES["payments"]), total(known["payments"]))
    refuse_foresight(total(known["payments"]), total(known["payments"]))


@pytest.mark.parametrize("time", ["occurred_at", "received_at"])
def test_undated_evidence_is_named(time: str) -> None:
    refuse_undated(FRAMES, ("payments",))
    hole = pl.when(pl.col("business") == 2).then(None).otherwise(pl.col(time)).alias(time)
    with pytest.raises(LeakFound, match=f"payments.{time} is missing in 1 rows"):
        refuse_undated({"payments": FRAMES["payments"].with_columns(hole)}, ("payments",))
    with pytest.raises(LeakFound, match=f"payments has no column {time}"):
        refuse_undated({"payments": FRAMES["payments"].drop(time)}, ("payments",))
