"""The model in service against an oracle that reads the simulation's hidden state."""

import io
import json
from datetime import date

import pytest
from django.core.management import call_command

from creditiq.management.commands.evaluate_scorecard import rings_apart
from scoring.engine.scorecard import Scorecard
from scoring.models import ModelVersion
from scoring.services.shipping import SHIPPED
from wallets.engine.world.simulation import simulate
from wallets.engine.world.spec import WorldSpec


@pytest.mark.timeout(180)
def test_the_oracle_and_the_model_are_told_on_a_world_nobody_trained_on(champion: ModelVersion) -> None:
    out = io.StringIO()
    call_command("evaluate_scorecard", "--businesses=500", "--months=30", "--seed=77", stdout=out)
    told = json.loads(out.getvalue().splitlines()[-1])
    compared = {"rows", "defaults", "model_auc", "oracle_auc", "gap", "near"}
    rings = {"ring_members", "ring_mean", "healthy_firms", "healthy_mean", "ring_gap", "apart"}
    assert compared | rings == told.keys()
    assert told["rows"] > 50
    assert told["model_auc"] > 0.6
    assert told["oracle_auc"] > 0.6


@pytest.mark.timeout(180)
@pytest.mark.parametrize("seed", [1, 7])
def test_ring_members_of_the_demo_world_score_150_points_below_healthy_firms_policy_aside(seed: int) -> None:
    card = Scorecard.load(next(folder.parent for folder in SHIPPED.glob("*/manifest.json")))
    made = simulate(WorldSpec(businesses=250, months=18, seed=seed, end=date(2026, 9, 30), mix="demo"))
    told = rings_apart(made, card)
    assert told["ring_members"] >= 10
    assert told["ring_gap"] >= 150
    assert told["apart"]
