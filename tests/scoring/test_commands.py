"""The commands of scoring."""

import io
import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from scoring.management.commands.score import bar
from scoring.models import ModelVersion, ScoreRun, VersionStatus
from tests.scoring.conftest import NOW, Town
from tests.scoring.engine.tabular.conftest import credit_rows


@pytest.mark.timeout(180)
def test_training_registers_a_version_that_waits_and_ends_with_its_figures(
    champion: ModelVersion, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ARTEFACTS_DIR = tmp_path
    out = io.StringIO()
    call_command("train_scorecard", "--businesses=800", "--months=36", "--seed=8", "--json", stdout=out)
    figures = json.loads(out.getvalue().splitlines()[-1])
    assert {"rows", "target_rate", "model", "out_of_time", "warnings"} <= figures.keys()
    assert {"auc", "ks", "brier", "ece", "folds"} <= figures["model"].keys()
    assert {"auc", "ks", "brier", "ece", "folds"} <= figures["scorecard"].keys()
    assert ModelVersion.objects.serving().get() == champion
    waiting = ModelVersion.objects.get(version=figures["version"])
    assert waiting.status == VersionStatus.REGISTERED
    assert (waiting.folder / "card.md").read_text() == waiting.card
    assert AuditEntry.objects.filter(action="model.registered").count() == 2
    assert AuditEntry.objects.filter(action="model.promoted").count() == 1


def test_any_labelled_file_is_judged_without_a_database(tmp_path: Path) -> None:
    header, body = credit_rows(200)
    path = tmp_path / "credit.csv"
    path.write_text("\n".join(";".join(map(str, row)) for row in [header, *body]))
    out = io.StringIO()
    asked = ["--data", str(path), "--target", "default", "--time", "opened", "--drop", "term", "--folds", "2"]
    call_command("train_scorecard", *asked, "--json", stdout=out)
    figures = json.loads(out.getvalue().splitlines()[-1])
    assert {"rows", "target_rate", "model", "scorecard", "out_of_time", "warnings"} <= figures.keys()
    assert "term" not in figures["columns"]


def test_a_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    path = tmp_path / "credit.csv"
    path.write_text("a,b\n1,2\n")
    for asked, told in (
        (["--data", str(path), "--target", "c"], "no column 'c'"),
        (["--data", str(path)], "--data needs --target"),
        (["--target", "c"], "--target needs --data"),
    ):
        with pytest.raises(CommandError, match=told):
            call_command("train_scorecard", *asked)


def test_scoring_everybody_from_the_command_line(champion: ModelVersion, town: Town) -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("score", "--all", f"--as-of={NOW.isoformat()}", stdout=out, stderr=err)
    assert err.getvalue().splitlines()[-1] == bar(len(town.businesses), len(town.businesses))
    assert bar(1, 4) == "[#######-----------------------] 1 of 4 scored, 25 %"
    assert out.getvalue().startswith(f"{len(town.businesses)} new score runs")
    assert ScoreRun.objects.count() == len(town.businesses)


def test_a_moment_without_a_zone_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="zone"):
        call_command("score", "--all", "--as-of=2026-11-01T00:00:00")


def test_training_on_a_book_without_outcomes_says_what_to_do(db: None) -> None:
    with pytest.raises(CommandError, match="--book: No loan of this house has an outcome yet"):
        call_command("train_scorecard", "--book", stdout=io.StringIO())
