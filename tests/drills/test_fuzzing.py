"""Requests made from the OpenAPI file by its own rules: no server error, no answer the file does not know (§4)."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.drills.conftest import Tell
from tests.drills.house import House
from tests.drills.test_faults import Rounds
from tests.journeys.callers import Caller

pytestmark = pytest.mark.integration
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,ignored_auth"
LEAST_SECONDS = 60
LEFT_OUT = r"^/api/v1/(auth/|profile|health)|/stream$|\.(csv|pdf|zip|ics|py)$"
"""Doors that would lock the drill's own people out, and those whose answer never ends or is no document."""


def fuzzer() -> str:
    """Schemathesis beside our Python, or where SCHEMATHESIS says; empty for none."""
    named = os.environ.get("SCHEMATHESIS", str(Path(sys.executable).with_name("schemathesis")))
    return shutil.which(named) or ""


@pytest.mark.parametrize("person", ["deepa", "priya"])
@pytest.mark.goal("0 server errors")
def test_requests_by_the_rules_of_the_schema_meet_no_server_error(
    house: House, rounds: Rounds, tell: Tell, person: str
) -> None:
    """SCALE=100 makes three hundred examples of each operation; the time is bounded by minutes times SCALE."""
    program = fuzzer()
    if not program:
        tell(not_done="schemathesis is not installed: make drills brings it")
        return
    token = Caller(house.product.address, person).session.headers["Authorization"]
    with tempfile.TemporaryDirectory(prefix="creditiq-drill-") as folder:
        report = Path(folder) / "report.json"
        command = [
            program, "run", str(ROOT / "tests" / "data" / "openapi.json"), "--url", house.product.address,
            "--header", f"Authorization: {token}", "--checks", CHECKS, "--exclude-path-regex", LEFT_OUT,
            "--max-examples", str(rounds(3)), "--max-time", str(max(rounds(240), LEAST_SECONDS)),
            "--seed", "1", "--no-color",
            "--phases", "examples,coverage,fuzzing", "--workers", "2", "--request-timeout", "20",
            "--report", "json", "--report-json-path", str(report), "--suppress-health-check", "all",
            "--continue-on-failure", "--warnings", "off",
        ]  # fmt: skip
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        found = json.loads(report.read_text()) if report.exists() else None
    assert found, done.stderr[-2000:] + done.stdout[-2000:]
    failures = Counter(one["title"] for one in found["failures"])
    tell(
        as_=person, operations=found["operations"]["tested"], of=found["operations"]["selected"],
        cases=found["test_cases"]["generated"], stopped=found["stop_reason"], failures=dict(failures),
    )  # fmt: skip
    assert found["test_cases"]["generated"], "no request was made in the time"
    assert [title for title in failures if "server error" in title.lower()] == [], done.stdout[-6000:]
