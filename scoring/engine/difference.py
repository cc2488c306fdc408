"""Why a score changed: time, evidence, model, policy and rounding, which add up to the difference exactly.

The way from the first answer to the second goes through two in between: the first evidence read at the second
moment (what only time did), then the second evidence under the first model (what new evidence did). What is left
under the second model is the model's. Within a step, the exact parts of both sides say which feature moved.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

TIME, EVIDENCE, MODEL, POLICY, ROUNDING = "time", "evidence", "model", "policy", "rounding"


@dataclass(frozen=True)
class Parted:
    """A score in parts: `base` and `parts` by feature add up to its unrounded points; `values` as measured."""

    base: float
    parts: Mapping[str, float]
    values: Mapping[str, float | None]

    @property
    def points(self) -> float:
        """Unrounded, unclipped."""
        return math.fsum((self.base, *self.parts.values()))


@dataclass(frozen=True)
class FeatureMove:
    """One feature's share of a step, with its value before and after it."""

    feature: str
    points: float
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Move:
    """One step of the way; `features` strongest first, `base` the change of the starting point; they add up."""

    kind: str
    points: float
    base: float
    features: tuple[FeatureMove, ...]


@dataclass(frozen=True)
class Difference:
    """From `first` to `second` (integer scores): Σ points of `moves` = second − first, to rounding of floats."""

    first: int
    second: int
    moves: tuple[Move, ...]

    @property
    def total(self) -> int:
        """Points of difference."""
        return self.second - self.first


@dataclass(frozen=True)
class Way:
    """The four answers on the way: `aged` is the first evidence read later, `renewed` the new one by the old model."""

    first: Parted
    aged: Parted
    renewed: Parted
    second: Parted


def difference(way: Way, *, first: int, second: int) -> Difference:
    """Attribute `second − first`. Policy moves no points: what it changes is what a score may be used for."""
    moves = (
        _move(TIME, way.first, way.aged),
        _move(EVIDENCE, way.aged, way.renewed),
        _move(MODEL, way.renewed, way.second),
        Move(POLICY, 0.0, 0.0, ()),
    )
    told = math.fsum(move.points for move in moves)
    return Difference(first, second, (*moves, Move(ROUNDING, (second - first) - told, 0.0, ())))


def _move(kind: str, before: Parted, after: Parted) -> Move:
    names = dict.fromkeys((*before.parts, *after.parts))
    moved = [
        FeatureMove(
            name,
            after.parts.get(name, 0.0) - before.parts.get(name, 0.0),
            before.values.get(name),
            after.values.get(name),
        )
        for name in names
    ]
    told = sorted((feature for feature in moved if feature.points), key=lambda feature: -abs(feature.points))
    base = after.base - before.base
    return Move(kind, math.fsum((base, *(feature.points for feature in told))), base, tuple(told))
