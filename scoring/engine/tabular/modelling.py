"""Two models of any table: boosted trees tuned on inner folds, and the points table; both calibrated unseen.

Trees: one model per inner fold, stopped on that fold; the asked rows get the mean margin of all. The inner
out-of-fold margins choose the recipe, the share of the points table in the blend, and Platt's calibration: the
asked rows teach nothing. Import inside a function (xgboost).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.booster import Rows, Stopped, grow_stopped
from scoring.engine.calibration import Platt, UnableToCalibrate, fit_platt, sigmoid
from scoring.engine.sample import Sample
from scoring.engine.tabular.design import Design, Pair
from scoring.engine.tabular.folds import stratified
from scoring.engine.woe import PointsTable, fit_points_table

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SMALL, MIDDLE = 4_000, 40_000
TUNED_ROWS = 24_000
SHARES = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8)
Recipe = dict[str, object]


@dataclass(frozen=True)
class Answers:
    """Chance of a bad outcome of the asked rows by both models, and what was chosen for the trees."""

    model: Floats
    scorecard: Floats
    chosen: dict[str, object]


@dataclass(frozen=True)
class Setting:
    """Threads and seed of one run."""

    threads: int
    seed: int


def learn_and_ask(design: Design, teach: Integers, ask: Integers, setting: Setting) -> Answers:
    """Learn from the rows `teach` (indices) and tell the chances of the rows `ask`."""
    fold = stratified(design.target[teach], _inner_folds(teach.size), setting.seed)
    recipe = _tuned(design, teach, fold, setting)
    trees = _Inner(design, teach, ask, fold).trees(recipe)
    tables = _Inner(design, teach, ask, fold).tables()
    target = design.target[teach]
    share = min(SHARES, key=lambda part: _loss(target, _mixed(trees[0], tables[0], part)))
    margins, platt = _mixed(trees[1], tables[1], share), _platt(_mixed(trees[0], tables[0], share), target)
    plain = _platt(tables[0], target)
    chosen = {name: recipe[name] for name in ("max_depth", "min_child_weight")} | {"share_of_points_table": share}
    return Answers(_chance(platt, margins), _chance(plain, tables[1]), chosen)


@dataclass(frozen=True)
class _Inner:
    """The inner folds of the rows that teach; the asked rows ride along."""

    design: Design
    teach: Integers
    ask: Integers
    fold: Integers

    def trees(self, recipe: Recipe) -> tuple[Floats, Floats]:
        """Out-of-fold margins of the rows that teach, and mean margins of the asked rows."""
        own, asked, folds = np.zeros(self.teach.size), np.zeros(self.ask.size), int(self.fold.max()) + 1
        for left_out in range(folds):
            mine = self.fold == left_out
            pair = self.design.for_trees(self.teach[~mine], np.concatenate([self.teach[mine], self.ask]))
            found = _grown(self.design.target, (self.teach[~mine], self.teach[mine]), pair, recipe)
            own[mine] = found.stop
            asked += found.others[0] / folds
        return own, asked

    def tables(self) -> tuple[Floats, Floats]:
        """Out-of-fold log-odds of the points table, and those of the asked rows by the table of all that teach."""
        own = np.zeros(self.teach.size)
        for left_out in range(int(self.fold.max()) + 1):
            mine = self.fold == left_out
            own[mine] = self._table(self.teach[~mine], self.teach[mine])
        return own, self._table(self.teach, self.ask)

    def _table(self, teach: Integers, ask: Integers) -> Floats:
        pair = self.design.for_points(teach, ask)
        table: PointsTable = fit_points_table(
            _sample(pair.names, pair.taught, self.design.target[teach]), (0,) * len(pair.names)
        )
        return table.log_odds(_sample(pair.names, pair.asked, np.zeros(ask.size)))


def _tuned(design: Design, teach: Integers, fold: Integers, setting: Setting) -> Recipe:
    """The recipe with the least log-loss: over all inner folds of a small file, on one of a large one."""
    recipes = list(_recipes(teach.size, setting))
    some = np.random.default_rng(setting.seed).permutation(teach.size)[:TUNED_ROWS]
    rows, own = teach[some], fold[some]
    tried = range(int(fold.max()) + 1) if teach.size <= SMALL else range(1)
    losses = np.zeros(len(recipes))
    for left_out in tried:
        seen, stop = rows[own != left_out], rows[own == left_out]
        pair = design.for_trees(seen, stop)
        losses += [_grown(design.target, (seen, stop), pair, recipe).loss for recipe in recipes]
    return recipes[int(np.argmin(losses))]


def _recipes(rows: int, setting: Setting) -> Sequence[Recipe]:
    """Few and far apart; small files get small trees and strong shrinkage."""
    common: Recipe = {"nthread": setting.threads, "seed": setting.seed, "subsample": 0.8, "patience": 40}
    if rows <= SMALL:
        shapes = ((1, 1, 0.5, 1.0), (2, 2, 0.4, 2.0), (3, 3, 0.4, 3.0), (4, 4, 0.4, 5.0))
        steps: Recipe = {"eta": 0.05, "rounds": 600}
    else:
        shapes = ((3, 10, 0.5, 2.0), (4, 20, 0.5, 4.0), (5, 30, 0.4, 6.0), (6, 40, 0.6, 8.0))
        steps = {"eta": 0.05 if rows <= MIDDLE else 0.1, "rounds": 1200 if rows <= MIDDLE else 800}
    return [
        common | steps | {"max_depth": depth, "min_child_weight": weight, "colsample_bytree": share, "lambda": ridge}
        for depth, weight, share, ridge in shapes
    ]


def _grown(target: Floats, places: tuple[Integers, Integers], pair: Pair, recipe: Recipe) -> Stopped:
    """Grown on the first places, stopped on the second, which are the first rows of `pair.asked`."""
    seen, stop = places
    rows = Rows(pair.names, pair.taught, target[seen])
    watched = Rows(pair.names, pair.asked[: stop.size], target[stop])
    others = [pair.asked[stop.size :]] if pair.asked.shape[0] > stop.size else []
    return grow_stopped(rows, watched, recipe, others)


def _inner_folds(rows: int) -> int:
    return 5 if rows <= MIDDLE else 3


def _mixed(trees: Floats, table: Floats, share: float) -> Floats:
    return (1.0 - share) * trees + share * table


def _platt(margins: Floats, target: Floats) -> Platt:
    """Calibration; where nothing ranks the outcomes, nearly flat at the rate, so that the order is kept."""
    try:
        return fit_platt(margins, target)
    except UnableToCalibrate:
        rate = float(target.mean())
        return Platt(1e-6, float(np.log(rate / (1.0 - rate))))


def _chance(platt: Platt, margins: Floats) -> Floats:
    return sigmoid(platt.slope * margins + platt.intercept)


def _loss(target: Floats, margins: Floats) -> float:
    chance = np.clip(_chance(_platt(margins, target), margins), 1e-9, 1.0 - 1e-9)
    return float(-np.mean(target * np.log(chance) + (1.0 - target) * np.log(1.0 - chance)))


def _sample(names: tuple[str, ...], matrix: Floats, target: Floats) -> Sample:
    nothing = np.zeros(target.size, dtype=np.int64)
    return Sample(names, matrix, target, nothing, nothing, np.full(target.size, "", dtype=np.str_))
