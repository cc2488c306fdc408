"""What became of loans, told to scoring as labels."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Min

from creditiq.kernel.clock import IST
from lending.engine.agreements import read
from lending.engine.classification import AssetClass
from lending.models import ClassificationEvent, ClosedAs, Loan, LoanAct, LoanState
from lending.models.loans import LoanQuerySet
from scoring.models import LoanOutcome
from scoring.services import Repayment, record_outcome, record_outcomes

LOST = ("write_off", "settle")
"""Acts by which a bank gave up part of a loan: a bad end, whatever the days past due were."""


def report_outcomes(*, business_id: int, at: datetime) -> int:
    """Tell scoring how each loan of a business went so far; twice is harmless. Returns how many."""
    loans = list(_lent().filter(business=business_id))
    for repayment in _repayments(loans):
        record_outcome(repayment=repayment, at=at)
    return len(loans)


def report_book(*, at: datetime) -> int:
    """The same for every loan that runs or ended since it was last told of; the night asks. Returns how many."""
    known = LoanOutcome.objects.filter(ended_at__isnull=False).values("loan")
    return record_outcomes(repayments=_repayments(list(_lent().exclude(account_no__in=known))), at=at)


def _lent() -> LoanQuerySet:
    """Loans that tell something of their borrower: paid out, and not left within the cooling-off days."""
    rows = Loan.objects.exclude(state=LoanState.APPROVED).exclude(closed_as=ClosedAs.COOLED_OFF)
    return rows.select_related("disbursement").order_by("pk")


def _repayments(loans: list[Loan]) -> list[Repayment]:
    bad = _first_bad_days(loans)
    return [_repayment(loan, bad.get(loan.pk)) for loan in loans]


def _first_bad_days(loans: Iterable[Loan]) -> dict[int, date]:
    """By loan the first day-end it was non-performing, or the day the bank gave part of it up."""
    numbers = [loan.pk for loan in loans]
    events = ClassificationEvent.objects.filter(loan__in=numbers).exclude(to_class=AssetClass.STANDARD.value)
    acts = LoanAct.objects.filter(loan__in=numbers, kind__in=LOST)
    found: dict[int, date] = {}
    for rows in (events, acts):
        for loan_id, on in rows.order_by().values_list("loan").annotate(first=Min("on")):
            found[loan_id] = min(on, found.get(loan_id, on))
    return found


def _repayment(loan: Loan, bad: date | None) -> Repayment:
    start = loan.disbursement.on
    ended = (loan.closed_on or loan.through) if loan.state != LoanState.ACTIVE else None
    return Repayment(
        business_id=loan.business_id,
        loan=loan.account_no,
        disbursed_at=_noon(start),
        months=read(loan.agreement).terms.months,
        defaulted_at=_noon(bad) if bad is not None and bad > start else None,
        ended_at=_noon(ended) if ended else None,
        observed_until=_noon(max(ended or loan.through, bad or start, start)),
    )


def _noon(day: date) -> datetime:
    """The middle of a business day."""
    return datetime.combine(day, time(12), IST)
