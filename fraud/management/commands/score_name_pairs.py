"""manage.py score_name_pairs: the matcher against labelled pairs, without a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from fraud.engine.names.lists.reading import BadList
from fraud.engine.names.queries import score_pairs


class Command(BaseCommand):
    """Say how often the matcher is right."""

    help = (
        "Judges a CSV with the columns schema, name1, name2, is_match. The last line of standard output is JSON: "
        "pairs, f1, precision, recall, threshold, ece (expected calibration error), strictly_ordered."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--json", action="store_true", help="print the JSON line only")

    def handle(self, *, file: Path, **options: object) -> None:
        """Read, judge, print."""
        try:
            report = score_pairs(file.read_bytes())
        except (OSError, BadList) as problem:
            raise CommandError(f"{file}: {problem}") from problem
        if not options["json"]:
            self.stdout.write(f"F1 {report.f1:.3f} on {report.pairs} pairs")
        self.stdout.write(json.dumps(asdict(report)))
