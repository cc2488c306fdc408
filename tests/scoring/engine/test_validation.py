import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import ks_2samp
from sklearn.metrics import brier_score_loss, roc_auc_score

from scoring.engine import validation


@given(arrays(np.float64, 60, elements=st.sampled_from([0.1, 0.2, 0.3, 0.5, 0.9])), st.integers(1, 59))
def test_auc_and_ks_equal_the_reference_libraries_with_ties(chance: np.ndarray, bad: int) -> None:
    target = np.zeros(60)
    target[:bad] = 1
    assert validation.auc(target, chance) == pytest.approx(roc_auc_score(target, chance))
    assert validation.ks(target, chance) == pytest.approx(
        ks_2samp(chance[:bad], chance[bad:], method="asymp").statistic
    )


def test_brier_equals_the_reference_library() -> None:
    chance = np.linspace(0.01, 0.9, 40)
    target = (np.arange(40) % 3 == 0).astype(float)
    assert validation.brier(target, chance) == pytest.approx(brier_score_loss(target, chance))


def test_a_calibrated_sample_has_a_small_ece_and_a_shifted_one_has_the_shift() -> None:
    chance = np.random.default_rng(1).uniform(0.02, 0.6, 200_000)
    target = (np.random.default_rng(2).random(200_000) < chance).astype(float)
    assert validation.ece(target, chance) < 0.005
    assert validation.ece(target, chance + 0.1) == pytest.approx(0.1, abs=0.005)


def test_one_class_has_no_ranking() -> None:
    assert np.isnan(validation.auc(np.zeros(5), np.linspace(0, 1, 5)))


def test_gini_is_twice_auc_less_one() -> None:
    measured = validation.measure_ranking(np.array([0.0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    assert (measured.rows, measured.target_rate, measured.auc, measured.gini) == (4, 0.5, 0.75, 0.5)


def test_stability_sees_a_moved_column_and_a_column_gone_missing() -> None:
    before = np.random.default_rng(3).normal(size=4000)
    same = np.random.default_rng(4).normal(size=4000)
    gone = np.where(np.arange(4000) % 2 == 0, np.nan, same)
    assert validation.population_stability(before, same) < 0.02
    assert validation.population_stability(before, same + 1.0) > 0.25
    assert validation.population_stability(before, gone) > 0.25
