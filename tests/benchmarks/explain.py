"""Exact explanations per second: what a score is explained by, against the shap library on the same trees and rows.

Both are exact and must agree; the answer says by how much they differ in margin.
"""

import time
from collections.abc import Callable, Sequence
from statistics import median

import numpy as np
import shap
import xgboost

from scoring.engine.booster import Bag, Recipe, Rows, grow

COLUMNS = 47
TREES = 80


def explain(sizes: Sequence[int] = (500, 2_000, 8_000), *, rounds: int = 5) -> dict[str, object]:
    """One member of the bag, depth 4, one thread: seconds by number of rows, interleaved with the peer."""
    bag, matrix = _member(max(sizes))
    tree = shap.TreeExplainer(bag.boosters[0])
    ours, theirs = [], []
    for size in sizes:
        timed = [_both(tree, bag, matrix[:size]) for _ in range(rounds)]
        ours.append(median(our for our, _ in timed))
        theirs.append(median(their for _, their in timed))
    sample = matrix[:200]
    difference = np.abs(bag.contributions(sample)[:, :-1] - _peer(tree, bag, sample)).max()
    margin = np.abs(bag.contributions(sample).sum(axis=1) - bag.margins(sample)[:, 0]).max()
    return {
        "sizes": list(sizes),
        "rounds": rounds,
        "ours": ours,
        "peer": theirs,
        "peer_is": "shap.TreeExplainer on the same member",
        "rows_per_second": round(sizes[-1] / ours[-1]),
        "ratio": round(theirs[-1] / ours[-1], 2),
        "one_row_ms": round(1e3 * median(_seconds(lambda: bag.contributions(matrix[:1])) for _ in range(50)), 3),
        "largest_difference": float(difference),
        "largest_gap_to_margin": float(margin),
    }


def _both(tree: shap.TreeExplainer, bag: Bag, rows: np.ndarray) -> tuple[float, float]:
    return _seconds(lambda: bag.contributions(rows)), _seconds(lambda: _peer(tree, bag, rows))


def _member(rows: int) -> tuple[Bag, np.ndarray]:
    chance = np.random.default_rng(4)
    matrix = chance.normal(size=(max(rows, 4_000), COLUMNS))
    matrix[chance.random(matrix.shape) < 0.1] = np.nan
    log_odds = np.nan_to_num(matrix)[:, :8].sum(axis=1) * 0.5 - 2
    target = (chance.random(log_odds.size) < 1 / (1 + np.exp(-log_odds))).astype(float)
    names = tuple(f"column_{number}" for number in range(COLUMNS))
    ubj = grow(Rows(names, matrix, target), Recipe(), (0,) * COLUMNS, rounds=TREES, seed=1)
    return Bag((ubj,), names), matrix


def _peer(tree: shap.TreeExplainer, bag: Bag, rows: np.ndarray) -> np.ndarray:
    return tree.shap_values(xgboost.DMatrix(rows, feature_names=list(bag.names), nthread=1))


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
