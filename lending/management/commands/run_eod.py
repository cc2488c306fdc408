"""`manage.py run_eod`: close business days."""

import json
from argparse import ArgumentParser
from datetime import date, timedelta
from time import perf_counter

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import ApplicationError
from lending import services


class Command(BaseCommand):
    """Demand, accrual, penal charges, use of held money, class, provision, notices: for every running loan."""

    help = (
        "Close the business day DATE (yesterday in India when left out) for every running loan, and the days missed "
        "before it. May be stopped and run again; a closed day stays as it is. "
        "The last line is JSON: date, loans, entries, changed_class, seconds."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="business day, such as 2026-11-19")
        parser.add_argument("--batch", type=int, default=1_000, help="loans in one transaction")
        parser.add_argument("--json", action="store_true", help="print the JSON line only")

    def handle(self, *, batch: int, **options: object) -> None:
        """One run."""
        moment, started = now(), perf_counter()
        chosen = options["date"]
        day = chosen if isinstance(chosen, date) else moment.astimezone(IST).date() - timedelta(days=1)
        if not options["json"]:
            self.stdout.write(f"closing {day} …")
        try:
            report = services.run_eod(on=day, at=moment, batch=batch)
        except ApplicationError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            json.dumps(
                {
                    "date": day.isoformat(),
                    "loans": report.loans,
                    "entries": report.entries,
                    "changed_class": report.changed_class,
                    "seconds": round(perf_counter() - started, 3),
                }
            )
        )
