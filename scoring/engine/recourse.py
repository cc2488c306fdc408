"""Path to prime, first version: the one actionable change that brings a firm nearest to the next band.

Candidates move one actionable feature to the peers' median, healthy quartile or healthy tenth, within the
feature's valid range and only in its healthy direction. The smallest change that reaches the next band wins, else the
greatest gain. The answer is verified by a full re-scoring of the changed row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.columns import Column
from scoring.engine.mapping import rounded
from scoring.engine.paper_card import Card
from scoring.engine.scorecard import Score
from scoring.engine.sentences import en
from scoring.engine.sentences.numbers import value_text

Floats = NDArray[np.float64]

LEAST_GAIN = 2.0
"""Points below which a change is not worth naming."""
FEASIBLE_GROWTH = 1.25
"""Business itself (sales, payers, money moved) grows by a quarter at most within the time a plan is made for."""
SIZES = frozenset({"rupees", "rupees_per_day", "count"})


@dataclass(frozen=True)
class PathToPrime:
    """One feature from `now` to `goal`; gain in points, `score` and `band` as re-scored."""

    feature: str
    label: str
    now: float
    now_text: str
    goal: float
    goal_text: str
    gain: float
    score: int
    band: str
    target_band: str
    reaches: bool
    sentence: str


@dataclass(frozen=True)
class _Step:
    place: int
    goal: float
    size: int


def path_to_prime(card: Card, row: Sequence[float], now: Score, *, sector: str) -> PathToPrime | None:
    """The best verified single change for `row` (f,) that scores `now`; None at the top or where nothing helps."""
    start = np.asarray(row, dtype=np.float64)[None, :]
    goal_band = card.bands.above(now.score)
    steps = list(_steps(card, row, sector))
    if goal_band is None or not steps:
        return None
    matrix = np.repeat(start, len(steps), axis=0)
    for line, step in enumerate(steps):
        matrix[line, step.place] = step.goal
    found = card.points(matrix)
    best = max(
        range(len(steps)),
        key=lambda line: (
            rounded(found[line]) >= goal_band.low,
            -_size(steps, found, line, goal_band.low),
            found[line],
        ),
    )
    after = card.assess(matrix[best : best + 1])[0].score
    if after.points - now.points < LEAST_GAIN:
        return None
    column, step = card.columns[steps[best].place], steps[best]
    texts = value_text(float(row[step.place]), column.unit), value_text(step.goal, column.unit)
    return PathToPrime(
        feature=column.name,
        label=column.label,
        now=float(row[step.place]),
        now_text=texts[0],
        goal=step.goal,
        goal_text=texts[1],
        gain=after.points - now.points,
        score=after.score,
        band=after.band,
        target_band=goal_band.name,
        reaches=after.score >= goal_band.low,
        sentence=en.path(column.label, now=texts[0], goal=texts[1], gain=after.points - now.points, score=after.score),
    )


def _size(steps: Sequence[_Step], found: Sequence[float], line: int, low: int) -> int:
    """Among steps that reach the band the smaller is better; among the others size does not matter."""
    return steps[line].size if rounded(found[line]) >= low else 0


def _steps(card: Card, row: Sequence[float], sector: str) -> Iterator[_Step]:
    for place, column in enumerate(card.columns):
        quantiles = card.peers.quantiles(column.name, sector)
        if not column.actionable or column.risk == "neither" or quantiles is None or np.isnan(row[place]):
            continue
        healthier = reversed(quantiles[:3]) if column.risk == "rises" else quantiles[2:]
        for size, healthy in enumerate(healthier):
            goal = _feasible(column, healthy, float(row[place]))
            if _better(column, goal, float(row[place])) and _allowed(column, goal):
                yield _Step(place, goal, size)


def _feasible(column: Column, goal: float, now: float) -> float:
    """The part of the way to `goal` that can be gone: how much business there is grows only so fast."""
    return min(goal, FEASIBLE_GROWTH * now) if column.risk == "falls" and column.unit in SIZES else goal


def _better(column: Column, goal: float, now: float) -> bool:
    return goal < now if column.risk == "rises" else goal > now


def _allowed(column: Column, goal: float) -> bool:
    return (column.low is None or goal >= column.low) and (column.high is None or goal <= column.high)
