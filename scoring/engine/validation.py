"""How well a probability ranks and how well it is calibrated: AUC, Gini, KS, Brier, ECE.

All take `target` (n,) of 0/1 and `chance` (n,) of predicted probabilities of default. Plain numpy.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BINS = 10


@dataclass(frozen=True)
class Measures:
    """The measures of one sample; `ks` and `ece` are shares, not per cent."""

    rows: int
    target_rate: float
    auc: float
    gini: float
    ks: float
    brier: float
    ece: float


def ranks(values: Floats) -> Floats:
    """Ranks from 1, ties sharing their mean.

    >>> ranks(np.array([5.0, 1.0, 5.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts).astype(np.float64)
    return np.asarray((last - (counts - 1) / 2.0)[inverse], dtype=np.float64)


def auc(target: Floats, chance: Floats) -> float:
    """Probability that a defaulted row is ranked above a healthy one (Mann–Whitney, ties half).

    >>> auc(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.4, 0.35, 0.8]))
    0.75
    """
    bad = float(target.sum())
    good = float(target.size) - bad
    if not bad or not good:
        return float("nan")
    return float((ranks(chance)[target > 0].sum() - bad * (bad + 1) / 2.0) / (bad * good))


def ks(target: Floats, chance: Floats) -> float:
    """Kolmogorov–Smirnov: greatest distance between the two classes' distributions of `chance`."""
    bad = np.sort(chance[target > 0])
    good = np.sort(chance[target <= 0])
    if not bad.size or not good.size:
        return float("nan")
    cuts = np.unique(chance)
    below_bad = np.searchsorted(bad, cuts, side="right") / bad.size
    below_good = np.searchsorted(good, cuts, side="right") / good.size
    return float(np.abs(below_bad - below_good).max())


def brier(target: Floats, chance: Floats) -> float:
    """Mean squared distance between probability and outcome."""
    return float(np.mean((chance - target) ** 2))


def ece(target: Floats, chance: Floats, bins: int = BINS) -> float:
    """Expected calibration error over `bins` groups of equal size, weighted by size."""
    order = np.argsort(chance, kind="stable")
    groups = np.array_split(order, min(bins, order.size))
    gaps = [abs(float(chance[rows].mean() - target[rows].mean())) * rows.size for rows in groups if rows.size]
    return float(sum(gaps) / max(order.size, 1))


def measure_ranking(target: Floats, chance: Floats) -> Measures:
    """All measures of one sample at once."""
    area = auc(target, chance)
    return Measures(
        rows=int(target.size),
        target_rate=float(target.mean()) if target.size else float("nan"),
        auc=area,
        gini=2.0 * area - 1.0,
        ks=ks(target, chance),
        brier=brier(target, chance),
        ece=ece(target, chance),
    )


def population_stability(expected: Floats, actual: Floats, bins: int = BINS) -> float:
    """PSI of one column over quantile bins of `expected`; missing values are a bin of their own."""
    known = expected[~np.isnan(expected)]
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1])) if known.size else np.empty(0)

    def shares(column: Floats) -> Floats:
        present = column[~np.isnan(column)]
        counts = np.bincount(np.searchsorted(cuts, present, side="right"), minlength=cuts.size + 1)
        filled = np.append(counts, column.size - present.size).astype(np.float64) + 0.5
        return np.asarray(filled / filled.sum(), dtype=np.float64)

    before, after = shares(expected), shares(actual)
    return float(((after - before) * np.log(after / before)).sum())
