"""manage.py simulate: write a simulated economy and, in its own folder, the truth about it."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wallets.engine.world.simulation import simulate
from wallets.engine.world.spec import MIXTURES, WorldSpec
from wallets.engine.world.truth import write_truth
from wallets.engine.world.writer import write


class Command(BaseCommand):
    """Simulate a population of businesses; the same seed writes the same bytes."""

    help = (
        "Simulate a population and write one parquet file per record type to DIR, and what is hidden "
        "(profiles, health, rings) to DIR/truth. The same options write the same bytes."
    )

    requires_system_checks = ()  # writes files only: needs no database, pages or services

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--businesses", type=int, required=True, help="number of businesses (at least 20)")
        parser.add_argument("--months", type=int, required=True, help="calendar months watched (1 to 120)")
        parser.add_argument("--seed", type=int, required=True, help="seed of every draw")
        parser.add_argument("--out", type=Path, required=True, help="folder to write to")
        parser.add_argument("--mix", choices=sorted(MIXTURES), default="development", help="mixture of profiles")
        parser.add_argument("--end", type=date.fromisoformat, default=WorldSpec.end, help="last day, YYYY-MM-DD")
        parser.add_argument("--format", choices=["parquet"], default="parquet", help="file format")

    def handle(self, *args: object, **options: object) -> None:
        out = Path(str(options["out"]))
        try:
            simulation = simulate(_spec(options))
        except ValueError as refusal:
            raise CommandError(str(refusal)) from refusal
        rows = write(simulation.records, out)
        write_truth(simulation.truth, out / "truth")
        for name, count in rows.items():
            self.stdout.write(f"{name:>14} {count:>10,}")
        self.stdout.write(f"{'all':>14} {sum(rows.values()):>10,} records in {out}")


def _spec(options: dict[str, object]) -> WorldSpec:
    return WorldSpec(
        businesses=int(str(options["businesses"])),
        months=int(str(options["months"])),
        seed=int(str(options["seed"])),
        end=date.fromisoformat(str(options["end"])),
        mix="demo" if options["mix"] == "demo" else "development",
    )
