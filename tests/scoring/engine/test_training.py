import numpy as np
import pytest

from scoring.engine.booster import Bag
from scoring.engine.columns import constraints
from scoring.engine.sample import last_period
from scoring.engine.training import UnableToTrain, train
from tests.scoring.engine.conftest import NAMES, RISKY, SAFE, SMALL, Workshop, column


def test_the_model_ranks_unseen_businesses_in_an_unseen_period(workshop: Workshop) -> None:
    assert workshop.trained.model.auc > 0.75
    assert workshop.trained.out_of_time.auc > 0.75
    assert workshop.trained.out_of_time.rows == int(last_period(workshop.sample).sum())
    assert workshop.trained.out_of_time.ece < 0.06


def test_the_interval_covers_what_it_promises(workshop: Workshop) -> None:
    assert 0.83 <= workshop.trained.spread.coverage <= 0.97


def test_the_same_sample_gives_the_same_members(workshop: Workshop) -> None:
    again = train(workshop.sample, recipe=SMALL, constraints=constraints([column(name) for name in NAMES]))
    assert again.members == workshop.trained.members
    assert again.platt == workshop.trained.platt


@pytest.mark.parametrize("name", RISKY)
def test_more_of_a_risky_column_never_lowers_the_margin(workshop: Workshop, name: str) -> None:
    rows = np.repeat(workshop.sample.matrix[:50], 9, axis=0)
    rows[:, NAMES.index(name)] = np.tile(np.linspace(-3, 3, 9), 50)
    margins = Bag(workshop.trained.members, NAMES).margins(rows).mean(axis=1).reshape(50, 9)
    assert (np.diff(margins, axis=1) >= -1e-6).all()


def test_too_few_defaults_stop_training(workshop: Workshop) -> None:
    few = workshop.sample.where(np.arange(len(workshop.sample)) < 80)
    with pytest.raises(UnableToTrain, match="too few"):
        train(few, recipe=SMALL, constraints=constraints([column(name) for name in NAMES]))


def test_a_constant_column_and_a_moved_column_are_warned_of(workshop: Workshop) -> None:
    matrix = workshop.sample.matrix.copy()
    matrix[:, 0] = 1.0
    matrix[last_period(workshop.sample), 1] += 5.0
    changed = type(workshop.sample)(**{**vars(workshop.sample), "matrix": matrix})
    warnings = train(changed, recipe=SMALL, constraints=(0,) * len(NAMES)).warnings
    assert any(NAMES[0] in warning and "same value" in warning for warning in warnings)
    assert any(NAMES[1] in warning and "muted" in warning for warning in warnings)


def test_a_column_that_is_another_quantity_in_another_period_weighs_nothing(workshop: Workshop) -> None:
    name = SAFE[0]
    matrix = workshop.sample.matrix.copy()
    matrix[last_period(workshop.sample), NAMES.index(name)] += 8.0
    changed = type(workshop.sample)(**{**vars(workshop.sample), "matrix": matrix})
    trained = train(changed, recipe=SMALL, constraints=(0,) * len(NAMES))
    parts = Bag(trained.members, NAMES).contributions(changed.matrix[:50])[:, NAMES.index(name)]
    assert not parts.any()


def test_an_idle_column_is_kept_for_information_and_weighs_nothing(workshop: Workshop) -> None:
    name = SAFE[0]
    trained = train(workshop.sample, recipe=SMALL, constraints=(0,) * len(NAMES), idle={name})
    parts = Bag(trained.members, NAMES).contributions(workshop.sample.matrix[:50])[:, NAMES.index(name)]
    assert not parts.any()
    assert f"{name}: for information, muted in the model" in trained.warnings
