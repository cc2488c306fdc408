"""manage.py import_evidence: take a file of evidence in and read it, without a browser."""

import json
from itertools import islice
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Business
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from wallets import selectors, services
from wallets.engine.spreadsheet import sheet
from wallets.models import Upload
from wallets.models.uploads import UploadMode
from wallets.services.uploads import KINDS

MOST_TOLD = 100
"""Refusals in the report; the file beside it holds them all."""


class Command(BaseCommand):
    """Import one file of evidence for one business that consents to it."""

    help = (
        "Import a file of evidence for one business. Importing the same file again changes nothing. "
        "Refused lines go to FILE.rejects.csv. With --json the last line of standard output is one JSON object with "
        "the keys kind, rows, accepted, duplicates, superseded, rejected, rejects_file (null without refusals), "
        "rejects[{line, pointer, field, rule, message, value}] (the first 100), note."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=KINDS, help="how the file is written")
        parser.add_argument("--business", required=True, metavar="GSTIN", help="whose evidence it is")
        parser.add_argument("--mode", choices=UploadMode.values, default=UploadMode.VALID_LINES.value)
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: object, **options: object) -> None:
        path, at = Path(str(options["file"])), now()
        business = Business.objects.filter(gstin=str(options["business"]).upper()).first()
        if business is None:
            raise CommandError("There is no business with this GSTIN.")
        try:
            file = services.IncomingFile(path.name, path.read_bytes(), str(options["kind"]), str(options["mode"]))
            taken = services.import_file(business=business, file=file, at=at)
            upload = services.parse_upload(upload_id=taken.pk, at=now())
            report = _report(upload, path, new=taken.received_at == at)
        except OSError as error:
            raise CommandError(f"“{error.filename}” cannot be read or written: {error.strerror}.") from error
        except ApplicationError as error:
            raise CommandError(error.message) from error
        self._print(report, as_json=bool(options["json"]))

    def _print(self, report: dict[str, object], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        rejects = report.pop("rejects")
        for name, value in report.items():
            self.stdout.write(f"{name:>12}  {'' if value is None else value}")
        for it in rejects if isinstance(rejects, list) else []:
            self.stdout.write(f"line {it['line']} {it['pointer'] or it['field']}: {it['message']}")


def _report(upload: Upload, path: Path, *, new: bool) -> dict[str, object]:
    """What this import did: a file known already adds nothing, all its good rows are duplicates."""
    accepted = upload.accepted if new else 0
    rejects = path.with_name(f"{path.name}.rejects.csv") if upload.rejected else None
    if rejects:
        rejects.write_text(
            sheet(selectors.REJECTION_COLUMNS, selectors.rejection_lines(selectors.refusals(upload))), newline=""
        )
    return {
        "kind": upload.kind,
        "rows": upload.rows,
        "accepted": accepted,
        "duplicates": upload.duplicates + upload.accepted - accepted,
        "superseded": upload.superseded if new else 0,
        "rejected": upload.rejected,
        "rejects_file": str(rejects) if rejects else None,
        "rejects": [
            dict(zip(selectors.REJECTION_COLUMNS, line, strict=True))
            for line in islice(selectors.rejection_lines(selectors.refusals(upload)), MOST_TOLD)
        ],
        "note": upload.note,
    }
