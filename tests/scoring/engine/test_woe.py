import json

import numpy as np
import pytest

from scoring.engine.calibration import sigmoid
from scoring.engine.mapping import pd_of, points_of
from scoring.engine.validation import auc
from scoring.engine.woe import MOST_BINS, bin_column, fit_points_table
from tests.scoring.engine.conftest import NAMES, RISKY, SAFE, Workshop

SIGNS = tuple(1 if name in RISKY else -1 if name in SAFE else 0 for name in NAMES)


def column_with(slope: float, rows: int = 6_000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    value = chance.normal(size=rows)
    return value, (chance.random(rows) < sigmoid(slope * value - 2.0)).astype(float)


@pytest.mark.parametrize("sign", [1, -1])
def test_weight_of_evidence_moves_only_with_the_direction_of_risk(sign: int) -> None:
    value, target = column_with(0.8 * sign)
    binned = bin_column("a", value, target, sign)
    assert 2 <= len(binned.woe) <= MOST_BINS
    assert (np.diff(binned.woe) * sign > 0).all()


def test_a_column_against_its_direction_becomes_one_bin_and_tells_nothing() -> None:
    value, target = column_with(-0.8)
    binned = bin_column("a", value, target, 1)
    assert binned.cuts == ()
    assert binned.information < 0.02


def test_missing_is_a_bin_of_its_own() -> None:
    value, target = column_with(0.5)
    value[target > 0] = np.where(np.arange(int(target.sum())) % 2 == 0, np.nan, value[target > 0])
    binned = bin_column("a", value, target, 1)
    assert binned.missing > max(binned.woe)
    assert binned.read(np.array([np.nan]))[0] == binned.missing


def test_a_value_on_a_cut_belongs_to_the_bin_below_it() -> None:
    value, target = column_with(0.8)
    binned = bin_column("a", value, target, 1)
    on, above = binned.read(np.array([binned.cuts[0], np.nextafter(binned.cuts[0], 99)]))
    assert (on, above) == (binned.woe[0], binned.woe[1])


def test_a_column_nobody_has_is_left_out() -> None:
    binned = bin_column("a", np.full(500, np.nan), (np.arange(500) % 9 == 0).astype(float), 1)
    assert (binned.cuts, binned.information) == ((), pytest.approx(0.0, abs=1e-9))


def test_the_table_ranks_and_reads_in_the_points_of_the_main_model(workshop: Workshop) -> None:
    table = fit_points_table(workshop.sample, SIGNS)
    log_odds = table.log_odds(workshop.sample)
    assert auc(workshop.sample.target, log_odds) > 0.75
    assert all(weight >= 0 for weight in table.weights)
    paper = json.loads(json.dumps(table.document()))
    first = paper["base_points"]
    for column in paper["columns"]:
        cell = workshop.sample.matrix[0, NAMES.index(column["name"])]
        place = int(np.searchsorted(column["cuts"], cell, side="left"))
        first += column["points_missing"] if np.isnan(cell) else column["points"][place]
    assert first == pytest.approx(points_of(float(log_odds[0])))
    assert pd_of(first) == pytest.approx(float(sigmoid(log_odds[:1])[0]))


def test_the_challenger_is_judged_on_the_same_rows(workshop: Workshop) -> None:
    challenger = workshop.trained.challenger
    assert challenger.model.rows == workshop.trained.model.rows
    assert challenger.out_of_time.rows == workshop.trained.out_of_time.rows
    assert challenger.out_of_time.auc > 0.7
    assert "points_table.json" in workshop.packed.files
