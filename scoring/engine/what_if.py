"""What if a firm's figures were other ones: the dials a person may turn, and the score of what they set."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.columns import Column
from scoring.engine.features import catalogue
from scoring.engine.levers import within
from scoring.engine.paper_card import Card
from scoring.engine.recourse import FEASIBLE_GROWTH, SIZES
from scoring.engine.scorecard import Score

Floats = NDArray[np.float64]


class UnableToTry(ValueError):
    """A value was set for something that cannot be acted on, or outside what is valid; `feature` names it."""

    def __init__(self, feature: str, message: str) -> None:
        super().__init__(message)
        self.feature = feature


@dataclass(frozen=True)
class Dial:
    """One actionable feature with the range of its slider, in its own unit; it holds `now` always."""

    feature: str
    label: str
    unit: str
    now: float
    low: float
    high: float
    peer: float | None


@dataclass(frozen=True)
class Moved:
    """One feature that was set: its own exact effect and the value before and after."""

    feature: str
    label: str
    unit: str
    now: float
    value: float


@dataclass(frozen=True)
class Trial:
    """Two full scores and, by feature, how the parts differ: they add up to the gain exactly, with the base's 0."""

    now: Score
    after: Score
    moved: tuple[Moved, ...]
    parts: Mapping[str, float]

    @property
    def gain(self) -> float:
        """Points gained, below 0 when lost."""
        return self.after.points - self.now.points


def dials_of(card: Card, row: Sequence[float], *, sector: str) -> tuple[Dial, ...]:
    """A dial for every actionable feature with a known value and a direction of risk, in the catalogue's order."""
    dials = (
        _dial(card, column, value, sector)
        for column, value in zip(card.columns, row, strict=True)
        if _turns(column, value)
    )
    return tuple(dial for dial in dials if dial.high > dial.low)


def _turns(column: Column, value: float) -> bool:
    """Acted on, known, and weighed: turning what the model does not weigh would only disappoint."""
    weighed = column.risk != "neither" and column.name not in catalogue.informative()
    return column.actionable and weighed and not math.isnan(value)


def _dial(card: Card, column: Column, now: float, sector: str) -> Dial:
    quantiles = card.peers.quantiles(column.name, sector) or (now,)
    low, high = min(now, quantiles[0]), max(now, quantiles[-1])
    if column.unit in SIZES:
        low, high = min(low, now / FEASIBLE_GROWTH), min(high, FEASIBLE_GROWTH * now) if now > 0 else high
    if column.unit == "log_ratio":
        low, high = max(low, now - math.log(FEASIBLE_GROWTH)), min(high, now + math.log(FEASIBLE_GROWTH))
    return Dial(
        feature=column.name,
        label=column.label,
        unit=column.unit,
        now=now,
        low=within(column, min(low, now)),
        high=within(column, max(high, now)),
        peer=card.peers.median(column.name, sector),
    )


def attempt(card: Card, row: Sequence[float], wanted: Mapping[str, float]) -> Trial:
    """Score `row` (f,) as it is and with the `wanted` values. Raises UnableToTry."""
    places = {column.name: place for place, column in enumerate(card.columns)}
    start = np.asarray(row, dtype=np.float64)
    changed = start.copy()
    for name, value in wanted.items():
        if name not in places or not _turns(card.columns[places[name]], float(start[places[name]])):
            raise UnableToTry(name, "cannot be changed here")
        if not math.isfinite(value) or within(card.columns[places[name]], value) != value:
            raise UnableToTry(name, _range(card.columns[places[name]]))
        changed[places[name]] = value
    before, after = card.assess(np.vstack([start, changed]))
    differences = (late - early for early, late in zip(before.points, after.points, strict=True))
    moved = (
        Moved(
            name, card.columns[places[name]].label, card.columns[places[name]].unit, float(start[places[name]]), value
        )
        for name, value in wanted.items()
        if value != float(start[places[name]])
    )
    parts = {name: part for name, part in zip(card.names, differences, strict=True) if part}
    return Trial(before.score, after.score, tuple(moved), parts)


def _range(column: Column) -> str:
    if column.low is not None and column.high is not None:
        return f"must be between {column.low:g} and {column.high:g}"
    return f"must be {column.low:g} or more" if column.low is not None else "must be a number"
