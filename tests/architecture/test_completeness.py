"""Nothing appears quietly: commands are called, features have oracles, apps say what they are."""

import pytest

from scoring.engine.features import catalogue
from tests.architecture.sources import APPS, ROOT, files_of_tests
from tests.scoring.engine.oracles import ORACLES

COMMANDS = sorted(
    path.stem
    for package in ("creditiq", *APPS)
    for path in (ROOT / package / "management" / "commands").glob("*.py")
    if path.stem != "__init__"
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_called_by_some_test(command: str) -> None:
    here = ROOT / "tests" / "architecture"
    callers = [path for path in files_of_tests() if here not in path.parents and f'"{command}"' in path.read_text()]
    assert callers != []


@pytest.mark.parametrize("app", APPS)
def test_every_app_has_a_readme_of_at_most_60_lines(app: str) -> None:
    lines = (ROOT / app / "README.md").read_text().splitlines()
    assert 10 <= len(lines) <= 60


def test_every_measured_feature_has_an_oracle() -> None:
    assert {entry.name for entry in catalogue.measured()} <= set(ORACLES)


def test_there_are_46_features_16_beyond_and_two_of_the_model() -> None:
    assert len(catalogue.names()) == 46 + 16 + 2
    assert catalogue.names()[-2:] == ("sector_relative_turnover", "temporal_anomaly_flag")
