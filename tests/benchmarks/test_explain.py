"""The benchmark of explanations runs, small, and both sides agree."""

import io
import json

from django.core.management import call_command

from tests.benchmarks.explain import explain


def test_explanations_agree_with_the_peer_and_add_up_to_the_margin() -> None:
    found = explain((50, 100), rounds=1)
    assert found["sizes"] == [50, 100]
    assert found["largest_difference"] < 1e-4
    assert found["largest_gap_to_margin"] < 1e-4


def test_the_command_measures_tables_against_xgboost() -> None:
    out = io.StringIO()
    call_command("benchmark", "explain", "--sizes", "100", "300", "--rounds=1", "--json", stdout=out)
    found = json.loads(out.getvalue().splitlines()[-1])
    assert found["ratio_median"] > 5
    assert found["largest_gap_to_margin"] < 1e-5
