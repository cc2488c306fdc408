"""`manage.py allocate`: which dues a payment meets. Needs no database."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from decimal import Decimal
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lending.engine.receipts import SCHEMA, UnreadableReceipt, answer, read_receipt

EXAMPLE = {
    "date": "2026-03-20",
    "amount": "40000.00",
    "orientation": "horizontal",
    "order": ["interest", "principal", "fee", "penal"],
    "dues": [
        {"due": "2026-02-05", "principal": "23214.31", "interest": "10000.00"},
        {"due": "2026-03-05", "component": "interest", "amount": "9767.86"},
    ],
}
HELP = (
    "Allocate a receipt. With --json the last line of standard output is one object with the keys allocations[{due,\n"
    "component, amount}], left[{due, component, amount}], surplus, dpd_after, sma_after. Money is a string with two\n"
    "decimals. horizontal clears an older due date before the next, vertical a component before the next; only\n"
    "principal and interest count for dpd_after, at the end of the date.\n\n"
    f"The file is one JSON object of this JSON Schema:\n{json.dumps(SCHEMA, indent=2)}\n\n"
    f"Example:\n{json.dumps(EXAMPLE, indent=2)}"
)


class Command(BaseCommand):
    """Allocate a receipt to dues."""

    requires_system_checks = ()  # reads one file: needs no database, pages or services
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: object) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter  # the schema is read by people: keep its lines
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="the receipt, JSON as below")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, **options: object) -> None:
        """Read, allocate, print."""
        try:
            text = Path(str(options["file"])).read_text(encoding="utf-8")
            document = answer(read_receipt(json.loads(text, parse_float=Decimal)))
        except (OSError, UnicodeDecodeError) as refusal:
            raise CommandError("--file: The file cannot be read as text.") from refusal
        except json.JSONDecodeError as refusal:
            raise CommandError(f"--file: line {refusal.lineno} is not JSON: {refusal.msg}.") from refusal
        except UnreadableReceipt as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(json.dumps(document, indent=None if options["json"] else 2))
