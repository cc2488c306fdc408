"""manage.py describe_world: a simulated economy in figures, for somebody who knows the field to believe or doubt.

Reads the truth about a world, and so belongs to evaluation: nothing of it reaches the product.
"""

import json
from datetime import date
from pathlib import Path
from time import perf_counter

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wallets.engine.world.portrait import describe
from wallets.engine.world.simulation import simulate
from wallets.engine.world.spec import MIXTURES, WorldSpec
from wallets.engine.world.truth import read_truth
from wallets.engine.world.writer import read


class Command(BaseCommand):
    """Show the distributions of a world."""

    help = (
        "Print distributions of a simulated world: turnover by size and sector (₹ crore a year), payment lags and "
        "filing delays (days), default rate by fifth of hidden health, failures, frauds planted, and the shares that "
        "must be 1: GSTINs valid, e-way bills valid by the rules of validate_eway_bills (of more than 25,000 every "
        "n-th; bills_judged counts them), payments with both legs. DIR is what `simulate` wrote; without it a world "
        "is made."
    )

    requires_system_checks = ()  # reads files or simulates: needs no database, pages or services

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", nargs="?", type=Path, metavar="DIR", help="a folder written by simulate")
        parser.add_argument("--businesses", type=int, default=1_000)
        parser.add_argument("--months", type=int, default=36)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--mix", choices=sorted(MIXTURES), default="development")
        parser.add_argument("--end", type=date.fromisoformat, default=WorldSpec.end, help="last day, YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", help="print one JSON line only")

    def handle(self, *args: object, **options: object) -> None:
        portrait = _of_folder(options) if options["directory"] else _of_new_world(options)
        if options["json"]:
            self.stdout.write(json.dumps(portrait))
            return
        for name, content in portrait.items():
            self._table(name, content)

    def _table(self, name: str, content: object) -> None:
        """A heading, then one line per row or entry."""
        if isinstance(content, list) and content:
            self.stdout.write(f"\n{name}\n  " + "".join(f"{column:>20}" for column in content[0]))
            for row in content:
                self.stdout.write("  " + "".join(f"{_shown(value):>20}" for value in row.values()))
        elif isinstance(content, dict):
            self.stdout.write(f"\n{name}")
            for key, value in content.items():
                self.stdout.write(f"  {key!s:>20}{_shown(value):>20}")
        else:
            self.stdout.write(f"\n{name}: {_shown(content)}")


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _of_folder(options: dict[str, object]) -> dict[str, object]:
    folder = Path(str(options["directory"]))
    try:
        return describe(read(folder), read_truth(folder / "truth"))
    except FileNotFoundError as absence:
        raise CommandError(str(absence)) from absence


def _of_new_world(options: dict[str, object]) -> dict[str, object]:
    try:
        spec = WorldSpec(
            businesses=int(str(options["businesses"])),
            months=int(str(options["months"])),
            seed=int(str(options["seed"])),
            end=date.fromisoformat(str(options["end"])),
            mix="demo" if options["mix"] == "demo" else "development",
        )
    except ValueError as refusal:
        raise CommandError(str(refusal)) from refusal
    started = perf_counter()
    made = simulate(spec)
    seconds = perf_counter() - started
    records = made.records.frames()
    pace = {
        "seconds": round(seconds, 2),
        "records_per_second": round(sum(f.height for f in records.values()) / seconds),
    }
    return {**describe(records, made.truth.frames()), "pace": pace}
