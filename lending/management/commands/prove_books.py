"""`manage.py prove_books`: the trial balance, and whether every loan repeats its ledger."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from creditiq.kernel.clock import now
from lending import services


class Command(BaseCommand):
    """Fails when anything does not agree."""

    help = (
        "Sum every account, and look for entries that do not balance and loans that differ from their lines. The last "
        "line is JSON: holds, difference, accounts, unbalanced_entries, loans_astray, loans_with_other_dues. "
        "Exit status 1 when something does not agree."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the JSON line only")

    def handle(self, **options: object) -> None:
        """One proof."""
        proof = services.prove_books(at=now())
        if not options["json"]:
            for line in proof.accounts:
                self.stdout.write(f"{line.account:<16} {line.debit:>20} {line.credit:>20}")
        self.stdout.write(
            json.dumps(
                {
                    "holds": proof.holds,
                    "difference": f"{proof.difference:.2f}",
                    "accounts": {line.account: f"{line.debit - line.credit:.2f}" for line in proof.accounts},
                    "unbalanced_entries": list(proof.unbalanced_entries),
                    "loans_astray": list(proof.loans_astray),
                    "loans_with_other_dues": list(proof.loans_with_other_dues),
                }
            )
        )
        if not proof.holds:
            raise SystemExit(1)
