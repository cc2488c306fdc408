import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.engine.sample import LeakFound, UnableToTrain
from scoring.engine.tabular.cells import Column
from scoring.engine.tabular.design import Design, rates
from scoring.engine.tabular.question import Question
from scoring.engine.tabular.reading import UnableToRead
from scoring.engine.tabular.study import material_of, study
from tests.scoring.engine.tabular.conftest import credit_rows

Write = Callable[..., Path]
FIGURES = {"auc", "ks", "brier", "ece"}


def asked(path: Path, **more: object) -> dict[str, object]:
    found = study(Question(path=path, target="default", folds=3, **more))
    json.dumps(found, allow_nan=False)
    return found


def test_a_dirty_file_is_learnt_from_and_told_about(write: Write) -> None:
    found = asked(write(*credit_rows(), separator=";", encoding="utf-8-sig"), time="opened")
    assert found["rows"] == 400
    for name in ("model", "scorecard"):
        assert found[name].keys() >= FIGURES | {"folds"}
        assert len(found[name]["folds"]) == 3
        assert found[name]["auc"] > 0.65
    assert found["columns"]["Income"] == found["columns"]["term"] == "number"
    assert found["columns"]["grade"] == found["columns"]["Employer"] == "category"
    assert found["left_out"].keys() == {"column 1", "nothing"}
    assert any("utilisation: 5 infinite" in told for told in found["warnings"])
    late = found["out_of_time"]
    assert late.keys() >= FIGURES | {"scorecard", "drift", "alarm", "from"}
    assert late["rows"] + late["development_rows"] == 400


def test_a_named_fold_column_gives_its_folds_and_does_not_teach(write: Write) -> None:
    header, body = credit_rows()
    body = [[*row[:-1], f"part {place % 3}", row[-1]] for place, row in enumerate(body)]
    found = asked(write([*header[:-1], "part", "default"], body), fold_column="part")
    assert [fold["fold"] for fold in found["model"]["folds"]] == ["part 0", "part 1", "part 2"]
    assert "part" not in found["columns"]


def test_the_same_file_gives_the_same_figures(write: Write) -> None:
    path = write(*credit_rows(200))
    assert asked(path)["model"] == asked(path)["model"]


def test_a_fold_of_one_outcome_has_no_auc(write: Write) -> None:
    header, body = credit_rows()
    body = [
        [*row[:-1], 0 if place % 4 == 0 else 1 + place % 2, 0 if place % 4 == 0 else row[-1]]
        for place, row in enumerate(body)
    ]
    found = asked(write([*header[:-1], "f", "default"], body), fold_column="f")
    assert found["model"]["folds"][0]["auc"] is None
    assert any("fold 0: a single outcome" in told for told in found["warnings"])


@pytest.mark.parametrize("kind", ["copy", "hole", "word", "curve"])
def test_a_column_that_gives_the_outcome_away_stops_with_its_name(write: Write, kind: str) -> None:
    header, body = credit_rows()
    away = {
        "copy": lambda bad, place: bad * 10 + place % 3,
        "hole": lambda bad, place: place if bad else "",
        "word": lambda bad, _: "collections" if bad else "closed well",
        "curve": lambda bad, place: (5 + place % 3) if bad else (place % 2) * 100 + place % 3,
    }[kind]
    body = [[*row[:-1], away(row[-1], place), row[-1]] for place, row in enumerate(body)]
    path = write([*header[:-1], "recovered", "default"], body)
    with pytest.raises(LeakFound, match=r'recovered alone reaches AUC .* --drop "recovered"'):
        asked(path)
    assert asked(path, drop=("recovered",))["model"]["auc"] < 0.95
    assert asked(path, keep=("recovered",))["model"]["auc"] > 0.95


def test_random_outcomes_are_told_as_such(write: Write) -> None:
    header, body = credit_rows(200)
    chance = np.random.default_rng(1)
    found = asked(write(header, [[*row[:-1], int(chance.random() < 0.3)] for row in body]))
    assert 0.35 < found["model"]["auc"] < 0.65
    assert found["model"]["brier"] < 0.3


def test_too_little_is_told(write: Write) -> None:
    header, body = credit_rows(40)
    with pytest.raises(UnableToTrain, match="too few"):
        asked(write(header, body[:10]))
    with pytest.raises(UnableToTrain, match="no column is left"):
        asked(write(["k", "default"], [["x", row[-1]] for row in body]))
    with pytest.raises(UnableToRead, match="--fold-column nothing: the column has one value"):
        asked(write(header, body), fold_column="nothing")
    with pytest.raises(UnableToRead, match="--time grade: neither dates nor numbers"):
        asked(write(header, body), time="grade")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=6), min_size=2, max_size=4), min_size=1, max_size=40), st.integers(0, 99))
def test_no_dirt_crashes(write: Write, dirt: list[list[str]], seed: int) -> None:
    chance = np.random.default_rng(seed)
    body = [[*dirt[place % len(dirt)], chance.integers(2)] for place in range(60)]
    question = Question(path=write(["a", "b", "default"], body), target="default")
    with suppress(UnableToRead, UnableToTrain, LeakFound):
        material = material_of(question)
        assert all(column.values().size == material.target.values.size for column in material.columns)


def test_no_row_meets_its_own_outcome() -> None:
    """With a level per row, what teaches is the overall rate: nothing of the row itself."""
    target = np.tile([0.0, 1.0], 50)
    column = Column("c", codes=np.arange(100), levels=tuple(map(str, range(100))))
    pair = Design.of([column], target, seed=1).for_trees(np.arange(100), np.arange(100))
    assert np.abs(np.corrcoef(pair.taught[:, 0], target)[0, 1]) < 0.5
    assert np.isnan(rates(np.array([-1]), np.array([1.0]), 3)[-1])
