"""What a typology returns: a finding per business, with the numbers behind it and the rows of evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from fraud.engine.policy import DAY, FraudPolicy

Frames: TypeAlias = Mapping[str, pl.DataFrame]
Typology: TypeAlias = Callable[[Frames, int, FraudPolicy], "list[Finding]"]

HIGH, MEDIUM = 0.8, 0.5
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """A typology that matched a business.

    `score` is its strength in [0, 1]; `figures` the numbers of the sentence; `rows` the evidence as (frame, natural
    key), the latest MOST_ROWS of them.
    """

    business: int
    typology: str
    score: float
    figures: tuple[tuple[str, float], ...]
    rows: tuple[tuple[str, str], ...]

    @property
    def severity(self) -> str:
        """high, medium or low.

        >>> Finding(1, "structuring", 0.9, (), ()).severity
        'high'
        """
        return "high" if self.score >= HIGH else "medium" if self.score >= MEDIUM else "low"


def seen(as_of: int, days: int) -> pl.Expr:
    """Rows of the last `days` that had happened and were known at `as_of` (microseconds)."""
    recent = pl.col("occurred_at").is_between(as_of - days * DAY, as_of, closed="right")
    return recent & (pl.col("received_at") <= as_of)


def findings(found: pl.LazyFrame, typology: str, record: str) -> list[Finding]:
    """Rows (business, score, keys, figures …) as findings, by business.

    `keys` are the natural keys of rows of the frame `record`; every other column is a figure.
    """
    rows = found.sort("business").collect()
    figures = [name for name in rows.columns if name not in ("business", "score", "keys")]
    return [
        Finding(
            business=row["business"],
            typology=typology,
            score=round(min(1.0, max(0.0, row["score"])), 4),
            figures=tuple((name, round(float(row[name]), 4)) for name in figures),
            rows=tuple((record, str(key)) for key in row["keys"][-MOST_ROWS:]),
        )
        for row in rows.iter_rows(named=True)
    ]


def ramp(value: pl.Expr, low: float, high: float) -> pl.Expr:
    """0.5 at `low`, 1 at `high` and above, in between linear: how far a figure is past its threshold.

    >>> pl.DataFrame({"x": [2.0, 3.0, 9.0]}).select(ramp(pl.col("x"), 2, 4)).to_series().to_list()
    [0.5, 0.75, 1.0]
    """
    return (MEDIUM + (value - low) / (high - low) * (1 - MEDIUM)).clip(0.0, 1.0)
