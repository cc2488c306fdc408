"""A backup of the running product, restored somewhere else, is the product: rows, audit trail, decisions."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.callers import Caller
from tests.product import OTHER_SERVICES, ROOT, SETTINGS, Product

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def manage(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name not in OTHER_SERVICES}
    command = [sys.executable, "manage.py", *words]
    environment = {**inherited, **SETTINGS, "VAR": str(var)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=200)


def told(var: Path, *words: str) -> dict[str, object]:
    done = manage(var, *words)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def safe() -> Iterator[Path]:
    """A folder with a short name: sockets of the restored copy lie in it."""
    with tempfile.TemporaryDirectory(prefix="creditiq-safe-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def decision(running_product: Product) -> str:
    """Id of a decision that an officer of a bank made."""
    anjali = Caller(running_product.address, "anjali")
    refusal = {"outcome": "decline", "reasons": ["purpose.not_financed"], "note": ""}
    for application in anjali.get("applications").json()["results"]:
        answer = anjali.post(f"applications/{application['id']}/decisions", refusal)
        if answer.status_code == 201:
            return str(answer.json()["id"])
    raise AssertionError("no application takes a decision")


@pytest.fixture(scope="module")
def taken(running_product: Product, safe: Path, decision: str) -> dict[str, object]:
    """What was told of the backup in the folder `one`, which has the decision."""
    return told(running_product.var, "backup", str(safe / "one"))


def test_a_restored_backup_has_every_row_and_replays_a_decision(
    taken: dict[str, object], decision: str, safe: Path
) -> None:
    assert (safe / "one" / "manifest.json").stat().st_mode & 0o077 == 0

    restored = told(safe / "var", "restore", str(safe / "one"))
    assert restored["rows"] == taken["rows"] > 1_000
    assert restored["files"] == taken["files"] > 1
    assert restored["audit_entries"] > 0

    replayed = told(safe / "var", "replay_decision", decision, "--json")
    assert replayed == {"decision": replayed["decision"], "identical": True, "differences": []}
    assert decision in str(replayed["decision"])

    again = manage(safe / "var", "restore", str(safe / "one"))
    assert "has tables already" in again.stderr


@pytest.mark.usefixtures("taken")
def test_a_backup_that_was_changed_or_cut_short_is_not_restored(running_product: Product, safe: Path) -> None:
    shutil.copytree(safe / "one", safe / "two")
    with (safe / "two" / "database.dump").open("ab") as dump:
        dump.write(b"x")
    refused = manage(safe / "empty", "restore", str(safe / "two"))
    assert "database.dump is missing or not what was backed up" in refused.stderr
    (safe / "two" / "manifest.json").unlink()
    assert "not a whole backup" in manage(safe / "empty", "restore", str(safe / "two")).stderr
    assert "exists already" in manage(running_product.var, "backup", str(safe / "two")).stderr
