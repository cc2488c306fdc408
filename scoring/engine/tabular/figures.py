"""The figures of a study as plain values for JSON: a figure that cannot be is null, never NaN."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scoring.engine.tabular.cells import MICROS_PER_DAY, Column
from scoring.engine.validation import Measures, measure_ranking, population_stability

if TYPE_CHECKING:
    from scoring.engine.tabular.folds import Cut
    from scoring.engine.tabular.modelling import Answers

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WATCH, ACT = 0.10, 0.25
MOST_LISTED = 12


@dataclass(frozen=True)
class Period:
    """`moment` of each row (days or a number; NaN unknown), and `cut`, where the last period begins."""

    name: str
    moment: Floats
    cut: float | None
    dated: bool

    def split(self) -> tuple[Integers, Integers]:
        """Rows before the last period, and rows of it."""
        start = math.inf if self.cut is None else self.cut
        return np.flatnonzero(self.moment < start), np.flatnonzero(self.moment >= start)

    def told(self, moment: float) -> str | float:
        """A moment for people: a date where it is one."""
        if not self.dated:
            return moment
        return str(np.datetime64(round(moment * MICROS_PER_DAY), "us").astype("datetime64[D]"))


@dataclass(frozen=True)
class OutOfTime:
    """The document and the alarms that belong among the warnings."""

    document: dict[str, object]
    alarms: tuple[str, ...]


def plain(measures: Measures) -> dict[str, object]:
    """auc, gini, ks, brier, ece, rows and target_rate."""
    found = {name: getattr(measures, name) for name in ("rows", "target_rate", "auc", "gini", "ks", "brier", "ece")}
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in found.items()}


def figures_of(target: Floats, chance: Floats, cut: "Cut") -> dict[str, object]:
    """Over all rows, each told by the model that had not seen its fold, and per fold."""
    folds = []
    for place, name in enumerate(cut.names):
        mine = cut.fold == place
        folds.append({"fold": name} | plain(measure_ranking(target[mine], chance[mine])))
    return plain(measure_ranking(target, chance)) | {"folds": folds}


def out_of_time_figures(columns: Sequence[Column], target: Floats, period: Period, answers: "Answers") -> OutOfTime:
    """Both models on the untouched last period, how far each column moved, and whether that is an alarm."""
    teach, ask = period.split()
    drift = {column.name: population_stability(*_shares(column, teach, ask)) for column in columns}
    moved = sorted(drift.items(), key=lambda pair: -pair[1])
    rates = float(target[teach].mean()), float(target[ask].mean())
    alarms = [
        f"{name}: moved between development and the last period (PSI {index:.2f})"
        for name, index in moved[:MOST_LISTED]
        if index > ACT
    ]
    gap = abs(float(answers.model.mean()) - rates[1])
    if gap > max(0.02, 0.25 * rates[1]):
        alarms.append(f"the last period's rate is {rates[1]:.1%}; the model told {answers.model.mean():.1%}")
    document: dict[str, object] = plain(measure_ranking(target[ask], answers.model)) | {
        "column": period.name,
        "from": period.told(period.cut if period.cut is not None else math.nan),
        "development_rows": int(teach.size),
        "development_rate": rates[0],
        "scorecard": plain(measure_ranking(target[ask], answers.scorecard)),
        "drift": {name: round(index, 4) for name, index in moved[:MOST_LISTED]},
        "drift_level": "act" if alarms else "watch" if moved and moved[0][1] > WATCH else "stable",
        "alarm": bool(alarms),
    }
    return OutOfTime(document, tuple(alarms))


def _shares(column: Column, teach: Integers, ask: Integers) -> tuple[Floats, Floats]:
    values = column.values()
    return values[teach], values[ask]
