"""The scorecard: a row of features in, a score with its exact parts out.

Parts: base_points + Σ points = unrounded, unclipped points, because points are defined as that sum. The sum
is checked against the averaged margin to 1e-4, so nothing hides in the base; then clip, then round.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scoring.engine import artefacts
from scoring.engine.bands import DEFAULT_BANDS, Bands
from scoring.engine.calibration import Platt
from scoring.engine.columns import Column, columns_from
from scoring.engine.completion import Fitted, fitted_from
from scoring.engine.interval import Spread, is_thin
from scoring.engine.mapping import POINTS_PER_LOG_ODDS, pd_of, points_of, rounded
from scoring.engine.neighbours import Neighbours, neighbours_from
from scoring.engine.parts import floats_of, numbers_of, peers_of, rows_of
from scoring.engine.peers import Peers
from scoring.engine.shap_tables import Tables, tabulate, trees_of
from scoring.engine.turnover import Cell

if TYPE_CHECKING:
    from scoring.engine.booster import Bag

Floats = NDArray[np.float64]

MONTHS = "months_active_gst"
NEIGHBOURS_FILE = "neighbours.json"
RESIDUAL = 1e-4
GOLDEN = 1e-6


class UnableToExplain(ArithmeticError):
    """Contributions do not add up to the margin within 1e-4: the score must not be issued."""


@dataclass(frozen=True)
class Score:
    """points: unrounded and unclipped; score, low, high: integers in 300–900; pd: 12-month probability."""

    points: float
    score: int
    pd: float
    low: int
    high: int
    band: str


@dataclass(frozen=True)
class Assessment:
    """A score with its parts: base_points + Σ points = score.points exactly (as a correctly rounded sum)."""

    score: Score
    base_points: float
    points: tuple[float, ...]


@dataclass(frozen=True)
class Scorecard:
    """A loaded model version; `columns` in the order of the matrix, `bands` of the policy it reads scores by.

    `neighbours` tell what a thin file would show, None in versions from before they did; `widening` in points is what
    estimates in a row add, in quadrature, to half of its interval.
    """

    columns: tuple[Column, ...]
    bag: "Bag"
    tables: Tables
    platt: Platt
    spread: Spread
    spread_thin: Spread
    fitted: Fitted
    peers: Peers
    digest: str
    lock: str
    bands: Bands = DEFAULT_BANDS
    neighbours: Neighbours | None = None
    widening: float = 0.0

    @classmethod
    def load(cls, folder: Path) -> "Scorecard":
        """Verify digests and golden answers, then serve. Raises BrokenArtefacts."""
        from scoring.engine.booster import Bag  # xgboost takes seconds to import: only who scores pays

        files = artefacts.read(folder)
        calibration = files.document("calibration.json")
        columns = columns_from(rows_of(files.document("columns.json")["columns"]))
        members = tuple(files.files[name] for name in sorted(files.files) if name.endswith(".ubj"))
        bag = Bag(members, tuple(column.name for column in columns))
        card = cls(
            columns=columns,
            bag=bag,
            tables=tabulate([trees_of(document) for document in bag.documents()], len(columns)),
            platt=Platt(**floats_of(calibration["platt"])),
            spread=Spread(**floats_of(calibration["spread"])),
            spread_thin=Spread(**floats_of(calibration.get("spread_thin", calibration["spread"]))),
            fitted=fitted_from(files),
            peers=peers_of(files.document("peers.json")),
            digest=files.digest,
            lock=str(calibration["lock"]),
            neighbours=neighbours_from(files.document(NEIGHBOURS_FILE)) if NEIGHBOURS_FILE in files.files else None,
        )
        card.prove(files.document("golden.json"))
        return card

    def under(self, bands: Bands) -> "Scorecard":
        """The same version reading its scores by other cut-offs."""
        return self if bands == self.bands else replace(self, bands=bands)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return self.bag.names

    def complete(self, names: Sequence[str], matrix: Floats, cells: Sequence[Cell] | None = None) -> Floats:
        """Measured columns (n, m) in this model's order, with what it was fitted to tell of them (`Fitted`)."""
        return self.fitted.complete(self.names, names, matrix, cells)

    def assess(self, matrix: Floats) -> tuple[Assessment, ...]:
        """One assessment per row of `matrix` (n, f). Raises UnableToExplain."""
        margins = self.bag.margins(matrix).tolist()
        contributions = self.contributions(matrix).tolist()
        spreads = [self.spread_thin if thin else self.spread for thin in is_thin(self._months(matrix)).tolist()]
        return tuple(self._assessment(*row) for row in zip(margins, contributions, spreads, strict=True))

    def contributions(self, matrix: Floats) -> Floats:
        """(n, f + 1) exact SHAP values in margin, by look-up; the last column is the base."""
        from scoring.engine.kernels import contributions_of  # numba: only who explains pays

        return contributions_of(self.tables, matrix)

    def points(self, matrix: Floats) -> list[float]:
        """Unrounded points of each row from margins alone: for searching, within 0.01 of `assess`."""
        return [points_of(self._log_odds(row)) for row in self.bag.margins(matrix).tolist()]

    def prove(self, golden: dict[str, object]) -> None:
        """Raises BrokenArtefacts unless the golden rows get their golden probabilities again, to 1e-6."""
        matrix = np.array(numbers_of(golden["matrix"]), dtype=np.float64)
        expected = np.array(numbers_of([golden["pd"]])[0], dtype=np.float64)
        answers = np.array([pd_of(points) for points in self.points(matrix)])
        if float(np.abs(answers - expected).max()) > GOLDEN:
            raise artefacts.BrokenArtefacts("the model does not give its golden answers")

    def _log_odds(self, margins: Sequence[float]) -> float:
        return self.platt.log_odds(math.fsum(margins) / len(margins))

    def _months(self, matrix: Floats) -> Floats:
        """(n,) months of GST sales: a thin record has an interval of its own."""
        thick = np.full(matrix.shape[0], np.inf)
        return matrix[:, self.names.index(MONTHS)] if MONTHS in self.names else thick

    def _assessment(self, margins: Sequence[float], contributions: Sequence[float], spread: Spread) -> Assessment:
        log_odds = self._log_odds(margins)
        if abs(self.platt.log_odds(math.fsum(contributions)) - log_odds) > RESIDUAL:
            raise UnableToExplain("contributions do not add up to the margin")
        *parts, base = contributions
        scale = POINTS_PER_LOG_ODDS * self.platt.slope
        points = tuple(scale * part for part in parts)
        base_points = points_of(self.platt.log_odds(base))
        total = math.fsum((base_points, *points))
        half = math.hypot(abs(scale) * spread.half_width(margins), self.widening)
        return Assessment(score_of(total, half, self.bands), base_points, points)


def score_of(points: float, half_width: float, bands: Bands = DEFAULT_BANDS) -> Score:
    """Read unrounded points, with the half width of their interval, as a score in one of `bands`."""
    score = rounded(points)
    return Score(
        points=points,
        score=score,
        pd=pd_of(points),
        low=rounded(points - half_width),
        high=rounded(points + half_width),
        band=bands.of(score).name,
    )
