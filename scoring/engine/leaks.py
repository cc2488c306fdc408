"""Evidence that could tell the future: rows without a date, and columns that read rows from after their date."""

from collections.abc import Collection, Mapping

import polars as pl

from scoring.engine.sample import LeakFound

TWO_TIMES = ("occurred_at", "received_at")
TOLERANCE = 1e-9
"""Sums over other partitions differ in their last bits, not more."""


def refuse_undated(frames: Mapping[str, pl.DataFrame], streams: Collection[str]) -> None:
    """Raises LeakFound naming the stream and column when a row does not say when it happened and when we knew."""
    for stream in streams:
        for time in TWO_TIMES:
            if time not in frames[stream].columns:
                raise LeakFound(f"{stream} has no column {time}: undated evidence cannot teach")
            undated = frames[stream][time].null_count()
            if undated:
                raise LeakFound(f"{stream}.{time} is missing in {undated} rows: undated evidence cannot teach")


def known_by(frames: Mapping[str, pl.DataFrame], streams: Collection[str], as_of: int) -> dict[str, pl.DataFrame]:
    """The same frames without the rows of `streams` that happened or arrived after `as_of` (µs)."""
    known = (pl.col("occurred_at") <= as_of) & (pl.col("received_at") <= as_of)
    return {name: frame.filter(known) if name in streams else frame for name, frame in frames.items()}


def refuse_foresight(measured: pl.DataFrame, measured_blind: pl.DataFrame) -> None:
    """Raises LeakFound naming the first column that changes when evidence from after its date is taken away.

    Both frames have `business` and the same columns: once measured from all rows, once from `known_by` only.
    """
    both = measured.join(measured_blind, on="business", how="inner", suffix="_blind")
    for name in measured.columns:
        if name == "business":
            continue
        seen, blind = pl.col(name).cast(pl.Float64), pl.col(f"{name}_blind").cast(pl.Float64)
        apart = (seen.is_null() != blind.is_null()) | ((seen - blind).abs() > TOLERANCE * (1 + blind.abs()))
        count = both.filter(apart.fill_null(False)).height
        if count:
            raise LeakFound(f"{name} changes for {count} businesses when evidence from after its date is taken away")
