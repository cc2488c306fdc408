"""The labelled rows a scorecard learns from, and how they are cut by business and by time."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from scoring.engine.turnover import Cell
from scoring.engine.validation import auc

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEAK_AUC = 0.95
DAY = 86_400_000_000


class LeakFound(ValueError):
    """A single column all but tells the outcome: training stops with its name."""


class UnableToTrain(ValueError):
    """Too few rows or defaults to learn from."""


@dataclass(frozen=True)
class Sample:
    """n rows: features (n, f) with NaN for missing, 0/1 target, business key, as_of (µs), sector (n,).

    `groups` are other words about the rows, by kind, to report by: never inputs. `oracle` (n,) are chances told from
    what only a simulation knows, to be reported beside the model's: never an input either.
    """

    names: tuple[str, ...]
    matrix: Floats
    target: Floats
    business: Integers
    as_of: Integers
    sector: NDArray[np.str_]
    groups: Mapping[str, NDArray[np.str_]] = field(default_factory=dict)
    oracle: Floats | None = None

    def where(self, chosen: NDArray[np.bool_]) -> "Sample":
        """The rows where `chosen` holds."""
        return replace(
            self,
            matrix=self.matrix[chosen],
            target=self.target[chosen],
            business=self.business[chosen],
            as_of=self.as_of[chosen],
            sector=self.sector[chosen],
            groups={kind: words[chosen] for kind, words in self.groups.items()},
            oracle=None if self.oracle is None else self.oracle[chosen],
        )

    def __len__(self) -> int:
        return int(self.target.size)


def cells_of(sample: Sample) -> list[Cell]:
    """What each row's firm is registered as; a sample without states or sizes compares by the sector alone."""
    nothing = np.full(len(sample), "", dtype=np.str_)
    states, sizes = (sample.groups.get(kind, nothing).tolist() for kind in ("state_code", "size"))
    return [Cell(*registered) for registered in zip(sample.sector.tolist(), states, sizes, strict=True)]


def fold_of(business: Integers, folds: int, seed: int) -> Integers:
    """Fold 0..folds−1 of each business by hash (splitmix64), so that a business never straddles two folds."""
    start = np.uint64((seed * 0x9E3779B97F4A7C15) % 2**64)
    mixed = business.astype(np.uint64) + start
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(folds)).astype(np.int64)


def development_rows(sample: Sample, embargo_days: int) -> NDArray[np.bool_]:
    """Rows whose outcome was known when the last period began: nothing later may teach the reported model."""
    cut = int(sample.as_of.max()) - embargo_days * DAY
    return np.asarray(sample.as_of <= cut, dtype=np.bool_)


def last_period(sample: Sample) -> NDArray[np.bool_]:
    """Rows of the last as_of date: only ever reported on."""
    return np.asarray(sample.as_of == sample.as_of.max(), dtype=np.bool_)


def refuse_leaks(sample: Sample) -> dict[str, object]:
    """The column that alone orders the outcome best: {feature, auc, limit}; feature is "" when none is known enough.

    Raises LeakFound with the name of a column that alone orders the outcome beyond AUC 0.95.
    """
    strongest, most = "", 0.5
    for name, column in zip(sample.names, sample.matrix.T, strict=True):
        known = ~np.isnan(column)
        if known.sum() < 100 or not 0 < sample.target[known].mean() < 1:
            continue
        area = auc(sample.target[known], column[known])
        alone = max(area, 1.0 - area)
        if alone > LEAK_AUC:
            raise LeakFound(f"{name} alone reaches AUC {alone:.3f}")
        if alone > most:
            strongest, most = name, alone
    return {"feature": strongest, "auc": round(most, 4), "limit": LEAK_AUC}
