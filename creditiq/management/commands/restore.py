"""`manage.py restore FOLDER`: a backup into an empty database, and the proof that it is whole."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import verify_chain
from creditiq.management import backups


class Command(BaseCommand):
    help = (
        "Check a backup's hashes, bring it into an empty database and empty folders, count the rows and verify the "
        "audit chains. Prints {taken_at, tables, rows, files, audit_entries} as JSON."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="what `manage.py backup` wrote")

    def handle(self, *, folder: Path, **_: object) -> None:
        """Whole or an error: a restored copy whose audit trail does not hold is not one."""
        try:
            manifest = backups.restore(folder.resolve())
        except backups.UnableToRestore as error:
            raise CommandError(str(error)) from error
        verdict = verify_chain()
        figures = {
            "taken_at": manifest.taken_at,
            "tables": len(manifest.rows),
            "rows": sum(manifest.rows.values()),
            "files": len(manifest.files),
            "audit_entries": verdict.entries,
        }
        self.stdout.write(json.dumps(figures))
        if not verdict.ok:
            raise CommandError("Restored, but an audit chain is broken; `manage.py verify_audit` names the entry.")
