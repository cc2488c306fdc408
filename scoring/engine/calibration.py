"""Platt's calibration: log-odds of default = slope · margin + intercept.

Linear in the margin, so that contributions stay additive. Fitted by Newton's method (iteratively
re-weighted least squares) with Platt's smoothed targets (J. Platt 1999; Lin, Lin and Weng 2007).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = 100
TOLERANCE = 1e-12
RIDGE = 1e-9


class UnableToCalibrate(ValueError):
    """The sample has only one class, or the fit does not rise with the margin."""


@dataclass(frozen=True)
class Platt:
    """slope (> 0, unitless) and intercept (log-odds)."""

    slope: float
    intercept: float

    def log_odds(self, margin: float) -> float:
        """Calibrated log-odds of one averaged margin."""
        return self.slope * margin + self.intercept


def sigmoid(log_odds: Floats) -> Floats:
    """1/(1 + e^−x), stable on both sides."""
    decay = np.exp(-np.abs(log_odds))
    return np.where(log_odds >= 0, 1.0, decay) / (1.0 + decay)


def fit_platt(margins: Floats, target: Floats) -> Platt:
    """Slope and intercept of greatest likelihood on out-of-fold `margins` (n,) and 0/1 `target` (n,).

    Raises UnableToCalibrate for a sample of one class or for margins that do not order the target.
    """
    bad = float(target.sum())
    good = float(target.size) - bad
    if not bad or not good:
        raise UnableToCalibrate("calibration needs defaulted and healthy rows")
    smoothed = np.where(target > 0, (bad + 1.0) / (bad + 2.0), 1.0 / (good + 2.0))
    design = np.column_stack([margins, np.ones_like(margins)])
    weights = np.array([1.0, 0.0])
    for _ in range(STEPS):
        chance = sigmoid(design @ weights)
        gradient = design.T @ (chance - smoothed)
        curvature = (design * (chance * (1.0 - chance))[:, None]).T @ design + RIDGE * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        weights = weights - step
        if float(np.abs(step).max()) < TOLERANCE:
            break
    if weights[0] <= 0:
        raise UnableToCalibrate("the margins do not rank the outcomes")
    return Platt(slope=float(weights[0]), intercept=float(weights[1]))
