"""manage.py ship_rules: hand in the monitoring rules the product comes with."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from fraud.services import ship_rules


class Command(BaseCommand):
    """Write the shipped rules in somebody's name, for somebody else to review."""

    help = (
        "Writes every rule of the shipped list whose name is not taken, or whose shipped version changed, with its "
        "unit cases, and hands it in for review in the name of a risk manager; somebody of the platform puts each in "
        "shadow or in force. The last line of standard output is JSON: rules [slug]."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose name."""
        parser.add_argument("--by", required=True, metavar="EMAIL", help="of the risk manager who hands them in")
        parser.add_argument("--json", action="store_true", help="print the JSON line only")

    def handle(self, *, by: str, **options: object) -> None:
        """Find the person, write, print."""
        person = User.objects.active().filter(email__iexact=by).first()
        if person is None:
            raise CommandError(f"Nobody active has the address {by}.")
        try:
            versions = ship_rules(by=person, at=now())
        except ApplicationError as problem:
            raise CommandError(problem.message) from problem
        if not options["json"]:
            self.stdout.write(f"{len(versions)} rules wait for their review")
        self.stdout.write(json.dumps({"rules": [version.rule.slug for version in versions]}))
