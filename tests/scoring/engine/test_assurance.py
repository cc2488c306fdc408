import json
from dataclasses import replace

import numpy as np
import pytest

from scoring.engine.assurance import Told, bootstrap, compare, impact, precision_recall, reliability
from scoring.engine.publication import metrics
from scoring.engine.sample import last_period
from scoring.engine.validation import auc
from tests.scoring.engine.conftest import Workshop


@pytest.fixture
def assured(workshop: Workshop) -> dict[str, object]:
    return json.loads(json.dumps(metrics(workshop.trained), allow_nan=False))["assurance"]


def test_average_precision_of_a_perfect_and_of_a_blind_order() -> None:
    target = np.tile([0.0, 0.0, 0.0, 1.0], 200)
    assert precision_recall(target, target) == 1.0
    assert precision_recall(target, np.ones(800)) == pytest.approx(0.25)
    assert precision_recall(np.zeros(3), np.ones(3)) is None


def test_the_interval_of_a_measure_holds_the_measure(workshop: Workshop) -> None:
    chance = workshop.sample.matrix[:, 5] * 0 + np.random.default_rng(1).random(len(workshop.sample))
    low, high = bootstrap(workshop.sample, chance, seed=1)["auc"]
    assert low < auc(workshop.sample.target, chance) < high


def test_reliability_tells_what_came_beside_what_was_told() -> None:
    chance = np.linspace(0.01, 0.99, 1000)
    rows = reliability((np.random.default_rng(2).random(1000) < chance).astype(float), chance)
    assert len(rows) == 10
    assert all(abs(row["told"] - row["came"]) < 0.15 for row in rows)


def test_five_seeds_agree_within_a_hundredth_or_say_by_how_much(assured: dict[str, object]) -> None:
    stability = assured["stability"]
    assert len(stability["auc"]) == 5
    assert stability["range"] == pytest.approx(max(stability["auc"]) - min(stability["auc"]), abs=1e-4)


def test_segments_and_fairness_are_told_by_sector_and_record(assured: dict[str, object]) -> None:
    kinds = {row["kind"] for row in assured["segments"]}
    assert {"sector", "record"} <= kinds
    largest = max((row for row in assured["fairness"] if row["kind"] == "sector"), key=lambda row: row["rows"])
    assert largest["air"] == 1.0
    assert largest["equal_opportunity_gap"] == 0.0


def test_the_source_systems_rules_rank_worse_than_the_model(assured: dict[str, object], workshop: Workshop) -> None:
    assert assured["proxy_rules"]["auc"] < workshop.trained.out_of_time.auc
    assert len(assured["proxy_rules"]["rules"]) == 15


def test_every_opinion_is_compared_on_the_same_rows_with_intervals(assured: dict[str, object]) -> None:
    assert assured["comparison"].keys() == {"model", "scorecard", "proxy_rules"}
    for told in assured["comparison"].values():
        for measure in ("auc", "ks", "brier", "ece"):
            low, high = told["intervals"][measure]
            assert low <= high
        assert told["intervals"]["auc"][0] < told["auc"] < told["intervals"]["auc"][1]
    assert assured["oracle_gap"] is None


def test_a_known_oracle_is_compared_too_and_stays_an_opinion(workshop: Workshop) -> None:
    late = workshop.sample.where(last_period(workshop.sample))
    knowing = replace(late, oracle=np.where(late.target > 0, 0.9, 0.1))
    told = compare(Told(knowing, late.target * 0.5 + 0.2, late.target * 0.4), seed=1)
    assert told["oracle"]["auc"] == 1.0
    assert told["model"]["brier"] == pytest.approx(np.mean((late.target * 0.5 + 0.2 - late.target) ** 2))


def test_the_card_tells_all_that_a_validator_asks(workshop: Workshop) -> None:
    card = workshop.packed.files["card.md"].decode()
    for said in ("PR-AUC", "## Reliability", "## Drift of every feature", "## Fairness", "## Leak detectors",
                 "Five retrainings", "rules of the source system", "points table's own interval"):  # fmt: skip
        assert said in card
    assert all(f"| `{name}` |" in card for name in workshop.trained.names)


def test_the_thin_file_model_is_measured(assured: dict[str, object]) -> None:
    thin = assured["thin_file"]
    assert thin["rows"] > 0
    assert thin["wins"] == (thin["payments_only"] > thin["model"] and thin["defaults"] >= 30)


def test_forty_five_of_a_hundred_against_sixty_is_a_finding() -> None:
    assert impact(0.45, 0.60) == (0.75, True)
    assert impact(0.45, 0.0) == (None, False)
