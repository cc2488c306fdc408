"""The points table as it is read on paper: which bin a firm falls in, how many points the bin has.

Needs nothing but the version's `points_table.json` and the vector: it is the fallback when the model may not serve,
and it is shown beside the model's answer. Points of a bin already carry the column's weight; the sum of the base and
all bins is the score before clipping and rounding.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.engine.bands import DEFAULT_BANDS, Bands
from scoring.engine.mapping import POINTS_PER_LOG_ODDS, pd_of, rounded

MOST_REASONS = 4


@dataclass(frozen=True)
class PaperColumn:
    """Inner cuts (k,), points of the k + 1 bins, points when missing, information value."""

    name: str
    cuts: tuple[float, ...]
    points: tuple[float, ...]
    points_missing: float
    information: float

    def bin_of(self, value: float | None) -> int | None:
        """Place of the bin with cut[i−1] < value ≤ cut[i]; None for missing."""
        return None if value is None else bisect_left(self.cuts, value)

    def points_of(self, value: float | None) -> float:
        """Points of the bin of `value`."""
        place = self.bin_of(value)
        return self.points_missing if place is None else self.points[place]

    @property
    def best(self) -> float:
        """Points of the best bin."""
        return max(self.points)


@dataclass(frozen=True)
class Line:
    """What one column brought: its value, bin, points, and the points short of the best bin."""

    feature: str
    value: float | None
    place: int | None
    points: float
    short: float


@dataclass(frozen=True)
class Reading:
    """base_points + Σ points of lines = points; score, its 90 % interval and band as the mapping reads them."""

    score: int
    low: int
    high: int
    band: str
    pd: float
    points: float
    base_points: float
    lines: tuple[Line, ...]

    @property
    def reasons(self) -> tuple[Line, ...]:
        """At most four columns that are furthest from their best bin: what an adverse letter may name."""
        told = sorted((line for line in self.lines if line.short > 0.5), key=lambda line: -line.short)
        return tuple(told[:MOST_REASONS])


@dataclass(frozen=True)
class PaperTable:
    """The whole table, columns with most information first.

    `half_width` of its 90 % interval in points, 0 for a version from before it was measured.
    """

    base_points: float
    columns: tuple[PaperColumn, ...]
    half_width: float = 0.0

    def read(self, vector: Mapping[str, float | None], bands: Bands = DEFAULT_BANDS) -> Reading:
        """The table's answer to a vector by feature name, in one of `bands`; what the vector lacks is missing."""
        lines = tuple(_line(column, vector.get(column.name)) for column in self.columns)
        points = math.fsum((self.base_points, *(line.points for line in lines)))
        score = rounded(points)
        low, high = rounded(points - self.half_width), rounded(points + self.half_width)
        return Reading(score, low, high, bands.of(score).name, pd_of(points), points, self.base_points, lines)


def paper_table(document: Mapping[str, object]) -> PaperTable:
    """From `points_table.json`."""
    columns = document["columns"]
    if not isinstance(columns, Sequence):
        raise ValueError("points_table.json must hold a list of columns")
    read = [
        PaperColumn(
            name=str(column["name"]),
            cuts=tuple(column["cuts"]),
            points=tuple(column["points"]),
            points_missing=float(column["points_missing"]),
            information=float(column["information"]),
        )
        for column in columns
    ]
    width = document.get("interval")
    half_width = abs(POINTS_PER_LOG_ODDS) * float(width["half_width"]) if isinstance(width, Mapping) else 0.0
    columns_by_information = tuple(sorted(read, key=lambda column: -column.information))
    return PaperTable(float(str(document["base_points"])), columns_by_information, half_width)


def _line(column: PaperColumn, value: float | None) -> Line:
    points = column.points_of(value)
    return Line(column.name, value, column.bin_of(value), points, column.best - points)
