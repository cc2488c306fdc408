"""manage.py compute_features: the feature matrix as a Parquet file."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from scoring.services.matrix import feature_matrix

EXPLANATION = """
Measures every business with a live consent to the platform, or one, as of a moment, and writes GSTIN and features as
Parquet (DuckDB, Spark, Polars and pandas read it). A moment without zone is Indian time; without one it is now.
"""


class Command(BaseCommand):
    """Write the feature matrix."""

    help = EXPLANATION

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of features.md."""
        parser.add_argument("--as-of", type=datetime.fromisoformat, help="such as 2026-06-17 or 2026-06-17T18:00")
        parser.add_argument("--business", metavar="GSTIN")
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, **options: object) -> None:
        """Measure and write."""
        given = options["as_of"]
        as_of = given if isinstance(given, datetime) else now()
        if as_of.tzinfo is None:
            as_of = as_of.replace(tzinfo=ZoneInfo("Asia/Kolkata"))
        gstin = options["business"]
        try:
            matrix = feature_matrix(as_of=as_of, gstin=None if gstin is None else str(gstin))
        except ApplicationError as problem:
            raise CommandError(str(problem)) from problem
        matrix.write_parquet(Path(str(options["out"])))
        self.stdout.write(f"{matrix.height} businesses, {matrix.width - 1} features: {options['out']}")
