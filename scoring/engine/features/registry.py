"""One declaration per feature: `@feature(grain=…, unit=…, window=…, risk=…)` over an expression.

Name, label and doc come from the function; column order is the order of declaration. Everything that lists features
(catalogue, glossary, lock, SQL) is derived from `REGISTRY`.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired, TypedDict, Unpack

from scoring.engine.features.dialect import NumericValue, Table


class Risk(StrEnum):
    """How risk moves when the value grows."""

    RISES = "rises"
    FALLS = "falls"
    NEITHER = "neither"


class Family(StrEnum):
    VELOCITY = "velocity"
    CADENCE = "cadence"
    RATIO = "ratio"
    MATURITY = "maturity"
    EXTENDED = "extended"
    RECONCILIATION = "reconciliation"
    BEHAVIOUR = "behaviour"
    NETWORK = "network"


class Unit(StrEnum):
    RUPEES = "rupees"
    RUPEES_PER_DAY = "rupees_per_day"
    COUNT = "count"
    DAYS = "days"
    DAYS_PER_PERIOD = "days_per_period"
    HOURS = "hours"
    RATIO = "ratio"
    LOG_RATIO = "log_ratio"
    SHARE = "share"
    BITS = "bits"
    KM_PER_LAKH = "km_per_lakh"
    Z_SCORE = "z_score"
    FLAG = "flag"
    SCORE = "score"


Expression = Callable[[Table], NumericValue]


@dataclass(frozen=True, slots=True)
class Grain:
    """A derived table keyed by `business`, bounded by as_of; `single` when it has one row per business."""

    name: str
    build: Callable[[], Table] | None
    single: bool = False


MODEL: Final = Grain("model", None)


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the vector. `low`/`high` bound valid values; `empty` is the value without any evidence.

    `informative`: measured and shown, but muted in the model, because it did not earn its place out of time.
    """

    name: str
    label: str
    doc: str
    family: Family
    unit: Unit
    grain: Grain
    window_days: int | None
    risk: Risk
    actionable: bool
    low: float | None
    high: float | None
    empty: float | None
    population: bool
    informative: bool
    expression: Expression


class Declaration(TypedDict):
    """What a declaration says; bounds default to those of the unit."""

    grain: Grain
    family: Family
    unit: Unit
    risk: Risk
    window: NotRequired[int]
    actionable: NotRequired[bool]
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    empty: NotRequired[float]
    population: NotRequired[bool]
    informative: NotRequired[bool]


# Bounds every value of the unit keeps unless a declaration says otherwise.
UNIT_BOUNDS: Final[dict[Unit, tuple[float | None, float | None]]] = {
    Unit.RUPEES_PER_DAY: (0, None),
    Unit.COUNT: (0, None),
    Unit.DAYS: (0, None),
    Unit.RATIO: (0, None),
    Unit.SHARE: (0, 1),
    Unit.BITS: (0, None),
    Unit.KM_PER_LAKH: (0, None),
    Unit.FLAG: (0, 1),
    Unit.SCORE: (0, 1),
    Unit.LOG_RATIO: (-5, 5),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about a measurement (1 yes, 0 no), kept beside the vector; not a feature."""

    name: str
    grain: Grain
    expression: Expression


REGISTRY: Final[dict[str, Feature]] = {}
NOTES: Final[dict[str, Note]] = {}


def days(count: int) -> int:
    """Reads well in a declaration: `window=days(90)`."""
    return count


def feature(**declared: Unpack[Declaration]) -> Callable[[Expression], Expression]:
    """Declare the decorated expression as a feature: one number per business over the rows of its grain."""

    def declare(expression: Expression) -> Expression:
        entry = _entry(expression, declared)
        if entry.name in REGISTRY:
            message = f"feature {entry.name} is declared twice"
            raise ValueError(message)
        REGISTRY[entry.name] = entry
        return expression

    return declare


def note(grain: Grain) -> Callable[[Expression], Expression]:
    """Declare the decorated expression as a note on the measurement."""

    def declare(expression: Expression) -> Expression:
        NOTES[expression.__name__] = Note(expression.__name__, grain, expression)
        return expression

    return declare


def _entry(expression: Expression, declared: Declaration) -> Feature:
    label, _, doc = inspect.cleandoc(expression.__doc__ or "").partition("\n")
    low, high = UNIT_BOUNDS.get(declared["unit"], (None, None))
    return Feature(
        name=expression.__name__,
        label=label.rstrip("."),
        doc=" ".join(doc.split()),
        family=declared["family"],
        unit=declared["unit"],
        grain=declared["grain"],
        window_days=declared.get("window"),
        risk=declared["risk"],
        actionable=declared.get("actionable", False),
        low=declared.get("low", low),
        high=declared.get("high", high),
        empty=declared.get("empty"),
        population=declared.get("population", False),
        informative=declared.get("informative", False),
        expression=expression,
    )
