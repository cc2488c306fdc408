import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from scoring.engine.calibration import UnableToCalibrate, fit_platt, sigmoid


def sample(rows: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(11)
    margins = chance.normal(-2, 1.5, rows)
    target = (chance.random(rows) < 1 / (1 + np.exp(-(0.8 * margins - 0.3)))).astype(float)
    return margins, target


def test_newton_finds_the_line_that_made_the_outcomes_and_agrees_with_the_reference() -> None:
    margins, target = sample(40_000)
    platt = fit_platt(margins, target)
    reference = LogisticRegression(C=np.inf, tol=1e-10).fit(margins[:, None], target)
    assert platt.slope == pytest.approx(0.8, abs=0.05)
    assert platt.slope == pytest.approx(float(reference.coef_[0, 0]), abs=2e-3)
    assert platt.intercept == pytest.approx(float(reference.intercept_[0]), abs=2e-3)


def test_calibrated_probabilities_have_the_mean_of_the_outcomes() -> None:
    margins, target = sample(5_000)
    platt = fit_platt(margins, target)
    assert sigmoid(platt.slope * margins + platt.intercept).mean() == pytest.approx(target.mean(), abs=1e-3)


def test_one_class_cannot_be_calibrated() -> None:
    with pytest.raises(UnableToCalibrate):
        fit_platt(np.zeros(10), np.zeros(10))


def test_margins_that_rank_backwards_are_refused() -> None:
    margins, target = sample(2_000)
    with pytest.raises(UnableToCalibrate):
        fit_platt(-margins, target)


def test_the_sigmoid_is_stable_far_out() -> None:
    assert sigmoid(np.array([-800.0, 0.0, 800.0])).tolist() == [0.0, 0.5, 1.0]
