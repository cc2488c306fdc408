"""Why a score changed: time, evidence, model, policy and rounding, which add up to the difference exactly.

The way from the first answer to the second: its amnesty is taken off, its evidence read at the second moment (what
only time did), the second evidence put in its place under the first model (what new evidence did), the second amnesty
put on, and the second model put in. Taking an amnesty off and putting one on together are what policy did. Within a
step, the exact parts of both sides say which feature moved.
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
    """The answers on the way; all but `second` are by the first model.

    `bare` is the first without its amnesty, `aged` the same evidence read later, `renewed` the second evidence without
    an amnesty, `eased` the second row as it was scored.
    """

    first: Parted
    bare: Parted
    aged: Parted
    renewed: Parted
    eased: Parted
    second: Parted


def difference(way: Way, *, first: int, second: int) -> Difference:
    """Attribute `second − first`."""
    moves = (
        _move(TIME, way.bare, way.aged),
        _move(EVIDENCE, way.aged, way.renewed),
        _move(MODEL, way.eased, way.second),
        _joined(POLICY, _move(POLICY, way.first, way.bare), _move(POLICY, way.renewed, way.eased)),
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


def _joined(kind: str, one: Move, other: Move) -> Move:
    """Two moves as one; a feature that both moved keeps its first value before and its last value after."""
    found: dict[str, FeatureMove] = {}
    for feature in (*one.features, *other.features):
        known = found.get(feature.feature)
        points = feature.points + (known.points if known else 0.0)
        before = known.before if known else feature.before
        found[feature.feature] = FeatureMove(feature.feature, points, before, feature.after)
    told = sorted(found.values(), key=lambda feature: -abs(feature.points))
    return Move(kind, math.fsum((one.points, other.points)), one.base + other.base, tuple(told))
