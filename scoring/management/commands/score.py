"""Score the whole population in one pass; run it again with the same --as-of to go on where it stopped."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import now
from scoring.services import score_population


class Command(BaseCommand):
    help = "Scores every business with a live consent as of a moment; runs that exist already stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", required=True)
        parser.add_argument("--as-of", type=datetime.fromisoformat, help="ISO 8601 with zone; now when left out")

    def handle(self, *_: object, **options: object) -> None:
        """Score and tell how many runs are new."""
        as_of = options["as_of"] or now()
        if not isinstance(as_of, datetime) or as_of.tzinfo is None:
            raise CommandError("--as-of needs a zone, such as 2026-11-20T10:00:00+05:30")
        new = score_population(as_of=as_of, tell=lambda line: self.stderr.write(line, style_func=str))
        self.stdout.write(f"{new} new score runs as of {as_of.isoformat()}")
