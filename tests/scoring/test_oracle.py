"""The model in service against an oracle that reads the simulation's hidden state."""

import io
import json

import pytest
from django.core.management import call_command

from scoring.models import ModelVersion


@pytest.mark.timeout(180)
def test_the_oracle_and_the_model_are_told_on_a_world_nobody_trained_on(champion: ModelVersion) -> None:
    out = io.StringIO()
    call_command("evaluate_scorecard", "--businesses=500", "--months=30", "--seed=77", stdout=out)
    told = json.loads(out.getvalue().splitlines()[-1])
    assert {"rows", "defaults", "model_auc", "oracle_auc", "gap", "near"} == told.keys()
    assert told["rows"] > 50
    assert told["model_auc"] > 0.6
    assert told["oracle_auc"] > 0.6
