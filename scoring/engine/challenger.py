"""The points table beside the main model: the same rows, the same folds, the same honest figures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.calibration import sigmoid
from scoring.engine.interval import Width, fit_width
from scoring.engine.sample import Sample, fold_of
from scoring.engine.validation import Measures, measure_ranking
from scoring.engine.woe import PointsTable, fit_points_table

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Challenger:
    """The table grown on all rows, and its figures on firms and a period its reported twin has not seen.

    `late` are the chances (n,) its twin told of the last period; `width` is how sure the table is.
    """

    table: PointsTable
    model: Measures
    folds: tuple[Measures, ...]
    out_of_time: Measures
    late: Floats
    width: Width


@dataclass(frozen=True)
class Split:
    """What the main model was judged on: all rows, development rows, rows of the last period, folds of firms."""

    whole: Sample
    early: Sample
    late: Sample
    folds: int
    seed: int


def challenge(split: Split, signs: tuple[int, ...]) -> Challenger:
    """Fit the table and judge it as the main model is judged."""
    fold = fold_of(split.early.business, split.folds, split.seed)
    own = fold_of(split.late.business, split.folds, split.seed)
    early, members = np.zeros(len(split.early)), np.zeros((len(split.late), split.folds))
    for left_out in range(split.folds):
        table = fit_points_table(split.early.where(fold != left_out), signs)
        early[fold == left_out] = table.log_odds(split.early.where(fold == left_out))
        members[:, left_out] = table.log_odds(split.late)
    chance, late = sigmoid(early), sigmoid(members[np.arange(len(split.late)), own])
    return Challenger(
        table=fit_points_table(split.whole, signs),
        model=measure_ranking(split.early.target, chance),
        folds=tuple(
            measure_ranking(split.early.target[fold == number], chance[fold == number]) for number in range(split.folds)
        ),
        out_of_time=measure_ranking(split.late.target, late),
        late=late,
        width=fit_width(members, own),
    )
