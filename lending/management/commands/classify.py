"""`manage.py classify`: days past due, special mention and asset class of a borrower. Needs no database."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta, timezone

from django.core.management.base import BaseCommand

from creditiq.kernel.clock import now
from lending.engine.classification import Facility, classify_borrower
from lending.engine.terms import EARLIEST, LATEST

INDIA = timezone(timedelta(hours=5, minutes=30))


def day(text: str) -> date:
    """A date, YYYY-MM-DD."""
    try:
        given = date.fromisoformat(text)
    except ValueError as broken:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2021-03-31") from broken
    if not EARLIEST <= given <= LATEST:
        raise ArgumentTypeError(f"{text!r} is not a date from {EARLIEST.year} to {LATEST.year}")
    return given


class Command(BaseCommand):
    """Classify a loan at a day-end."""

    requires_system_checks = ()  # computes from its arguments: needs no database, pages or services
    help = (
        "Classify a borrower's accounts at the end of a day: DPD = (day − oldest unpaid due) + 1; SMA-1 from 31, SMA-2 "
        "from 61, non-performing from 91. With --json the last line of standard output is one object with the keys "
        "dpd, sma (SMA-0, SMA-1, SMA-2 or null), npa_date (since when it is non-performing, or when it will be if "
        "nothing is paid; null without arrears), asset_class (standard, substandard, doubtful1, doubtful2, doubtful3, "
        "loss)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--due", type=day, nargs="+", action="extend", default=[], metavar="DATE",
            help="due dates of principal or interest still unpaid; the oldest counts",
        )  # fmt: skip
        parser.add_argument(
            "--as-of", "--on", "--date", dest="as_of", type=day, metavar="DATE",
            help="the day-end to classify at; today when left out",
        )  # fmt: skip
        parser.add_argument(
            "--npa-since", type=day, metavar="DATE", help="it was already non-performing since this day"
        )
        parser.add_argument(
            "--over-limit-since", type=day, metavar="DATE", help="revolving: first day above limit or drawing power"
        )
        parser.add_argument(
            "--other-due", type=day, nargs="+", action="extend", default=[], metavar="DATE",
            help="unpaid due dates on the borrower's other accounts: one non-performing account makes all of them so",
        )  # fmt: skip
        parser.add_argument("--loss", action="store_true", help="identified as loss")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, **options: object) -> None:
        """Classify and print."""
        as_of = options["as_of"]
        on = as_of if isinstance(as_of, date) else now().astimezone(INDIA).date()
        this = Facility(
            account="this account",
            oldest_due=_oldest(options["due"], on),
            over_limit_since=_date(options["over_limit_since"]),
            npa_since=_date(options["npa_since"]),
            loss=bool(options["loss"]),
        )
        standing = classify_borrower([this, Facility("another account", _oldest(options["other_due"], on))], on)[0]
        document = {
            "dpd": standing.dpd,
            "sma": standing.sma,
            "npa_date": standing.npa_date.isoformat() if standing.npa_date else None,
            "asset_class": standing.asset_class,
        }
        if options["json"]:
            self.stdout.write(json.dumps(document))
            return
        for name, value in document.items():
            self.stdout.write(f"{name}: {value if value is not None else '–'}")


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _oldest(dates: object, on: date) -> date | None:
    """The oldest date; one that is still to come is no arrears yet."""
    known = [value for value in dates if isinstance(value, date) and value <= on] if isinstance(dates, list) else []
    return min(known, default=None)
