import json

import numpy as np
import pytest

from scoring.engine.cadence import BLOCK, block_of, cadence_from
from scoring.engine.isolation import fit_cadence, grow_forest


@pytest.fixture(scope="module")
def block() -> np.ndarray:
    return np.random.default_rng(5).normal(size=(700, 5))


def test_our_scorer_equals_the_library_that_grew_the_forest(block: np.ndarray) -> None:
    ours = fit_cadence(block, seed=9).anomalies(block)
    theirs = -grow_forest(block, seed=9).score_samples(block)
    assert np.abs(ours - theirs).max() < 1e-12


def test_one_row_and_many_rows_give_the_same_bits(block: np.ndarray) -> None:
    cadence = fit_cadence(block, seed=9)
    many = cadence.anomalies(block)
    assert all(cadence.anomalies(block[row : row + 1])[0] == many[row] for row in range(40))


def test_a_strange_rhythm_scores_higher_and_the_share_beyond_the_threshold_is_fitted(block: np.ndarray) -> None:
    cadence = fit_cadence(block, seed=9)
    strange = cadence.anomalies(np.full((1, 5), 9.0))[0]
    assert strange > cadence.threshold
    assert 0.005 <= cadence.contamination <= 0.10
    assert np.mean(cadence.anomalies(block) > cadence.threshold) == pytest.approx(cadence.contamination, abs=0.005)


def test_a_block_that_is_mostly_missing_has_no_score(block: np.ndarray) -> None:
    row = block[:1].copy()
    row[0, :2] = np.nan
    assert np.isfinite(fit_cadence(block, seed=9).anomalies(row)[0])
    row[0, 2] = np.nan
    assert np.isnan(fit_cadence(block, seed=9).anomalies(row)[0])


def test_a_forest_survives_json(block: np.ndarray) -> None:
    cadence = fit_cadence(block, seed=9)
    assert cadence_from(json.loads(json.dumps(cadence.document()))) == cadence


def test_a_document_that_is_not_a_forest_is_refused() -> None:
    with pytest.raises(ValueError, match="trees"):
        cadence_from({"trees": 1, "medians": 2})


def test_the_block_is_found_by_name() -> None:
    matrix = np.arange(14.0).reshape(2, 7)
    assert block_of(("other", *reversed(BLOCK), "last"), matrix)[0].tolist() == [5.0, 4.0, 3.0, 2.0, 1.0]
