"""The points table in the model's place, while the model is suspended: the same questions, answered from the table.

It needs none of the model's trees. Its interval is its own: how far a table that never saw a firm stands from those
that did, nine times in ten (`interval.fit_width`). Versions from before it was measured told the distance to the model.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scoring.engine import artefacts
from scoring.engine.bands import DEFAULT_BANDS, Bands
from scoring.engine.columns import Column, columns_from
from scoring.engine.completion import Fitted, fitted_from
from scoring.engine.interval import LEVEL
from scoring.engine.mapping import points_of
from scoring.engine.paper import PaperColumn, PaperTable, paper_table
from scoring.engine.parts import numbers_of, peers_of, rows_of
from scoring.engine.peers import Peers
from scoring.engine.scorecard import Assessment, Scorecard, score_of
from scoring.engine.turnover import Cell

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PaperCard:
    """A version's points table with what is needed to explain it; `half_width` in points."""

    columns: tuple[Column, ...]
    table: PaperTable
    half_width: float
    fitted: Fitted
    peers: Peers
    digest: str
    lock: str
    bands: Bands = DEFAULT_BANDS

    @classmethod
    def load(cls, folder: Path) -> "PaperCard":
        """Verify digests and read the table. Raises BrokenArtefacts."""
        files = artefacts.read(folder)
        columns = columns_from(rows_of(files.document("columns.json")["columns"]))
        bare = cls(
            columns=columns,
            table=paper_table(files.document("points_table.json")),
            half_width=0.0,
            fitted=fitted_from(files),
            peers=peers_of(files.document("peers.json")),
            digest=files.digest,
            lock=str(files.document("calibration.json")["lock"]),
        )
        if bare.table.half_width:
            return replace(bare, half_width=bare.table.half_width)
        return replace(bare, half_width=bare.distance_from_model(files.document("golden.json")))

    def under(self, bands: Bands) -> "PaperCard":
        """The same table reading its scores by other cut-offs."""
        return self if bands == self.bands else replace(self, bands=bands)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def complete(self, names: Sequence[str], matrix: Floats, cells: Sequence[Cell] | None = None) -> Floats:
        """Measured columns (n, m) in this version's order, with what it was fitted to tell of them (`Fitted`)."""
        return self.fitted.complete(self.names, names, matrix, cells)

    def assess(self, matrix: Floats) -> tuple[Assessment, ...]:
        """One assessment per row of `matrix` (n, f); a column the table leaves out brings no points."""
        return tuple(self._assessment(row) for row in matrix.tolist())

    def points(self, matrix: Floats) -> list[float]:
        """Unrounded points of each row."""
        return [assessment.score.points for assessment in self.assess(matrix)]

    def distance_from_model(self, golden: dict[str, object]) -> float:
        """Points by which the table differs from the model in nine of ten golden rows."""
        chances = np.clip(np.array(numbers_of([golden["pd"]])[0]), 1e-9, 1.0 - 1e-9)
        told = [points_of(value) for value in np.log(chances / (1.0 - chances)).tolist()]
        said = self.points(np.array(numbers_of(golden["matrix"]), dtype=np.float64))
        return float(np.quantile(np.abs(np.array(said) - np.array(told)), LEVEL))

    @cached_property
    def _by_name(self) -> dict[str, PaperColumn]:
        return {column.name: column for column in self.table.columns}

    def _assessment(self, row: Sequence[float]) -> Assessment:
        points = tuple(self._brought(name, value) for name, value in zip(self.names, row, strict=True))
        total = math.fsum((self.table.base_points, *points))
        return Assessment(score_of(total, self.half_width, self.bands), self.table.base_points, points)

    def _brought(self, name: str, value: float) -> float:
        column = self._by_name.get(name)
        return column.points_of(None if math.isnan(value) else value) if column else 0.0


Card = Scorecard | PaperCard
"""Whatever answers: the model, or its points table while it is suspended."""
