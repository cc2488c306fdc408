"""The command that judges a bulk e-way bill file."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.wallets.engine.importers.samples import NEIGHBOUR, bill, bulk


def said(path: Path, *options: str) -> str:
    printed = StringIO()
    call_command("validate_eway_bills", str(path), *options, stdout=printed)
    return printed.getvalue()


def test_the_last_line_is_the_report_as_json(tmp_path: Path) -> None:
    path = tmp_path / "bills.json"
    path.write_bytes(bulk(bill(), bill(docNo="7", vehicleType="")))
    report = json.loads(said(path, "--json").splitlines()[-1])
    assert (report["bills"], report["valid"], report["invalid"]) == (2, 1, 1)
    assert report["findings"] == [
        {
            "bill": 2,
            "rule": "rule.7.vehicle_type",
            "level": "error",
            "message": "By road the vehicle type is named.",
            "pointer": "/billLists/1/vehicleType",
        }
    ]


def test_people_read_one_line_per_finding_and_the_counts(tmp_path: Path) -> None:
    path = tmp_path / "bills.json"
    path.write_bytes(bulk(bill(transDistance=0)))
    assert said(path).splitlines()[-1] == "1 bills: 1 valid, 0 invalid"
    assert "rule.9.distance" in said(path, "--special-zone", NEIGHBOUR)


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "bills.json"
    path.write_bytes(b'{"billLists": [')
    with pytest.raises(CommandError, match="Line 1: This is not valid JSON"):
        said(path)
    with pytest.raises(CommandError, match="cannot be read"):
        said(tmp_path / "absent.json")
