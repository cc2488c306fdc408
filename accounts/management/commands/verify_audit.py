"""`manage.py verify_audit`: recompute every hash of every audit chain."""

import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import verify_chain


class Command(BaseCommand):
    help = "Verify the audit chains; exits with an error when one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="last line: chains, entries, ok, first_bad, by_chain[]")

    def handle(self, **options: object) -> None:
        verdict = verify_chain()
        if options["json"]:
            broken = next((reading for reading in verdict.chains if reading.broken_at is not None), None)
            totals = {
                "chains": len(verdict.chains),
                "entries": verdict.entries,
                "ok": verdict.ok,
                "first_bad": None if broken is None else asdict(broken),
            }
            self.stdout.write(json.dumps({**totals, "by_chain": [asdict(reading) for reading in verdict.chains]}))
        else:
            for reading in verdict.chains:
                state = "holds" if reading.broken_at is None else f"BROKEN at {reading.broken_at}"
                self.stdout.write(f"{reading.chain}  {reading.entries} entries  {state}  {reading.head[:16]}")
        if not verdict.ok:
            raise CommandError("An audit chain is broken.")
