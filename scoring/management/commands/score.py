"""Score the whole population in one pass; run it again with the same --as-of to go on where it stopped."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import now
from scoring.services import score_population

WIDTH = 30


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
        new = score_population(as_of=as_of, tell=self._progress)
        self.stdout.write(f"{new} new score runs as of {as_of.isoformat()}")

    def _progress(self, done: int, total: int) -> None:
        """One bar that grows in place on a terminal, a line per batch elsewhere."""
        growing = self.stderr.isatty()
        line = f"\r{bar(done, total)}" if growing else bar(done, total)
        self.stderr.write(line, style_func=str, ending="\n" if done >= total or not growing else "")


def bar(done: int, total: int) -> str:
    """A progress bar in text.

    >>> bar(125, 250)
    '[###############---------------] 125 of 250 scored, 50 %'
    """
    filled = WIDTH * done // total if total else WIDTH
    return f"[{'#' * filled}{'-' * (WIDTH - filled)}] {done} of {total} scored, {100 * done // max(total, 1)} %"
