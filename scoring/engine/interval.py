"""How sure a score is: a 90 % interval from the disagreement of the bag's members.

First version: half width = factor · spread of the members' margins, where the spread of a row is pooled
with the typical spread (five members alone are too few), and the factor is fitted so that on rows of the
last period the interval of four members holds the margin of the fifth — which never saw that business —
in 90 % of cases. It speaks of the model's own uncertainty, not of luck after as_of.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.90
THIN_MONTHS = 12.0
LEAST_THIN = 40
"""With fewer thin records in the last period their distances say too little, and the common factor stands."""


@dataclass(frozen=True)
class Spread:
    """factor (unitless), typical (margin units), measured coverage (share) of the 90 % interval."""

    factor: float
    typical: float
    coverage: float

    def half_width(self, margins: Sequence[float]) -> float:
        """Half width in margin units for one row's members."""
        return self.factor * pooled(spread_of(margins), self.typical)


def spread_of(margins: Sequence[float]) -> float:
    """Sample standard deviation, summed exactly so that one row and many rows agree.

    >>> spread_of([1.0, 2.0, 3.0])
    1.0
    """
    mean = math.fsum(margins) / len(margins)
    return math.sqrt(math.fsum((margin - mean) ** 2 for margin in margins) / (len(margins) - 1))


def pooled(spread: float, typical: float) -> float:
    """Root mean square of a row's spread and the typical one."""
    return math.sqrt((spread * spread + typical * typical) / 2.0)


def covered(spread: Spread, margins: Floats) -> NDArray[np.bool_]:
    """(n,): whether the interval of all members but one holds the margin of that one, in turn over the rows.

    The same measure as at training, on firms that no member ever saw: the share of True should be the level.
    """
    rows = np.arange(margins.shape[0])
    return np.asarray(_distance(margins, rows % margins.shape[1], spread.typical) <= spread.factor, dtype=np.bool_)


def _distance(margins: Floats, own: NDArray[np.int64], typical: float) -> Floats:
    """Of each row's own member from the mean of the others, in pooled spreads of the others."""
    rows = np.arange(margins.shape[0])
    others = np.ones_like(margins, dtype=bool)
    others[rows, own] = False
    rest = margins[others].reshape(margins.shape[0], -1)
    spreads = rest.std(axis=1, ddof=1)
    return np.asarray(
        np.abs(margins[rows, own] - rest.mean(axis=1)) / np.sqrt((spreads**2 + typical**2) / 2.0), dtype=np.float64
    )


def fit_spread(margins: Floats, own: NDArray[np.int64]) -> Spread:
    """Fit on `margins` (n, members), where `own` (n,) is the member that never saw the row's business.

    The factor comes from every second row; the coverage is measured on the others.
    """
    typical = typical_spread(margins, own)
    distance = _distance(margins, own, typical)
    factor = float(np.quantile(distance[::2], LEVEL))
    measured = distance[1::2] if distance.size > 1 else distance
    return Spread(factor=factor, typical=typical, coverage=float(np.mean(measured <= factor)))


def is_thin(months: Floats) -> NDArray[np.bool_]:
    """Which records are thin, by their months of GST sales."""
    return np.asarray(months < THIN_MONTHS, dtype=np.bool_)


def fit_thin_spread(margins: Floats, own: NDArray[np.int64], common: Spread) -> Spread:
    """The same for thin records (`margins` and `own` of theirs only): never narrower than the `common` interval.

    With fewer than LEAST_THIN rows the common factor stands; the coverage is measured on thin records either way.
    """
    if not margins.shape[0]:
        return common
    distance = _distance(margins, own, common.typical)
    if distance.size < LEAST_THIN:
        return Spread(common.factor, common.typical, float(np.mean(distance <= common.factor)))
    factor = max(common.factor, float(np.quantile(distance[::2], LEVEL)))
    return Spread(factor, common.typical, float(np.mean(distance[1::2] <= factor)))


def typical_spread(margins: Floats, own: NDArray[np.int64]) -> float:
    """Root mean square over the rows of how much the members that saw a row's business disagree."""
    others = np.ones_like(margins, dtype=bool)
    others[np.arange(margins.shape[0]), own] = False
    spreads = margins[others].reshape(margins.shape[0], -1).std(axis=1, ddof=1)
    return float(np.sqrt(np.mean(spreads**2)))


@dataclass(frozen=True)
class Width:
    """half_width in log-odds, the same for every row, and the measured coverage (share) of the 90 % interval."""

    half_width: float
    coverage: float


def fit_width(margins: Floats, own: NDArray[np.int64]) -> Width:
    """How far the member that never saw a row's business stands from the mean of the others, nine times in ten.

    `margins` (n, members). Fitted on every second row, measured on the others.
    """
    others = np.ones_like(margins, dtype=bool)
    rows = np.arange(margins.shape[0])
    others[rows, own] = False
    distance = np.abs(margins[rows, own] - margins[others].reshape(margins.shape[0], -1).mean(axis=1))
    half_width = float(np.quantile(distance[::2], LEVEL))
    return Width(half_width, float(np.mean((distance[1::2] if distance.size > 1 else distance) <= half_width)))
