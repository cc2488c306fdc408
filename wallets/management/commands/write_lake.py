"""manage.py write_lake: bring the Parquet lake up to now."""

import json
import time

from django.core.management.base import BaseCommand, CommandError, CommandParser

from creditiq.kernel.clock import now
from wallets.services import UnableToWriteLake, write_lake


class Command(BaseCommand):
    """Add what the lake lacks; run it as often as you like."""

    help = (
        "Write every record the Parquet lake lacks to LAKE_DIR, one part per kind and month; running it again adds "
        "nothing. The last line is JSON: rows, parts, seconds, by_kind{rows, parts, months[]}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the JSON line only")

    def handle(self, *args: object, **options: object) -> None:
        started = time.perf_counter()
        try:
            written = write_lake(as_of=now())
        except UnableToWriteLake as refusal:
            raise CommandError(refusal.message) from refusal
        if not options["json"]:
            for it in written:
                self.stdout.write(f"{it.kind:>14} {it.rows:>10,} rows in {it.parts} new parts")
        report = {
            "rows": sum(it.rows for it in written),
            "parts": sum(it.parts for it in written),
            "seconds": round(time.perf_counter() - started, 3),
            "by_kind": {it.kind: {"rows": it.rows, "parts": it.parts, "months": it.months} for it in written},
        }
        self.stdout.write(json.dumps(report))
