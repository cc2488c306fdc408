"""Stability indices: what stays, what moves, and what chance alone would show."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.monitoring import (
    SCORE,
    Baseline,
    baseline_of,
    baselines,
    critical_value,
    drift,
    matured,
    stability,
    verdict_of,
)
from scoring.engine.validation import population_stability

COLUMN = np.random.default_rng(3).normal(size=2000)


def test_the_index_is_the_one_of_training() -> None:
    """Oracle: the two-sample form; half a row per bin is all that may differ."""
    moved = np.random.default_rng(4).normal(0.5, 1, 700)
    moved[:50] = np.nan
    assert stability(baseline_of(COLUMN), moved) == pytest.approx(population_stability(COLUMN, moved), rel=0.01)


@pytest.mark.parametrize(
    ("percents", "index", "verdict"),
    [
        ((8, 9, 10, 9, 11, 12, 10, 11, 10, 10), 0.012123, "stable"),
        ((4, 5, 7, 8, 9, 11, 12, 13, 15, 16), 0.166795, "watch"),
    ],
)
def test_the_index_of_ten_equal_bins(percents: tuple[int, ...], index: float, verdict: str) -> None:
    """Oracle: the sum by hand; so many rows that the half row per bin is nothing."""
    told = Baseline(tuple(range(1, 10)), (*[0.1] * 10, 0.0), 2_000_000)
    actual = np.repeat(np.arange(10) + 0.5, np.array(percents) * 20_000)
    value = stability(told, actual)
    assert value == pytest.approx(index, abs=1e-6)
    assert verdict_of(value, critical_value(10, told.rows, actual.size)) == verdict


def test_a_baseline_survives_being_written_down() -> None:
    baseline = baseline_of(COLUMN)
    assert Baseline.from_document(baseline.document()) == baseline
    assert sum(baseline.shares) == pytest.approx(1.0)


@given(st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=1, max_size=60))
def test_the_index_is_finite_and_never_negative(values: list[float]) -> None:
    found = stability(baseline_of(COLUMN), np.array(values))
    assert np.isfinite(found)
    assert found >= 0


def test_chance_alone_exceeds_the_critical_value_once_in_twenty() -> None:
    random = np.random.default_rng(9)
    beyond = 0
    for _ in range(400):
        baseline = baseline_of(random.normal(size=1000))
        beyond += stability(baseline, random.normal(size=150)) > critical_value(10, 1000, 150)
    assert 0.02 < beyond / 400 < 0.09  # the half row makes it a little careful


def test_small_samples_are_not_alarming_by_themselves() -> None:
    assert verdict_of(0.3, critical_value(11, 1000, 20)) == "stable"
    assert verdict_of(0.3, critical_value(11, 1000, 2000)) == "act"


def test_drift_reads_what_both_sides_know() -> None:
    matrix = np.column_stack([COLUMN, COLUMN])
    carried = {
        name: Baseline.from_document(document)
        for name, document in baselines(("a", "b"), matrix, np.full(50, 0.1)).items()
    }
    readings = list(drift(carried, {"a": COLUMN, "b": COLUMN + 2, "new": COLUMN}))
    told = {(each.metric, each.subject): each.verdict for each in readings}
    assert told == {
        ("csi", "a"): "stable", ("missing", "a"): "stable", ("csi", "b"): "act", ("missing", "b"): "stable",
    }  # fmt: skip
    assert SCORE in carried


def test_outcomes_are_held_against_the_registered_figures() -> None:
    random = np.random.default_rng(2)
    chance = random.uniform(0.0, 0.5, 600)
    target = (random.random(600) < chance).astype(float)
    told = {each.metric: each for each in matured(target, chance, {"auc": 0.95, "ks": 0.3})}
    assert told["auc"].verdict == "act"
    assert told["ks"].verdict == "stable"
    assert told["ece"].value < 0.1
    assert list(matured(target[:5], chance[:5], {})) == []
