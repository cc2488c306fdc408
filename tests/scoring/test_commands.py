"""The commands of scoring."""

import io
import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from scoring.models import ModelVersion, ScoreRun, VersionStatus
from tests.scoring.conftest import NOW, Town


@pytest.mark.timeout(180)
def test_training_registers_a_champion_and_ends_with_its_figures(
    champion: ModelVersion, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ARTEFACTS_DIR = tmp_path
    out = io.StringIO()
    call_command("train_scorecard", "--businesses=800", "--months=36", "--seed=8", "--json", stdout=out)
    figures = json.loads(out.getvalue().splitlines()[-1])
    assert {"rows", "target_rate", "model", "out_of_time", "warnings"} <= figures.keys()
    assert {"auc", "ks", "brier", "ece", "folds"} <= figures["model"].keys()
    assert {"auc", "ks", "brier", "ece", "folds"} <= figures["scorecard"].keys()
    serving = ModelVersion.objects.serving().get()
    assert serving.version == figures["version"]
    assert ModelVersion.objects.get(pk=champion.pk).status == VersionStatus.RETIRED
    assert (serving.folder / "card.md").read_text() == serving.card
    assert AuditEntry.objects.filter(action="model.promoted").count() == 2


def test_scoring_everybody_from_the_command_line(champion: ModelVersion, town: Town) -> None:
    out = io.StringIO()
    call_command("score", "--all", f"--as-of={NOW.isoformat()}", stdout=out)
    assert out.getvalue().startswith(f"{len(town.businesses)} new score runs")
    assert ScoreRun.objects.count() == len(town.businesses)


def test_a_moment_without_a_zone_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="zone"):
        call_command("score", "--all", "--as-of=2026-11-01T00:00:00")
