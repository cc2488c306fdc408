"""What could be known at all: an opinion that reads the simulation's hidden state instead of the evidence.

Logistic ridge regression on the true health and liquidity of the months before as_of. Every firm is judged by a fit
on the other folds of firms. It is a yardstick for reports: nothing that serves may call it, and its state exists for
simulated worlds only.
"""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from scoring.engine.calibration import sigmoid
from scoring.engine.sample import Sample, fold_of

Floats = NDArray[np.float64]

RECENT: Final = 6
FOLDS: Final = 5
RIDGE: Final = 1.0
STEPS: Final = 25
NEAR: Final = 0.03
"""How far behind the oracle, in AUC, the specification lets the model be."""
PAISE_PER_LAKH: Final = 1e7
EPOCH_PERIOD: Final = 12 * 1970
NOTHING: Final = 1e-9


def hidden_state(months: pl.DataFrame, sample: Sample) -> Floats:
    """(n, 5): health now, its mean and change over six months, cash now and its lowest, before each row's as_of.

    `months`: business, period (12 · year + month − 1), health, liquidity_paise. Cash is told as asinh of lakh.
    NaN for a business without a month before its as_of.
    """
    parts = [_known_before(months, int(moment)) for moment in np.unique(sample.as_of)]
    rows = pl.DataFrame({"business": sample.business, "as_of": sample.as_of})
    joined = rows.join(pl.concat(parts), on=["business", "as_of"], how="left", maintain_order="left")
    state = joined.drop("business", "as_of").cast(pl.Float64).fill_null(float("nan")).to_numpy().copy()
    state[:, 3:] = np.arcsinh(state[:, 3:] / PAISE_PER_LAKH)
    return np.asarray(state, dtype=np.float64)


def oracle_chances(state: Floats, sample: Sample) -> Floats:
    """(n,): chance of default told from `state` (n, k), every firm by the fit on the other folds of firms."""
    known = np.where(np.isnan(state), np.nanmedian(state, axis=0), state)
    scaled = (known - known.mean(axis=0)) / np.maximum(known.std(axis=0), NOTHING)
    design = np.column_stack([np.ones(len(sample)), scaled])
    fold, told = fold_of(sample.business, FOLDS, 0), np.zeros(len(sample))
    for left_out in range(FOLDS):
        seen = fold != left_out
        told[~seen] = sigmoid(design[~seen] @ _logistic(design[seen], sample.target[seen]))
    return told


def _known_before(months: pl.DataFrame, as_of: int) -> pl.DataFrame:
    period = EPOCH_PERIOD + int(np.datetime64(as_of, "us").astype("datetime64[M]").astype(int))
    earlier = months.filter(pl.col("period") < period).sort("business", "period")
    health, cash = pl.col("health"), pl.col("liquidity_paise")
    known = earlier.group_by("business", maintain_order=True).agg(
        health=health.last(),
        lately=health.tail(RECENT).mean(),
        trend=health.last() - health.tail(RECENT).first(),
        cash=cash.last().cast(pl.Float64),
        low=cash.tail(RECENT).min().cast(pl.Float64),
    )
    moment = pl.lit(as_of, dtype=pl.Int64).alias("as_of")
    return known.select("business", moment, "health", "lately", "trend", "cash", "low")


def _logistic(design: Floats, target: Floats) -> Floats:
    """Weights (k,) by Newton's method (iteratively reweighted least squares); the intercept is not shrunk."""
    weights = np.zeros(design.shape[1])
    shrink = RIDGE * np.eye(design.shape[1])
    shrink[0, 0] = NOTHING
    for _ in range(STEPS):
        told = sigmoid(design @ weights)
        curvature = (design * (told * (1.0 - told))[:, None]).T @ design + shrink
        step = np.linalg.solve(curvature, design.T @ (target - told) - shrink @ weights)
        weights = weights + step
        if float(np.abs(step).max()) < NOTHING:
            break
    return weights
