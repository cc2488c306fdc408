"""manage.py validate_eway_bills: judge a bulk e-way bill file and say which rule each bill breaks."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from creditiq.kernel.clock import micros, now
from wallets.engine.importers.eway.validation import Report, validate
from wallets.engine.importers.rejections import UnreadableFile


class Command(BaseCommand):
    """Validate the official e-way bill bulk JSON (version 1.0.0621)."""

    help = (
        "Check every bill of a bulk e-way bill JSON file (version 1.0.0621) against all field and cross-field rules. "
        "With --json the last line of standard output is one JSON object with the keys bills, valid, invalid, "
        "findings[{bill, rule, level, message, pointer}], findings_truncated; bill counts from 1, 0 is the file; level "
        "is error or warning. Every invalid bill has a finding, also when findings are left out."
    )

    requires_system_checks = ()  # reads one file: needs no database, pages or services

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="bulk e-way bill JSON")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--special-zone", nargs="*", default=[], help="GSTINs in a special economic zone")

    def handle(self, *args: object, **options: object) -> None:
        path, zone = Path(str(options["file"])), options["special_zone"]
        try:
            content = path.read_bytes()
            special_zone = [str(gstin) for gstin in zone] if isinstance(zone, list) else []
            report = validate(content, as_of=micros(now()), special_zone=special_zone)
        except OSError as refusal:
            raise CommandError(f"The file cannot be read: {refusal.strerror}.") from refusal
        except UnreadableFile as error:
            raise CommandError(f"Line {error.refusal.line}: {error.refusal.message}") from error
        self._print(report, as_json=bool(options["json"]))

    def _print(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
            return
        for finding in report.findings:
            self.stdout.write(f"{finding.level:>7}  bill {finding.bill}  {finding.rule}  {finding.message}")
        if report.findings_truncated:
            self.stdout.write(f"Only {len(report.findings)} findings are shown; there are more.")
        self.stdout.write(f"{report.bills} bills: {report.valid} valid, {report.invalid} invalid")
