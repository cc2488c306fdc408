"""manage.py screen_names: a file of names against watchlist files, without a database."""

from __future__ import annotations

import gc
import json
import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from fraud.engine.names.entities import Subject
from fraud.engine.names.lists.loading import Watchlist, read_lists
from fraud.engine.names.lists.reading import BadList
from fraud.engine.names.queries import read_subjects
from fraud.engine.names.screening import Hit, Screener

EXPLANATION = """
Screens every row of --queries against the lists. The last line of standard output is JSON: queries, lists {name:
version}, seconds (screening without reading the lists), index_seconds, hits, likeliest first: query (the name as
written), row (of the file, the first below the header is 1), entity (its number in the list), list, name, matched,
probability, features (the parts of the log-odds and the measured features).
"""


class Command(BaseCommand):
    """Screen names and say who answers."""

    help = EXPLANATION
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of compliance.md §7."""
        parser.add_argument(
            "--list", dest="lists", required=True, type=Path, nargs="+", action="extend", metavar="FILE"
        )
        parser.add_argument("--queries", required=True, type=Path, metavar="FILE.csv")
        parser.add_argument("--json", action="store_true", help="print the JSON line only")

    def handle(self, **options: object) -> None:
        """Read, index, screen, print."""
        lists, subjects = read(options["lists"], Path(str(options["queries"])))
        started = time.perf_counter()
        screener = Screener(entity for one in lists for entity in one.entities)
        gc.freeze()  # the index stays; the collector need not walk it at every question
        indexed = time.perf_counter()
        found = [(row, subject, hit) for row, subject in enumerate(subjects, 1) for hit in screener.screen(subject)]
        seconds = time.perf_counter() - indexed
        found.sort(key=lambda item: (-item[2].margin, item[0], item[2].entity.key))
        if not options["json"]:
            self.stdout.write(f"{len(subjects)} names, {len({row for row, _, _ in found})} of them answer to a list")
        homes = {id(entity): one.name for one in lists for entity in one.entities}
        report = {
            "queries": len(subjects),
            "lists": {one.name: one.version for one in lists},
            "hits": [told(row, subject, hit, homes[id(hit.entity)]) for row, subject, hit in found],
            "seconds": seconds,
            "index_seconds": indexed - started,
        }
        self.stdout.write(json.dumps(report, ensure_ascii=False))


def read(lists: object, queries: Path) -> tuple[list[Watchlist], list[Subject]]:
    """The lists and the subjects; a bad file is a CommandError that names the file and the line."""
    paths = [Path(str(path)) for path in lists] if isinstance(lists, list) else []
    try:
        found = read_lists([(path.name, path.read_bytes()) for path in paths])
    except (OSError, BadList) as problem:
        raise CommandError(str(problem)) from problem
    try:
        return found, read_subjects(queries.read_bytes())
    except (OSError, BadList) as problem:
        raise CommandError(f"{queries}: {problem}") from problem


def told(row: int, subject: Subject, hit: Hit, home: str) -> dict[str, object]:
    """A hit as JSON."""
    return {
        "query": subject.name,
        "row": row,
        "entity": hit.entity.key,
        "list": home,
        "name": hit.entity.names[0].text,
        "matched": hit.name,
        "probability": hit.probability,
        "features": {**hit.comparison.named(), "parts": hit.parts},
    }
