"""Grows the isolation forest of the cadence block. The only module that imports scikit-learn."""

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import IsolationForest

from scoring.engine.cadence import BLOCK, Cadence, IsolationTree

Floats = NDArray[np.float64]

TREES = 100
SAMPLES = 256
LEAST_CONTAMINATION = 0.005
MOST_CONTAMINATION = 0.10


def grow_forest(block: Floats, *, seed: int) -> IsolationForest:
    """A forest over `block` (n, 5) without missing values."""
    forest = IsolationForest(n_estimators=TREES, max_samples=min(SAMPLES, block.shape[0]), random_state=seed)
    return forest.fit(block)


def fit_cadence(block: Floats, *, seed: int) -> Cadence:
    """Forest, fill-in medians and flag threshold fitted on the population's `block` (n, 5), NaN for missing.

    Contamination is fitted, not chosen: the share of the population above Tukey's upper fence of its own
    anomaly scores, held between 0.5 % and 10 %.
    """
    known = block[(~np.isnan(block)).sum(axis=1) > len(BLOCK) // 2]
    medians = np.nanmedian(known, axis=0)
    filled = np.where(np.isnan(known), medians, known)
    forest = grow_forest(filled, seed=seed)
    cadence = Cadence(
        medians=tuple(float(value) for value in medians),
        sample=int(forest.max_samples_),
        trees=tuple(_plain(estimator.tree_) for estimator in forest.estimators_),
        contamination=0.0,
        threshold=1.0,
    )
    scores = cadence.anomalies(known)
    first, third = np.quantile(scores, [0.25, 0.75])
    beyond = float(np.mean(scores > third + 1.5 * (third - first)))
    contamination = min(max(beyond, LEAST_CONTAMINATION), MOST_CONTAMINATION)
    threshold = float(np.quantile(scores, 1.0 - contamination))
    return Cadence(cadence.medians, cadence.sample, cadence.trees, contamination, threshold)


def _plain(tree: object) -> IsolationTree:
    arrays = {
        name: tuple(np.asarray(getattr(tree, attribute)).tolist())
        for name, attribute in (
            ("left", "children_left"),
            ("right", "children_right"),
            ("column", "feature"),
            ("cut", "threshold"),
            ("size", "n_node_samples"),
        )
    }
    return IsolationTree(**arrays)
