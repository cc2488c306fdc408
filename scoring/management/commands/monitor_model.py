"""Read how far the world has moved since the champion was trained."""

import csv
import json
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import IST, now
from scoring.services import NoChampion, Outcome, UnableToMonitor, monitor_model

COLUMNS = ("gstin", "since", "defaulted")


class Command(BaseCommand):
    help = (
        "Compares every business's newest score and features with the champion's training: stability indices with "
        "critical values, missing values, coverage. With --outcomes FILE.csv (gstin, since as YYYY-MM-DD, defaulted "
        "0 or 1) also AUC, KS and calibration. Stored, and shown on the model pages. Exit code 0 also with alarms."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--outcomes", type=Path, help="known outcomes, CSV with a header line")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, outcomes: Path | None, as_json: bool, **_: object) -> None:
        """Read and tell."""
        known = _outcomes(outcomes) if outcomes else []
        try:
            report = monitor_model(as_of=now(), outcomes=known)
        except (NoChampion, UnableToMonitor) as nothing:
            raise CommandError(str(nothing)) from nothing
        readings = [{name: getattr(each, name) for name in each.__slots__} for each in report.readings]
        if as_json:
            told = {"version": report.version.version, "as_of": report.as_of.isoformat(), "readings": readings}
            self.stdout.write(json.dumps(told, allow_nan=False))
            return
        for reading in report.readings:
            value = "–" if reading.value is None else f"{reading.value:.4f}"
            self.stdout.write(f"{reading.verdict:7} {reading.metric:9} {value:>8}  {reading.subject}")
        self.stdout.write(f"{report.version}: {len(report.alarms)} alarms among {len(readings)} readings")


def _outcomes(path: Path) -> list[Outcome]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise CommandError(f"{path.name} lacks the column {missing[0]}; it needs {', '.join(COLUMNS)}.")
        return [_outcome(row, number) for number, row in enumerate(rows, start=2)]


def _outcome(row: dict[str, str], number: int) -> Outcome:
    if row["defaulted"] not in ("0", "1"):
        raise CommandError(f"line {number}: defaulted is 0 or 1, not “{row['defaulted']}”")
    try:
        since = datetime.strptime(row["since"], "%Y-%m-%d").replace(tzinfo=IST)
    except ValueError as wrong:
        raise CommandError(f"line {number}: since is a day as YYYY-MM-DD, not “{row['since']}”") from wrong
    return Outcome(row["gstin"].strip().upper(), since, row["defaulted"] == "1")
