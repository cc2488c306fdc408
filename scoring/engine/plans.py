"""Recourse: the smallest realistic set of changes that brings a firm to the next band, proven by scoring again.

Levers are added one at a time, the one that reaches the band with least effort, else the one that gains most; then
each is eased as far as the band stays reached. The plan's score is that of a full assessment of the changed row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.levers import Lever, levers_of
from scoring.engine.mapping import rounded
from scoring.engine.paper_card import Card
from scoring.engine.scorecard import Score

Floats = NDArray[np.float64]

SHARES = (0.25, 0.5, 0.75, 1.0)
MOST_LEVERS = 4
LEAST_STEP = 0.5
"""Points below which another lever is not worth asking for."""


@dataclass(frozen=True)
class Change:
    """One feature from `now` to `goal`, in its unit."""

    feature: str
    label: str
    unit: str
    now: float
    goal: float


@dataclass(frozen=True)
class Step:
    """One lever of a plan; `gain` in points on top of the steps before it, so gains add up to the plan's."""

    code: str
    changes: tuple[Change, ...]
    months: int
    gain: float


@dataclass(frozen=True)
class Plan:
    """`steps` in order, greatest help first; `months` as the steps are taken side by side.

    `after` is the score of the changed row; `reaches` whether it is in `target` or above. Without a step worth
    naming, `after` equals `now`.
    """

    now: Score
    after: Score
    target: str
    target_score: int
    reaches: bool
    months: int
    steps: tuple[Step, ...]

    @property
    def gain(self) -> float:
        """Points from now to after."""
        return self.after.points - self.now.points


@dataclass(frozen=True)
class _Pull:
    lever: Lever
    share: float


def plan_for(card: Card, row: Sequence[float], *, sector: str) -> Plan | None:
    """The plan of a firm with `row` (f,), NaN for missing; None in the top band."""
    start = np.asarray(row, dtype=np.float64)
    now = card.assess(start[None, :])[0].score
    band = card.bands.above(now.score)
    if band is None:
        return None
    pulls = _eased(card, start, _chosen(card, start, band.low, sector), band.low)
    after = card.assess(_moved(start, pulls)[None, :])[0].score
    return Plan(
        now=now,
        after=after,
        target=band.name,
        target_score=band.low,
        reaches=after.score >= band.low,
        months=max((pull.lever.months(pull.share) for pull in pulls), default=0),
        steps=_steps(card, start, pulls),
    )


def _chosen(card: Card, start: Floats, low: int, sector: str) -> list[_Pull]:
    chosen: list[_Pull] = []
    left = list(levers_of(card.columns, card.peers, start, sector))
    reached = card.points(start[None, :])[0]
    while left and len(chosen) < MOST_LEVERS and rounded(reached) < low:
        options = [_Pull(lever, share) for lever in left for share in SHARES]
        found = card.points(np.vstack([_moved(start, [*chosen, option]) for option in options]))
        best = max(range(len(options)), key=lambda line: _worth(options[line], found[line], low))
        if found[best] - reached < LEAST_STEP:
            break
        chosen.append(options[best])
        left.remove(options[best].lever)
        reached = found[best]
    return chosen


def _worth(pull: _Pull, points: float, low: int) -> tuple[bool, float, float]:
    """Reaching comes first; among those that reach the least effort, among the others the most points."""
    reaches = rounded(points) >= low
    return (reaches, -pull.share * len(pull.lever.goals), points) if reaches else (reaches, points, -pull.share)


def _eased(card: Card, start: Floats, pulls: list[_Pull], low: int) -> list[_Pull]:
    """The same levers, or fewer, no further than is needed to stay at `low`; as they are when they fall short."""
    if rounded(card.points(_moved(start, pulls)[None, :])[0]) < low:
        return pulls
    for pull in list(pulls):
        for share in (0.0, *SHARES):
            eased = [_Pull(each.lever, share) if each is pull else each for each in pulls]
            if share < pull.share and rounded(card.points(_moved(start, eased)[None, :])[0]) >= low:
                pulls = [each for each in eased if each.share]
                break
    return pulls


def _moved(start: Floats, pulls: Sequence[_Pull]) -> Floats:
    row = start.copy()
    for pull in pulls:
        pull.lever.pull(row, pull.share)
    return row


def _steps(card: Card, start: Floats, pulls: Sequence[_Pull]) -> tuple[Step, ...]:
    if not pulls:
        return ()
    rows = np.vstack([_moved(start, pulls[:count]) for count in range(len(pulls) + 1)])
    marks = [assessment.score.points for assessment in card.assess(rows)]
    return tuple(
        Step(pull.lever.code, _changes(pull), pull.lever.months(pull.share), after - before)
        for pull, before, after in zip(pulls, marks, marks[1:], strict=False)
    )


def _changes(pull: _Pull) -> tuple[Change, ...]:
    return tuple(
        Change(goal.column.name, goal.column.label, goal.column.unit, goal.now, goal.at(pull.share))
        for goal in pull.lever.goals
    )
