"""The yardstick that reads hidden state."""

import numpy as np
import polars as pl

from scoring.engine.oracle import hidden_state, oracle_chances
from scoring.engine.sample import Sample
from scoring.engine.validation import auc, ece

JUNE_2025 = int(np.datetime64("2025-06-15", "us").astype(int))
PERIOD = 12 * 2025 + 5  # June, counted as the world counts


def sample_of(target: list[float], as_of: int = JUNE_2025) -> Sample:
    count = len(target)
    firms, moments = np.arange(count), np.full(count, as_of)
    return Sample(("x",), np.zeros((count, 1)), np.array(target), firms, moments, np.full(count, "s"))


def test_only_months_before_the_date_are_read() -> None:
    months = pl.DataFrame(
        {
            "business": [0, 0, 0],
            "period": [PERIOD - 2, PERIOD - 1, PERIOD],
            "health": [0.2, 0.6, 0.9],
            "liquidity_paise": [1, 3, 500],
        }
    )
    state = hidden_state(months, sample_of([0.0, 1.0]))
    assert np.allclose(state[0, :3], [0.6, 0.4, 0.4])
    assert state[0, 3] > state[0, 4] > 0
    assert np.isnan(state[1]).all()


def test_it_ranks_by_the_hidden_state_and_tells_chances() -> None:
    chance = np.random.default_rng(4)
    health = chance.normal(size=3000)
    target = (chance.random(3000) < 1 / (1 + np.exp(2 + 1.5 * health))).astype(float)
    state = np.column_stack([health, *(np.full(3000, np.nan) for _ in range(1)), *chance.normal(size=(3, 3000))])
    state[::7, 1] = 1.0
    told = oracle_chances(state, sample_of(target.tolist()))
    assert auc(target, told) > auc(target, -health) - 0.01
    assert ece(target, told) < 0.03
