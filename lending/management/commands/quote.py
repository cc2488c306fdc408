"""`manage.py quote`: the instalments and the yearly cost of a loan. Needs no database."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import now
from lending.engine.apr import NoRate
from lending.engine.days import DayCount
from lending.engine.quotation import quote
from lending.engine.rounding import Rounding, RoundingRule
from lending.engine.terms import Grace, Method, Moratorium, Step, Terms, UnsoundTerms, loan_dates

INDIA = timezone(timedelta(hours=5, minutes=30))


def number(text: str) -> Decimal:
    """A finite decimal number."""
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation as broken:
        raise ArgumentTypeError(f"{text!r} is not a number") from broken
    if not value.is_finite():
        raise ArgumentTypeError(f"{text!r} is not a number")
    return value


def day(text: str) -> date:
    """A date, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError as broken:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-03-05") from broken


def word(text: str) -> str:
    """A choice, whatever its case and with spaces or underscores for hyphens."""
    return text.lower().replace("_", "-").replace(" ", "-")


def method(text: str) -> str:
    """A repayment method; declining and reducing are what others call an EMI."""
    return {"declining": "emi", "reducing": "emi", "annuity": "emi"}.get(word(text), word(text))


def day_count(text: str) -> str:
    """A day-count convention; ACT/365 is ACT/365F, ACT/366 falls out of ACT/ACT in a leap year."""
    named = text.upper().replace("_", "/")
    return {"ACT/365": "ACT/365F", "SAME-AS-PERIOD": "same-as-period"}.get(named, named)


class Command(BaseCommand):
    """Quote a loan."""

    requires_system_checks = ()  # computes from its arguments: needs no database, pages or services
    help = (
        "Quote a loan. With --json the last line of standard output is one object with the keys emi, last_emi, "
        "total_interest, apr, irr_monthly, effective_rate, net_disbursed and schedule[{n, due, principal, interest, "
        "capitalised, amount, balance}]. Money is a string with two decimals; apr (internal rate x 12), irr_monthly "
        "and effective_rate are per cent. The last instalment takes what rounding left. emi is the level instalment, "
        "of other methods the first one that repays principal."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--principal", type=number, required=True, help="rupees, two decimals at most")
        parser.add_argument("--rate", type=number, required=True, help="per cent a year")
        parser.add_argument("--months", type=int, required=True, help="the whole tenor, a moratorium included")
        parser.add_argument("--method", type=method, choices=[one.value for one in Method], default=Method.EMI)
        parser.add_argument(
            "--day-count",
            type=day_count,
            choices=[one.value for one in DayCount],
            default=DayCount.SAME_AS_PERIOD,
            help="same-as-period (default): a twelfth of the yearly rate a month, a broken first period by ACT/365F",
        )
        parser.add_argument(
            "--first-due", type=day, help="first due date; one period after the disbursal when left out"
        )
        parser.add_argument(
            "--disbursed", type=day, help="one period before --first-due when left out, today without it"
        )
        parser.add_argument(
            "--rounding",
            type=word,
            choices=[one.value for one in RoundingRule],
            default=RoundingRule.HALF_UP,
            help="of instalments",
        )
        parser.add_argument(
            "--interest-rounding",
            type=word,
            choices=[one.value for one in RoundingRule],
            help="of a period's interest; as --rounding",
        )
        parser.add_argument(
            "--multiple", type=number, default=Decimal("0.01"), help="rupees an instalment is a multiple of"
        )
        self._add_variants(parser)

    def _add_variants(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fee", type=number, default=Decimal(0), help="rupees kept back at disbursal, tax included"
        )
        parser.add_argument("--every", type=int, default=1, help="months between instalments: 1, 3, 6 or 12")
        parser.add_argument("--instalment", type=number, help="fix the instalment; the number of rows follows")
        parser.add_argument("--moratorium", type=int, default=0, help="first months without principal")
        parser.add_argument(
            "--moratorium-interest", type=word, choices=[one.value for one in Grace], default=Grace.CAPITALISED
        )
        parser.add_argument("--step-percent", type=number, help="method step: growth of the instalment")
        parser.add_argument("--step-every", type=int, default=12, help="method step: instalments between two steps")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, **options: object) -> None:
        """Quote and print."""
        fees = options["fee"]
        try:
            if not isinstance(fees, Decimal) or fees < 0:
                raise UnsoundTerms("fee", "A fee is zero or more.")
            quotation = quote(terms_of(options, now()), fees)
        except UnsoundTerms as refusal:
            raise CommandError(f"--{refusal.field.replace('_', '-')}: {refusal.message}") from refusal
        except NoRate as refusal:
            raise CommandError(f"--fee: {refusal}") from refusal
        document = quotation.written()
        if options["json"]:
            self.stdout.write(json.dumps(document))
            return
        for row in document["schedule"]:
            self.stdout.write(
                f"{row['n']:>4}  {row['due']}  {row['amount']:>14}  {row['principal']:>14}  "
                f"{row['interest']:>12}  {row['balance']:>16}"
            )
        self.stdout.write(
            f"instalment {document['emi']}, interest {document['total_interest']}, APR {document['apr']} %"
        )


def terms_of(options: dict[str, object], at: datetime) -> Terms:
    """The terms the arguments ask for. Raises UnsoundTerms."""
    return _Asked(options).terms(at.astimezone(INDIA).date())


class _Asked:
    """The parsed arguments, each read as what its parser made of it."""

    def __init__(self, options: dict[str, object]) -> None:
        self._options = options

    def terms(self, today: date) -> Terms:
        disbursed, first_due = self._dates(today)
        return Terms(
            principal=self._decimal("principal"),
            percent=self._decimal("rate"),
            months=self._whole("months"),
            disbursed=disbursed,
            first_due=first_due,
            method=Method(str(self._options["method"])),
            day_count=DayCount(str(self._options["day_count"])),
            rounding=self._rounding(),
            moratorium=self._moratorium(),
            step=self._step(),
            every=self._whole("every"),
            instalment=self._decimal("instalment") if self._options["instalment"] is not None else None,
        )

    def _dates(self, today: date) -> tuple[date, date]:
        disbursed, first_due = self._options["disbursed"], self._options["first_due"]
        return loan_dates(
            disbursed=disbursed if isinstance(disbursed, date) else None,
            first_due=first_due if isinstance(first_due, date) else None,
            every=self._whole("every"),
            today=today,
        )

    def _rounding(self) -> Rounding:
        rule = RoundingRule(str(self._options["rounding"]))
        interest = self._options["interest_rounding"]
        return Rounding(rule, RoundingRule(str(interest)) if interest else rule, self._decimal("multiple"))

    def _moratorium(self) -> Moratorium | None:
        months = self._whole("moratorium")
        return Moratorium(months, Grace(str(self._options["moratorium_interest"]))) if months else None

    def _step(self) -> Step | None:
        percent = self._options["step_percent"]
        return Step(percent, self._whole("step_every")) if isinstance(percent, Decimal) else None

    def _decimal(self, name: str) -> Decimal:
        value = self._options[name]
        return value if isinstance(value, Decimal) else Decimal(str(value))

    def _whole(self, name: str) -> int:
        return int(str(self._options[name]))
