"""`manage.py backup FOLDER`: database, models and uploads in one folder with a manifest."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import now
from creditiq.management import backups


class Command(BaseCommand):
    help = "Back up database, models and uploads into a new folder. Prints {folder, tables, rows, files} as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that does not exist yet")

    def handle(self, *, folder: Path, **_: object) -> None:
        """Only the owner of the process may read what is written."""
        os.umask(0o077)
        try:
            manifest = backups.take(folder.resolve(), at=now())
        except backups.UnableToBackUp as error:
            raise CommandError(str(error)) from error
        figures = {"tables": len(manifest.rows), "rows": sum(manifest.rows.values()), "files": len(manifest.files)}
        self.stdout.write(json.dumps({"folder": str(folder), **figures}))
