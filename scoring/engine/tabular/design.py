"""Columns as matrices: what trees are grown on, and what the points table is cut from.

Trees: numbers as they are, a 0/1 column per level of a short category, and for a long one the smoothed rate of
bad outcomes and the size of its level. Points table: numbers, and every category by its rate. A rate is learnt
on the rows that teach; for those rows themselves from the other folds, so that no row ever meets its own outcome.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scoring.engine.tabular.cells import Column

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SHORT = 16
RARE = 5
PRIOR = 20.0
CROSS = 5
SENTINELS = (-7.0, -8.0, -9.0, -97.0, -98.0, -99.0, -997.0, -998.0, -999.0, -9999.0, -99999.0, -999999.0)
"""Codes that bureaus write for "no record": trees split them off; the points table bins them with missing."""


@dataclass(frozen=True)
class Pair:
    """The same columns for the rows that teach and for the rows that are asked."""

    names: tuple[str, ...]
    taught: Floats
    asked: Floats


@dataclass(frozen=True)
class Design:
    """All usable columns with the fixed part of the trees' matrix (n, f)."""

    columns: tuple[Column, ...]
    target: Floats
    seed: int
    fixed: Floats = field(repr=False)
    fixed_names: tuple[str, ...]

    @classmethod
    def of(cls, columns: Sequence[Column], target: Floats, seed: int) -> "Design":
        """Levels are counted over all rows; outcomes are not looked at."""
        names: list[str] = []
        parts: list[Floats] = []
        for column in columns:
            if column.codes is None:
                names.append(column.name)
                parts.append(column.values())
            elif len(column.levels) <= SHORT:
                for code, level in enumerate(column.levels):
                    mine = column.codes == code
                    if mine.sum() >= RARE:
                        names.append(f"{column.name}={level}")
                        parts.append(np.where(column.codes < 0, np.nan, mine.astype(np.float64)))
        fixed = np.column_stack(parts) if parts else np.empty((target.size, 0))
        return cls(tuple(columns), target, seed, fixed, tuple(names))

    def for_trees(self, teach: Integers, ask: Integers) -> Pair:
        """Matrices of the rows `teach` and `ask` (indices)."""
        names, taught, asked = list(self.fixed_names), [self.fixed[teach]], [self.fixed[ask]]
        for column in self.columns:
            if column.codes is not None and len(column.levels) > SHORT:
                pair = self._rates(column, teach, ask)
                sizes = np.bincount(column.codes[teach] + 1, minlength=len(column.levels) + 1).astype(np.float64)
                names += [f"{column.name} (rate)", f"{column.name} (size)"]
                taught += [pair[0], sizes[column.codes[teach] + 1][:, None]]
                asked += [pair[1], sizes[column.codes[ask] + 1][:, None]]
        return Pair(tuple(names), np.hstack(taught), np.hstack(asked))

    def for_points(self, teach: Integers, ask: Integers) -> Pair:
        """One column per column of the file; a category as its rate."""
        names, taught, asked = [], [], []
        for column in self.columns:
            names.append(column.name)
            if column.codes is None:
                values = column.values()
                values = np.where(np.isin(values, SENTINELS), np.nan, values)
                taught.append(values[teach][:, None])
                asked.append(values[ask][:, None])
            else:
                pair = self._rates(column, teach, ask)
                taught.append(pair[0])
                asked.append(pair[1])
        return Pair(tuple(names), np.hstack(taught), np.hstack(asked))

    def _rates(self, column: Column, teach: Integers, ask: Integers) -> tuple[Floats, Floats]:
        codes = column.codes if column.codes is not None else np.empty(0, dtype=np.int64)
        levels = len(column.levels)
        fold = np.random.default_rng(self.seed).integers(0, CROSS, teach.size)
        own = np.full(teach.size, np.nan)
        for left_out in range(CROSS):
            seen, mine = teach[fold != left_out], fold == left_out
            own[mine] = rates(codes[seen], self.target[seen], levels)[codes[teach[mine]]]
        return own[:, None], rates(codes[teach], self.target[teach], levels)[codes[ask]][:, None]


def rates(codes: Integers, target: Floats, levels: int) -> Floats:
    """Smoothed rate of bad outcomes per level; the last entry, which code −1 reads, is NaN for missing.

    >>> rates(np.array([0, 0, 1]), np.array([1.0, 1.0, 0.0]), 2).round(2).tolist()
    [0.7, 0.63, nan]
    """
    known = codes >= 0
    overall = float(target[known].mean()) if known.any() else 0.5
    bads = np.bincount(codes[known], target[known], levels)
    sizes = np.bincount(codes[known], minlength=levels)
    return np.append((bads + PRIOR * overall) / (sizes + PRIOR), np.nan)
