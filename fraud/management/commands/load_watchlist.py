"""manage.py load_watchlist: take list files into force."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from fraud.models import Delta
from fraud.services import load_watchlists


class Command(BaseCommand):
    """Load lists and say what changed."""

    help = (
        "Loads OFAC SDN.CSV (with ALT.CSV and ADD.CSV), UN consolidated XML, OpenSanctions-style CSV or FollowTheMoney "
        "JSON lines; the list is named after its file. Customers are held against what is new by the workers. The last "
        "line of standard output is JSON: lists [{name, version, entities, added, changed, removed}]."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files."""
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print the JSON line only")

    def handle(self, *, files: list[Path], **options: object) -> None:
        """Read, store, print."""
        try:
            deltas = load_watchlists(files=[(path.name, path.read_bytes()) for path in files], at=now())
        except OSError as problem:
            raise CommandError(str(problem)) from problem
        except ApplicationError as problem:
            raise CommandError(problem.message) from problem
        if not options["json"]:
            for delta in deltas:
                self.stdout.write(str(delta.source))
        self.stdout.write(json.dumps({"lists": [told(delta) for delta in deltas]}))


def told(delta: Delta) -> dict[str, object]:
    """One loading in numbers."""
    return {
        "name": delta.source.name,
        "version": delta.version,
        "entities": delta.source.entities,
        "added": len(delta.added),
        "changed": len(delta.changed),
        "removed": len(delta.removed),
    }
