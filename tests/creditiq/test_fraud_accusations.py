"""Right when it accuses: whoever a typology or a shipped rule raises an alert about is guilty of what it says."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from creditiq.management.accusations import SHOWN_BY
from fraud.engine.policy import QUIET
from fraud.engine.rules.shipped import SHIPPED
from fraud.engine.typologies.registry import TYPOLOGIES

Report = dict[str, Any]
SEEDS = (20_260, 41, 77)
RIGHT = 0.90


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Report]:
    """What the command prints of three economies like that of the demo."""
    printed = []
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp(f"seed{seed}")
        world = {"businesses": 250, "months": 15, "seed": seed, "mix": "demo", "end": date(2026, 10, 31)}
        call_command("simulate", **world, out=folder, stdout=StringIO())
        out = StringIO()
        call_command("evaluate_fraud", world=folder, every_days=120, json=True, stdout=out)
        printed.append(json.loads(out.getvalue().splitlines()[-1]))
    return printed


def test_every_typology_and_rule_that_alerts_is_right(reports: list[Report]) -> None:
    for seed, report in zip(SEEDS, reports, strict=True):
        for topic, rates in report["alerts"].items():
            assert rates["precision"] >= RIGHT, (seed, topic, rates)


def test_of_all_alerts_together_hardly_one_is_wrong(reports: list[Report]) -> None:
    raised = [rates for report in reports for rates in report["alerts"].values()]
    wrong = sum(rates["accounts"] * (1 - rates["precision"]) for rates in raised)
    assert sum(rates["accounts"] for rates in raised) > 1_000
    assert wrong <= 0.01 * sum(rates["accounts"] for rates in raised)


def test_what_honest_firms_show_too_raises_no_alert(reports: list[Report]) -> None:
    quiet = {*QUIET, *(f"rule:{rule.slug}" for rule in SHIPPED if not rule.alerts)}
    for report in reports:
        assert quiet.isdisjoint(report["alerts"])


@pytest.mark.parametrize(
    ("typology", "precision", "recall"),
    [
        ("dormant_reactivation", 0.95, 0.80), ("robotic_cadence", 0.95, 0.95), ("split_invoices", 0.90, 0.70),
        ("structuring", 0.90, 0.80), ("mule_beneficiary", 0.90, 0.70), ("ghost_entity", 0.90, 0.60),
    ],
)  # fmt: skip
def test_each_is_found_where_it_was_planted(
    reports: list[Report], typology: str, precision: float, recall: float
) -> None:
    for seed, report in zip(SEEDS, reports, strict=True):
        rates = report["by_typology"][typology]
        assert rates["precision"] >= precision, (seed, rates)
        assert rates["recall"] >= recall, (seed, rates)


def test_the_truth_speaks_of_typologies_there_are() -> None:
    assert set(SHOWN_BY) <= set(TYPOLOGIES)
    assert set(QUIET) <= set(TYPOLOGIES)
