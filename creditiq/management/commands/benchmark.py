"""`manage.py benchmark [NAME …]`: the figures of performance.md, as ratios measured in one run."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

NAMES = (
    "live",
    "features",
    "cycles",
    "ingest",
    "reads",
    "world",
    "explain",
    "lending",
    "names",
    "topology",
    "screening",
    "eod",
    "scale",
)
ON_TABLES = frozenset({"live", "ingest", "reads", "topology", "screening", "eod"})
"""Those that fill tables or read them."""


class Command(BaseCommand):
    help = (
        "Measure and print JSON as the last line. One NAME: name, sizes[], rounds, ours[], peer[] (seconds by size), "
        "ratio_median and ratio_min (peer over ours on the largest size), peak_mb, and figures of its own. "
        "None or several: live_path_ms {p50, p95}, features_per_second, cycles_per_second, and the reports by name."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=", ".join(NAMES))
        parser.add_argument("--sizes", type=int, nargs="+", default=[])
        parser.add_argument("--loans", type=int, help="eod: how many loans, the same as one --sizes")
        parser.add_argument("--rounds", type=int, default=5)
        parser.add_argument("--json", action="store_true", help="print the JSON line only")

    def handle(self, *, names: list[str], sizes: list[int], rounds: int, **options: object) -> None:
        """Each benchmark in turn; its module, and so its libraries, is loaded when its turn comes."""
        reports, loans = {}, options["loans"]
        if isinstance(loans, int):
            if loans < 1:
                raise CommandError("--loans: Measure at least one loan.")
            sizes = [loans]
        if ON_TABLES.intersection(names or NAMES):
            _require_tables()
        for name in names or NAMES:
            if not options["json"]:
                self.stdout.write(f"measuring {name} …")
                self.stdout.flush()
            reports[name] = import_string(f"creditiq.management.benchmarks.{name}.run")(sizes=sizes, rounds=rounds)
        self.stdout.write(json.dumps(reports[names[0]] if len(names) == 1 else _together(reports)))


def _require_tables() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database lacks tables of this version. Migrate first: manage.py migrate")


def _together(reports: dict[str, dict[str, object]]) -> dict[str, object]:
    live, features, cycles = (reports.get(name, {}) for name in ("live", "features", "cycles"))
    return {
        "live_path_ms": {"p50": live.get("p50_ms"), "p95": live.get("p95_ms")},
        "features_per_second": features.get("features_per_second"),
        "cycles_per_second": cycles.get("cycles_per_second"),
        "ratios": {name: report.get("ratio_median") for name, report in reports.items()},
        "reports": reports,
    }
