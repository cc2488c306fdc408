"""The commands of the house: each prints what it says it prints."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.product import ROOT, SETTINGS, Product, free_port

pytestmark = pytest.mark.integration
Manage = Callable[..., list[str]]


@pytest.fixture
def manage(running_product: Product) -> Manage:
    """Runs one command beside the running product; the lines it prints."""

    def _manage(*words: str) -> list[str]:
        answer = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env={**os.environ, **SETTINGS, "VAR": str(running_product.var)},
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
        )
        assert answer.returncode == 0, answer.stderr[-3000:]
        return answer.stdout.splitlines()

    return _manage


def test_seeding_the_demo_again_changes_nothing(manage: Manage) -> None:
    lines = manage("seed_demo")
    assert len(lines) == 14
    assert all(line.endswith("done before") for line in lines)


def test_a_command_leaves_the_services_of_the_running_product_alone(manage: Manage, running_product: Product) -> None:
    before = running_product.processes()
    manage("migrate", "--check")
    assert running_product.processes() == before


@pytest.mark.parametrize("name", ["cycles", "features", "ingest", "lending"])
def test_a_benchmark_prints_the_documented_keys(manage: Manage, name: str) -> None:
    report = json.loads(manage("benchmark", name, "--sizes", "500", "--rounds", "1")[-1])
    assert {"name", "sizes", "rounds", "ours", "peer", "ratio_median", "ratio_min", "peak_mb"} <= report.keys()
    assert report["ratio_median"] > 0


def test_the_benchmark_of_the_world_prints_its_pace_and_its_growth(manage: Manage) -> None:
    report = json.loads(manage("benchmark", "world", "--sizes", "100", "250", "--rounds", "1", "--json")[-1])
    assert report["records_per_second"] > 0
    assert len(report["seconds_per_1000_businesses"]) == 2


def test_the_benchmark_of_the_live_path_measures_uploads_to_the_push(manage: Manage) -> None:
    report = json.loads(manage("benchmark", "live", "--sizes", "5", "--json")[-1])
    assert 0 < report["p50_ms"] <= report["p95_ms"]


def test_the_audit_chain_of_the_demo_holds(manage: Manage) -> None:
    assert json.loads(manage("verify_audit", "--json")[-1])["ok"] is True


def test_a_second_product_in_the_same_folder_is_refused(running_product: Product) -> None:
    environment = {**os.environ, **SETTINGS, "VAR": str(running_product.var)}
    command = [sys.executable, "manage.py", "run", "--port", str(free_port())]
    taken = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert taken.returncode == 1
    assert "already" in taken.stderr


def test_a_port_that_is_taken_is_refused_before_anything_starts(running_product: Product, tmp_path: Path) -> None:
    environment = {**os.environ, **SETTINGS, "VAR": str(tmp_path / "var")}
    command = [sys.executable, "manage.py", "run", "--port", str(running_product.port)]
    taken = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert taken.returncode == 1
    assert "is taken" in taken.stderr
    assert not (tmp_path / "var").exists()
