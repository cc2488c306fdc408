import math

import numpy as np
import pytest

from scoring.engine.mapping import points_of
from scoring.engine.paper import PaperTable, paper_table
from tests.scoring.engine.conftest import NAMES, Workshop


@pytest.fixture
def table(workshop: Workshop) -> PaperTable:
    return paper_table(workshop.packed.document("points_table.json"))


def test_the_table_on_paper_answers_as_the_fitted_table(table: PaperTable, workshop: Workshop) -> None:
    log_odds = workshop.trained.challenger.table.log_odds(workshop.sample)
    for row, expected in zip(workshop.sample.matrix[:200].tolist(), log_odds[:200].tolist(), strict=True):
        vector = {name: None if math.isnan(value) else value for name, value in zip(NAMES, row, strict=True)}
        reading = table.read(vector)
        assert reading.points == pytest.approx(points_of(expected), abs=1e-6)
        assert reading.points == pytest.approx(reading.base_points + sum(line.points for line in reading.lines))


def test_points_move_with_the_direction_of_risk_only(table: PaperTable) -> None:
    for column in table.columns:
        steps = np.diff(column.points)
        assert (steps >= 0).all() or (steps <= 0).all()


def test_reasons_are_at_most_four_and_the_furthest_from_their_best_bin_first(table: PaperTable) -> None:
    reasons = table.read({}).reasons
    assert 0 < len(reasons) <= 4
    assert [line.short for line in reasons] == sorted((line.short for line in reasons), reverse=True)
