"""The challenger and plain-paper fallback: a points table by weight of evidence, and a logistic regression on it.

Each column is cut into at most six bins whose default rate moves only with the catalogue's direction of risk
(pool-adjacent-violators on fine quantile bins); missing is a bin of its own. WOE of a bin is
ln(share of defaults / share of healthy). The table reads in points by the same mapping as the main model.
"""

from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scoring.engine.calibration import sigmoid
from scoring.engine.mapping import POINTS_PER_LOG_ODDS, points_of
from scoring.engine.sample import Sample

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FINE_BINS = 20
MOST_BINS = 6
LEAST_SHARE = 0.04
LEAST_INFORMATION = 0.02
RIDGE = 1.0
STEPS = 50


@dataclass(frozen=True)
class Binned:
    """One column: inner cuts (k,), WOE of the k + 1 bins, WOE of missing, information value."""

    name: str
    cuts: tuple[float, ...]
    woe: tuple[float, ...]
    missing: float
    information: float

    def read(self, column: Floats) -> Floats:
        """WOE of each value; a bin holds cut[i−1] < value ≤ cut[i]."""
        known = np.asarray(self.woe)[np.searchsorted(np.asarray(self.cuts), column, side="left")]
        return np.where(np.isnan(column), self.missing, known)


@dataclass(frozen=True)
class PointsTable:
    """Binned columns with their weights (≥ 0) and the intercept, all in log-odds of default."""

    columns: tuple[Binned, ...]
    weights: tuple[float, ...]
    intercept: float

    def log_odds(self, sample: Sample) -> Floats:
        """Log-odds of default of each row (n,)."""
        total = np.full(len(sample), self.intercept)
        for column, weight in zip(self.columns, self.weights, strict=True):
            total += weight * column.read(sample.matrix[:, sample.names.index(column.name)])
        return total

    def document(self) -> dict[str, object]:
        """The table on paper: base points, and per column the cuts and the points of each bin."""
        scaled = [
            asdict(column)
            | {
                "points": [POINTS_PER_LOG_ODDS * weight * woe for woe in column.woe],
                "points_missing": POINTS_PER_LOG_ODDS * weight * column.missing,
            }
            for column, weight in zip(self.columns, self.weights, strict=True)
        ]
        return {"base_points": points_of(self.intercept), "columns": scaled}


def fit_points_table(sample: Sample, signs: tuple[int, ...]) -> PointsTable:
    """Bin every column of `sample` with its sign of risk (+1, 0, −1), keep the telling ones, weigh them."""
    found = [
        bin_column(name, column, sample.target, sign)
        for name, column, sign in zip(sample.names, sample.matrix.T, signs, strict=True)
    ]
    kept = [column for column in found if column.information >= LEAST_INFORMATION]
    while True:
        design = np.column_stack(
            [*(column.read(sample.matrix[:, sample.names.index(column.name)]) for column in kept), np.ones(len(sample))]
        )
        weights = _logistic(design, sample.target)
        if (weights[:-1] >= 0).all():
            return PointsTable(tuple(kept), tuple(weights[:-1].tolist()), float(weights[-1]))
        kept = [column for column, weight in zip(kept, weights, strict=False) if weight >= 0]


def bin_column(name: str, column: Floats, target: Floats, sign: int) -> Binned:
    """Monotone bins of one column; with sign 0 the direction is the one the data show."""
    known = ~np.isnan(column)
    bad, good = max(target.sum(), 1.0), max((1.0 - target).sum(), 1.0)
    cuts = _cuts(column[known], target[known], sign)
    place = np.searchsorted(cuts, column[known], side="left")
    bads = np.append(np.bincount(place, target[known], cuts.size + 1), target[~known].sum())
    alls = np.append(np.bincount(place, minlength=cuts.size + 1), (~known).sum())
    share_bad, share_good = (bads + 0.5) / (bad + 0.5), (alls - bads + 0.5) / (good + 0.5)
    woe = np.where(alls > 0, np.log(share_bad / share_good), 0.0)
    information = float(((share_bad - share_good) * woe)[alls > 0].sum())
    return Binned(name, tuple(cuts.tolist()), tuple(woe[:-1].tolist()), float(woe[-1]), information)


def _cuts(values: Floats, target: Floats, sign: int) -> Floats:
    """Inner cuts after fine quantile bins were pooled until the rate is monotone and the bins are few."""
    if values.size < 2 / LEAST_SHARE:
        return np.empty(0)
    fine = np.unique(np.quantile(values, np.linspace(0, 1, FINE_BINS + 1)[1:-1]))
    place = np.searchsorted(fine, values, side="left")
    blocks = [(float(target[place == number].sum()), int((place == number).sum())) for number in range(fine.size + 1)]
    direction = sign or (1 if float(np.dot(place - place.mean(), target)) >= 0 else -1)
    ends = _pooled(blocks, direction, max(1, int(LEAST_SHARE * values.size)))
    return fine[[end for end in ends if end < fine.size]]


def _pooled(blocks: list[tuple[float, int]], direction: int, least: int) -> list[int]:
    """Index of the last fine bin of each pooled block: pool adjacent violators, the thin, then the most alike."""
    pools = [[bad, size, place] for place, (bad, size) in enumerate(blocks)]

    def rate(pool: list[float]) -> float:
        return direction * pool[0] / max(pool[1], 1)

    while len(pools) > 1:
        steps = [rate(after) - rate(before) for before, after in pairwise(pools)]
        thin = [place for place, pool in enumerate(pools) if pool[1] < least]
        closest = int(np.argmin(steps))
        if thin:
            closest = min(thin[0], len(pools) - 2)
        elif steps[closest] > 0 and len(pools) <= MOST_BINS:
            break
        first, second = pools[closest], pools[closest + 1]
        pools[closest : closest + 2] = [[first[0] + second[0], first[1] + second[1], second[2]]]
    return [int(pool[2]) for pool in pools]


def _logistic(design: Floats, target: Floats) -> Floats:
    """Ridge logistic regression by Newton steps; the last column, the intercept, is not shrunk."""
    weights = np.zeros(design.shape[1])
    shrink = np.full(design.shape[1], RIDGE)
    shrink[-1] = 0.0
    for _ in range(STEPS):
        chance = sigmoid(design @ weights)
        gradient = design.T @ (chance - target) + shrink * weights
        curvature = (design * (chance * (1.0 - chance))[:, None]).T @ design + np.diag(shrink)
        step = np.linalg.solve(curvature, gradient)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-10:
            break
    return weights
