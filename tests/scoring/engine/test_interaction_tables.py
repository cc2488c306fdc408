"""Interaction values by table: equal to xgboost's and to the shap library's, and what is left is the main effect."""

import time

import numpy as np
import pytest
import shap
import xgboost

from scoring.engine.booster import Bag, Recipe, Rows, grow
from scoring.engine.interaction_tables import PairTables, pair_effects, tabulate_pairs
from scoring.engine.shap_tables import trees_of
from tests.scoring.engine.conftest import NAMES, Workshop
from tests.scoring.engine.test_shap_tables import bag_of


def tables_of(bag: Bag) -> PairTables:
    return tabulate_pairs([trees_of(document)[0] for document in bag.documents()])


def halves(tables: PairTables, matrix: np.ndarray, columns: int) -> np.ndarray:
    """(n, f, f) off the diagonal, as xgboost lays them out."""
    found = np.zeros((matrix.shape[0], columns, columns))
    for (one, other), effect in zip(tables.pairs, pair_effects(tables, matrix).T, strict=True):
        found[:, one, other] = found[:, other, one] = effect / 2
    return found


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 6])
def test_pairs_equal_xgboost(depth: int) -> None:
    bag, matrix = bag_of(depth)
    theirs = bag.interactions(matrix)[:, :-1, :-1].copy()
    theirs[:, np.arange(7), np.arange(7)] = 0
    assert np.abs(halves(tables_of(bag), matrix, 7) - theirs).max() < 1e-5


def test_pairs_equal_the_shap_library(workshop: Workshop) -> None:
    rows = workshop.sample.matrix[:20]
    frame = xgboost.DMatrix(rows, feature_names=list(NAMES))
    theirs = np.mean(
        [shap.TreeExplainer(member).shap_interaction_values(frame) for member in workshop.card.bag.boosters], axis=0
    )
    theirs[:, np.arange(len(NAMES)), np.arange(len(NAMES))] = 0
    assert np.abs(halves(tables_of(workshop.card.bag), rows, len(NAMES)) - theirs).max() < 1e-4


def test_a_contribution_less_its_halves_is_the_main_effect(workshop: Workshop) -> None:
    rows = workshop.sample.matrix[:50]
    columns = np.arange(len(NAMES))
    main = workshop.card.contributions(rows)[:, :-1] - halves(tables_of(workshop.card.bag), rows, len(NAMES)).sum(2)
    theirs = workshop.card.bag.interactions(rows)[:, columns, columns]
    assert np.abs(main - theirs).max() < 1e-4


def test_a_row_alone_says_what_it_says_among_others_and_stumps_have_no_pairs() -> None:
    bag, matrix = bag_of(4)
    tables = tables_of(bag)
    assert np.array_equal(pair_effects(tables, matrix[:1]), pair_effects(tables, matrix)[:1])
    assert tables_of(bag_of(1)[0]).pairs == ()
    assert pair_effects(tables_of(bag_of(1)[0]), matrix).shape == (matrix.shape[0], 0)
    leaves = grow(Rows(("a",), np.ones((50, 1)), np.tile([0.0, 1.0], 25)), Recipe(), (0,), rounds=2, seed=1)
    assert tables_of(Bag((leaves,), ("a",))).pairs == ()


def test_a_cohort_takes_less_time_than_xgboost(workshop: Workshop) -> None:
    rows = workshop.sample.matrix[:200]
    tables = tables_of(workshop.card.bag)
    began = time.perf_counter()
    pair_effects(tables, rows)
    ours = time.perf_counter() - began
    began = time.perf_counter()
    workshop.card.bag.interactions(rows)
    assert ours < time.perf_counter() - began
