"""The pipeline as a stranger runs it: its own folder, no server, files with scores at the end."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl
import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from creditiq.settings.env import BASE_DIR
from tests.factories.accounts import BusinessFactory


@pytest.mark.timeout(300)
def test_a_population_is_simulated_and_scored_without_a_server() -> None:
    with tempfile.TemporaryDirectory(prefix="creditiq-pipeline-") as folder:
        out = Path(folder)
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "creditiq.settings.local", "VAR": f"{out}/var"}
        sizes = ["--businesses=40", "--months=12", "--train-on=800"]
        command = [sys.executable, "manage.py", "pipeline", *sizes, f"--out={out}"]
        done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        told = json.loads(done.stdout.splitlines()[-1])
        assert told["businesses"] == 40
        scores = [json.loads(line) for line in (out / "scores.ndjson").read_text().splitlines()]
        assert sum(line["score"] is not None for line in scores) == told["scored"] > 20
        assert pl.read_parquet(out / "features.parquet").height == 40
        assert (out / "world" / "businesses.parquet").exists()


def test_the_pipeline_keeps_away_from_databases_that_are_in_use(db: None, tmp_path: Path) -> None:
    BusinessFactory()
    with pytest.raises(CommandError, match="has businesses already"):
        call_command("pipeline", out=tmp_path)


def test_the_pipeline_keeps_away_from_production(db: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("pipeline", out=tmp_path)
