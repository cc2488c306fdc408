import json

import numpy as np
import pytest
import shap
import xgboost

from scoring.engine.booster import Bag, Recipe, Rows, grow
from scoring.engine.kernels import FEW, contributions_of
from scoring.engine.shap_tables import Tables, TooDeep, tabulate, trees_of
from tests.scoring.engine.conftest import NAMES, Workshop


def bag_of(depth: int, members: int = 2, rows: int = 700) -> tuple[Bag, np.ndarray]:
    chance = np.random.default_rng(depth)
    matrix = np.round(chance.normal(size=(rows, 7)), 1)
    matrix[chance.random(matrix.shape) < 0.15] = np.nan
    chances = 1 / (1 + np.exp(-np.nan_to_num(matrix)[:, :4].sum(axis=1)))
    target = (chance.random(rows) < chances).astype(float)
    names = tuple("abcdefg")
    recipe = Recipe(depth=depth, leaf_weight=0.5)
    grown = tuple(
        grow(Rows(names, matrix, target), recipe, (0,) * 7, rounds=12, seed=number) for number in range(members)
    )
    return Bag(grown, names), matrix


def tables_of(bag: Bag) -> Tables:
    return tabulate([trees_of(document) for document in bag.documents()], len(bag.names))


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 6])
def test_tables_equal_xgboost_and_add_up_to_the_margin(depth: int) -> None:
    bag, matrix = bag_of(depth)
    ours = contributions_of(tables_of(bag), matrix)
    assert np.abs(ours - bag.contributions(matrix)).max() < 1e-5
    assert np.abs(ours.sum(axis=1) - bag.margins(matrix).mean(axis=1)).max() < 1e-5


def test_tables_equal_the_shap_library(workshop: Workshop) -> None:
    rows = workshop.sample.matrix[:60]
    ours = workshop.card.contributions(rows)[:, :-1]
    frame = xgboost.DMatrix(rows, feature_names=list(NAMES))
    theirs = [shap.TreeExplainer(member).shap_values(frame) for member in workshop.card.bag.boosters]
    assert np.abs(ours - np.mean(theirs, axis=0)).max() < 1e-4


def test_one_row_a_few_rows_and_many_rows_give_the_same_bits() -> None:
    bag, matrix = bag_of(4)
    tables = tables_of(bag)
    together = contributions_of(tables, matrix)
    for size in (1, FEW - 1, FEW, 300):
        assert np.array_equal(contributions_of(tables, matrix[:size]), together[:size])
        assert np.array_equal(contributions_of(tables, matrix[-size:]), together[-size:])


def test_a_row_without_any_value_and_values_on_a_cut_go_where_xgboost_sends_them() -> None:
    bag, _ = bag_of(4)
    tables = tables_of(bag)
    rows = np.vstack([np.full((1, 7), np.nan), np.repeat(tables.split_cut[:50, None], 7, axis=1).astype(np.float64)])
    assert np.abs(contributions_of(tables, rows) - bag.contributions(rows)).max() < 1e-5


def test_a_model_of_leaves_only_has_a_base_and_no_parts() -> None:
    bag = Bag(
        (grow(Rows(("a",), np.ones((50, 1)), np.tile([0.0, 1.0], 25)), Recipe(), (0,), rounds=2, seed=1),), ("a",)
    )
    assert np.abs(contributions_of(tables_of(bag), np.ones((3, 1)))[:, 0]).max() == 0


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(TooDeep, match="JSON"):
        trees_of(json.loads('{"learner": []}'))
