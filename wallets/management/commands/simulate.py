"""manage.py simulate: write a simulated economy and, in its own folder, the truth about it."""

from collections import Counter
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wallets.engine.world.blocks import blocks, write_block
from wallets.engine.world.official import official_files
from wallets.engine.world.simulation import simulate
from wallets.engine.world.spec import MIXTURES, WorldSpec
from wallets.engine.world.truth import write_truth
from wallets.engine.world.writer import write


class Command(BaseCommand):
    """Simulate a population of businesses; the same seed writes the same bytes."""

    help = (
        "Simulate a population and write one parquet file per record type to DIR, and what is hidden "
        "(profiles, health, rings and other frauds) to DIR/truth. The same options write the same bytes. With "
        "--shard-size, businesses trade inside blocks of that size, written one after another to "
        "DIR/<record type>/<block>.parquet: any number of businesses in the memory of one block. With --format "
        "official, DIR/<GSTIN> holds what one business would send: GSTR-1, GSTR-2B and GSTR-3B JSON by period, bulk "
        "e-way bill JSON 1.0.0621, Account Aggregator deposit XML and UPI payments as CSV."
    )

    requires_system_checks = ()  # writes files only: needs no database, pages or services

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--businesses", type=int, required=True, help="number of businesses (at least 20)")
        parser.add_argument("--months", type=int, required=True, help="calendar months watched (1 to 120)")
        parser.add_argument("--seed", type=int, required=True, help="seed of every draw")
        parser.add_argument("--out", type=Path, required=True, help="folder to write to")
        parser.add_argument("--mix", choices=sorted(MIXTURES), default="development", help="mixture of profiles")
        parser.add_argument("--end", type=date.fromisoformat, default=WorldSpec.end, help="last day, YYYY-MM-DD")
        parser.add_argument("--shard-size", type=int, help="most businesses in a block (at least 20)")
        parser.add_argument("--only", type=int, nargs="*", default=[], help="write these blocks only, by number")
        parser.add_argument("--format", choices=["parquet", "official"], default="parquet", help="file format")
        parser.add_argument("--first", type=int, default=25, help="businesses written in the official formats")

    def handle(self, *args: object, **options: object) -> None:
        out = Path(str(options["out"]))
        try:
            spec = _spec(options)
            if options["format"] == "official":
                self._official(spec, out, options)
                return
            rows = _whole(spec, out) if options["shard_size"] is None else self._in_blocks(spec, out, options)
        except ValueError as refusal:
            raise CommandError(str(refusal)) from refusal
        for name, count in rows.items():
            self.stdout.write(f"{name:>14} {count:>10,}")
        self.stdout.write(f"{'all':>14} {sum(rows.values()):>10,} records in {out}")

    def _official(self, spec: WorldSpec, out: Path, options: dict[str, object]) -> None:
        """The files of the first businesses, a folder each."""
        if options["shard_size"] is not None:
            raise ValueError("official files are written of a world in one piece: leave --shard-size away")
        simulation = simulate(spec)
        frames, written = simulation.records.frames(), 0
        for business, gstin in frames["businesses"].select("business", "gstin").head(int(str(options["first"]))).rows():
            folder = out / str(gstin)
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in official_files(frames, int(business)).items():
                (folder / name).write_bytes(content)
                written += 1
        write_truth(simulation.truth, out / "truth")
        self.stdout.write(f"{written:,} files in {out}")

    def _in_blocks(self, spec: WorldSpec, out: Path, options: dict[str, object]) -> dict[str, int]:
        """Block after block; rows of all."""
        every = blocks(spec, int(str(options["shard_size"])))
        wanted = [int(str(number)) for number in _listed(options["only"])] or range(len(every))
        if not set(wanted) <= set(range(len(every))):
            raise ValueError(f"blocks are numbered 0 to {len(every) - 1}")
        total: Counter[str] = Counter()
        for number in wanted:
            rows = write_block(every[number], out)
            total.update(rows)
            self.stdout.write(f"block {number + 1} of {len(every)}: {sum(rows.values()):,} records")
        return dict(total)


def _whole(spec: WorldSpec, out: Path) -> dict[str, int]:
    simulation = simulate(spec)
    write_truth(simulation.truth, out / "truth")
    return write(simulation.records, out)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _spec(options: dict[str, object]) -> WorldSpec:
    return WorldSpec(
        businesses=int(str(options["businesses"])),
        months=int(str(options["months"])),
        seed=int(str(options["seed"])),
        end=date.fromisoformat(str(options["end"])),
        mix="demo" if options["mix"] == "demo" else "development",
    )
