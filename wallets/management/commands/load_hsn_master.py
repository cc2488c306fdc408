"""manage.py load_hsn_master: hold HSN codes against the house's own list instead of the built-in one."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wallets.engine.importers.tariff import UnusableMaster, house_master, master_name, tariff_table, use_master


class Command(BaseCommand):
    """Take up a CSV of HSN codes, or go back to the built-in list."""

    help = (
        "Write a CSV of HSN codes (column hsn, hsn_cd, hsncode, hsn_code or code; since and until if it says so) to "
        "HSN_MASTER, where every process takes it up when it starts; findings name it. Without a file: say which list "
        "counts. The last line is JSON: name, headings, since."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="CSV of HSN codes, such as the portal's master")
        parser.add_argument("--as", dest="name", default="", help="what findings call it; the file's name otherwise")
        parser.add_argument("--built-in", action="store_true", help="go back to the list the product comes with")

    def handle(self, *args: object, **options: object) -> None:
        target = Path(settings.HSN_MASTER)
        try:
            if options["built_in"]:
                target.unlink(missing_ok=True)
            elif options["file"]:
                path = Path(str(options["file"]))
                self._take(house_master(path.read_bytes(), str(options["name"]) or path.name), target)
            use_master(target)
        except OSError as refusal:
            raise CommandError(f"The file cannot be read or written: {refusal.strerror}.") from refusal
        except UnusableMaster as refusal:
            raise CommandError(str(refusal)) from refusal
        newest = tariff_table()[-1]
        report = {"name": master_name(), "headings": len(newest.headings), "since": newest.since.isoformat()}
        self.stdout.write(json.dumps(report, ensure_ascii=False))

    def _take(self, content: bytes, target: Path) -> None:
        """In one step: a process that starts meanwhile reads the old file or the new one."""
        target.parent.mkdir(parents=True, exist_ok=True)
        written = target.with_suffix(".new")
        written.write_bytes(content)
        written.replace(target)
        self.stdout.write("Processes that run take it up when they start again.")
