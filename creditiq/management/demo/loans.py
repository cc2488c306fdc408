"""Loans of State Bank of India with a history: paid, late and bad, each lived day by day by the services."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import Business, Organisation, User
from accounts.services.personas import DEMO_DOMAIN, STATE_BANK
from creditiq.kernel.clock import IST
from creditiq.management.progress import Report
from lending import services as lending
from lending.engine.apr import periodic_rate, yearly
from lending.engine.charges import Charge
from lending.engine.days import months_after
from lending.engine.plans import Plan, plan
from lending.engine.products import USUAL, ProductTerms
from lending.engine.terms import Terms
from lending.models import Loan, LoanApplication, LoanProduct
from lending.selectors import payoff_quote, receipt_preview

DAY = timedelta(days=1)
HUNDRED = Decimal(100)
TAX = Decimal(18)
FLOATING = {"rate_type": "floating", "benchmark": "RBI repo rate"}


@dataclass(frozen=True)
class Story:
    """One loan: rupees, per cent, months, how many months ago it began, instalments paid, days each comes late."""

    amount: int
    percent: str
    months: int
    age: int
    paid: int
    late: int = 0
    closes: bool = False
    pd: str = "3.4"
    floating: bool = False


STORIES = (
    Story(600_000, "11.5", 24, age=7, paid=7, pd="2.1"),
    Story(300_000, "15.5", 18, age=7, paid=5, late=6, pd="9.8"),
    Story(450_000, "14", 24, age=7, paid=2, late=3, pd="11.2"),
    Story(1_200_000, "12", 36, age=6, paid=6, floating=True),
    Story(800_000, "12.75", 24, age=6, paid=5, late=12, pd="5.6"),
    Story(250_000, "13", 12, age=5, paid=4, closes=True),
    Story(950_000, "12.25", 36, age=4, paid=4),
    Story(500_000, "14.5", 24, age=6, paid=6, late=20, pd="7.9"),
)
"""The first is Priya's and regular, the second Rahul's and two instalments behind, the third bad, the sixth closed."""


@dataclass(frozen=True)
class Payment:
    """One payment of a story on its day."""

    on: date
    loan: Loan
    amount: Decimal
    purpose: str
    number: int


def lend(businesses: Sequence[Business], at: datetime, report: Report) -> None:
    """Every story whose business has no loan yet, in the order of the days."""
    today = at.astimezone(IST).date()
    pairs = [
        (business, story)
        for business, story in zip(businesses, STORIES, strict=False)
        if not Loan.objects.filter(business=business).exists()
    ]
    begins = sorted(
        ((months_after(today, -story.age) - 9 * DAY, business, story) for business, story in pairs),
        key=lambda one: (one[0], one[1].pk),
    )
    payments: list[Payment] = []
    done = 0
    while begins or payments:
        if begins and (not payments or begins[0][0] <= payments[0].on):
            start, business, story = begins.pop(0)
            _close_until(start)
            paid_out = _pay_out(business, story, start)
            payments = sorted([*payments, *_payments(paid_out, story, today)], key=lambda one: (one.on, one.loan.pk))
        else:
            payment = payments.pop(0)
            _close_until(payment.on)
            _pay(payment)
            done += 1
        report(done, done + len(payments))
    _close_until(today)


def _close_until(day: date) -> None:
    if Loan.objects.running().filter(through__lt=day - DAY).exists():
        lending.run_eod(on=day - DAY, at=_noon(day))


def _pay_out(business: Business, story: Story, on: date) -> Loan:
    bank, people = Organisation.objects.get(name=STATE_BANK), _people()
    terms = Terms(Decimal(story.amount), Decimal(story.percent), story.months, on, months_after(on, 1))
    fee = _fee(story)
    application = LoanApplication.objects.create(
        number=f"LA-{on:%Y}-OLD{business.pk:05d}", business=business, organisation=bank,
        product=LoanProduct.objects.get(code="TL-MSME"), amount=terms.principal, months=terms.months,
        purpose="Machinery, lent before CreditIQ came", state="disbursed", opened_at=_noon(on - 14 * DAY),
        submitted_at=_noon(on - 14 * DAY),
    )  # fmt: skip
    net = terms.principal - fee.total
    agreed = lending.Agreed(
        terms=terms,
        product=ProductTerms.from_document(USUAL | (FLOATING if story.floating else {})),
        apr=yearly(periodic_rate(net, plan(terms).payments, terms.first_period), 12),
        fee=fee,
        pd=Decimal(story.pd),
    )
    payout = lending.Payout(
        utr=f"SBIN{on:%y%m%d}{business.pk:06d}", beneficiary=business.legal_name, account_tail=f"{business.pk:04d}"[-4:]
    )
    with transaction.atomic(durable=True):
        return lending.disburse(
            application=application, agreed=agreed, payout=payout, maker=people[0], checker=people[1], at=_noon(on)
        )


def _payments(loan: Loan, story: Story, today: date) -> Iterator[Payment]:
    made: Plan = plan(Terms(Decimal(story.amount), Decimal(story.percent), story.months, *_dates(loan)))
    for row in made.rows[: story.paid]:
        on = row.due + story.late * DAY
        if on < today:
            yield Payment(on, loan, row.amount, "dues", row.number)
    if story.closes:
        yield Payment(made.rows[story.paid - 1].due + 5 * DAY, loan, Decimal(0), "foreclose", 0)


def _dates(loan: Loan) -> tuple[date, date]:
    start = loan.disbursement.on
    return start, months_after(start, 1)


def _pay(payment: Payment) -> None:
    loan = Loan.objects.get(pk=payment.loan.pk)
    if payment.amount:  # with the charges of being late, so that no paisa stays behind
        amount = max(payment.amount, receipt_preview(loan=loan, amount=payment.amount, on=payment.on).due)
    else:
        amount = payoff_quote(loan=loan, on=payment.on).total
    paid = lending.Paid(
        amount=amount, on=payment.on, mode="mandate", utr=f"NACH{payment.on:%y%m%d}{loan.pk:06d}{payment.number:02d}",
        payer=loan.business.legal_name, purpose=payment.purpose,
    )  # fmt: skip
    lending.record_receipt(loan_id=loan.uuid, paid=paid, by=_people()[0], at=_noon(payment.on))


def _fee(story: Story) -> Charge:
    fee = Decimal(story.amount) / HUNDRED
    return Charge(fee, fee * TAX / HUNDRED)


def _people() -> tuple[User, User]:
    """Who makes and who checks."""
    names = ("anjali", "deepa")
    maker, checker = (User.objects.get(email=f"{name}@{DEMO_DOMAIN}") for name in names)
    return maker, checker


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(6, 30), UTC)
