import numpy as np
import pytest

from scoring.engine.sample import DAY, LeakFound, Sample, development_rows, fold_of, last_period, refuse_leaks


def sample_of(matrix: np.ndarray, target: np.ndarray) -> Sample:
    rows = np.arange(target.size)
    return Sample(("a",), matrix, target, rows, rows * DAY, np.array(["textiles"] * target.size))


def test_a_business_stays_in_one_fold_and_folds_are_even() -> None:
    business = np.repeat(np.arange(5_000), 3)
    fold = fold_of(business, 5, seed=1)
    assert np.array_equal(fold[::3], fold[1::3])
    assert np.bincount(fold[::3]).min() > 900


def test_development_ends_an_embargo_before_the_last_period() -> None:
    rows = sample_of(np.zeros((400, 1)), np.zeros(400))
    assert development_rows(rows, 365).sum() == 400 - 365
    assert last_period(rows).sum() == 1


def test_a_column_that_tells_the_outcome_stops_training_with_its_name() -> None:
    target = (np.arange(400) % 2).astype(float)
    with pytest.raises(LeakFound, match="a alone"):
        refuse_leaks(sample_of(target[:, None] * 3.0, target))
    refuse_leaks(sample_of(np.random.default_rng(1).normal(size=(400, 1)), target))
