"""manage.py publish_evidence: the invoices, payments and e-way bills of a folder, onto the three streams."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.errors import ApplicationError
from wallets import services
from wallets.engine.feeds import Feed


class Command(BaseCommand):
    """Publish a folder; a second run goes on where the first was broken off."""

    help = (
        "Publish gst_invoices, upi_payments and eway_bills of DIR onto their streams. DIR is what `manage.py simulate` "
        "wrote, or holds KIND.csv or KIND.parquet with the columns of the templates and a gstin. What was published "
        "before is left out. With --json the last line has the rows published now, by stream."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--again", action="store_true", help="from the first row, whatever was published before")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, folder: Path, again: bool, as_json: bool, **_: object) -> None:
        """Publish and tell."""
        try:
            added = services.publish_evidence(folder=folder, tell=self._tell, again=again)
        except ApplicationError as error:
            raise CommandError(error.message) from error
        if as_json:
            self.stdout.write(json.dumps(added))
        else:
            for stream, rows in added.items():
                self.stdout.write(f"{stream:<26} {rows:>10,} rows")

    def _tell(self, feed: Feed, done: int, total: int) -> None:
        self.stdout.write(f"  {feed.kind}: {done:,} of {total:,}")
