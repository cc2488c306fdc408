import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import shap
import xgboost

from scoring.engine import artefacts
from scoring.engine.mapping import points_of, rounded
from scoring.engine.scorecard import Scorecard, UnableToExplain
from tests.scoring.engine.conftest import NAMES, Workshop


def test_parts_add_up_to_the_unrounded_score_exactly(workshop: Workshop) -> None:
    for assessment in workshop.card.assess(workshop.sample.matrix[:200]):
        total = math.fsum((assessment.base_points, *assessment.points))
        assert total == assessment.score.points
        assert abs(rounded(total) - assessment.score.score) == 0


def test_the_sum_is_the_reading_of_the_averaged_margin(workshop: Workshop) -> None:
    rows = workshop.sample.matrix[:200]
    margins = workshop.card.bag.margins(rows).mean(axis=1)
    for margin, assessment in zip(margins, workshop.card.assess(rows), strict=True):
        expected = points_of(workshop.card.platt.log_odds(float(margin)))
        assert assessment.score.points == pytest.approx(expected, abs=1e-2)


def test_contributions_equal_the_shap_library(workshop: Workshop) -> None:
    rows = workshop.sample.matrix[:60]
    ours = workshop.card.bag.contributions(rows)[:, :-1]
    theirs = np.mean(
        [
            shap.TreeExplainer(member).shap_values(xgboost.DMatrix(rows, feature_names=list(NAMES)))
            for member in workshop.card.bag.boosters
        ],
        axis=0,
    )
    assert np.abs(ours - theirs).max() < 1e-4


def test_one_row_and_many_rows_give_the_same_bits(workshop: Workshop) -> None:
    rows = workshop.sample.matrix[:60]
    together = workshop.card.assess(rows)
    assert all(workshop.card.assess(rows[line : line + 1])[0] == together[line] for line in range(60))


def test_the_interval_holds_the_score_and_the_band_is_read_from_the_integer(workshop: Workshop) -> None:
    for assessment in workshop.card.assess(workshop.sample.matrix[:100]):
        assert assessment.score.low <= assessment.score.score <= assessment.score.high
        assert 0 < assessment.score.pd < 1


def test_columns_are_put_in_order_and_the_cadence_is_added(workshop: Workshop) -> None:
    raw = workshop.sample.matrix[:20, :-1]
    backwards = workshop.card.complete(tuple(reversed(NAMES[:-1])), raw[:, ::-1])
    assert np.array_equal(backwards, workshop.sample.matrix[:20], equal_nan=True)


def test_a_model_that_gives_other_golden_answers_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    golden = json.loads(workshop.packed.files["golden.json"])
    golden["pd"][3] += 0.001
    files = {name: content for name, content in workshop.packed.files.items() if name != artefacts.MANIFEST}
    artefacts.write(artefacts.pack(files | {"golden.json": json.dumps(golden).encode()}), tmp_path)
    with pytest.raises(artefacts.BrokenArtefacts, match="golden"):
        Scorecard.load(tmp_path)


def test_a_folder_with_a_changed_member_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    shutil.copytree(workshop.folder, tmp_path / "copy")
    (tmp_path / "copy" / "model-0.ubj").write_bytes(b"other")
    with pytest.raises(artefacts.BrokenArtefacts, match="model-0"):
        Scorecard.load(tmp_path / "copy")


def test_a_score_that_does_not_add_up_is_never_issued(workshop: Workshop) -> None:
    with pytest.raises(UnableToExplain):
        workshop.card._assessment([0.0, 0.0], [1.0] * len(NAMES) + [0.0], workshop.card.spread)
