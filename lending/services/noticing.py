"""What the end of a day says: letters to borrowers, and whether promises were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from creditiq.kernel.clock import IST
from lending.engine.classification import AssetClass
from lending.models import Contact, Loan, Notice, PromiseState, Receipt

REMIND_BEFORE = timedelta(days=3)
OVERDUE = (1, 31, 61)
"""Days past due on which a borrower is written to."""


@dataclass(frozen=True)
class Before:
    """How a loan stood before the days that were closed."""

    through: date
    dpd: int
    asset_class: str

    @classmethod
    def of(cls, loan: Loan) -> "Before":
        """As the row says now."""
        return cls(loan.through, loan.dpd, loan.asset_class)


def write_notices(loans: Sequence[Loan], before: Mapping[int, Before], *, on: date) -> None:
    """What a borrower should know tonight: an instalment is near, one is overdue, or the class of the loan changed.

    A night that catches up days tells what happened on any of them, as it stands now.
    """
    notices = [
        Notice(loan=loan, on=on, kind=kind, text=text)
        for loan in loans
        for kind, text in _news(loan, before[loan.pk], on)
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _news(loan: Loan, before: Before, on: date) -> list[tuple[str, str]]:
    news = []
    if loan.next_due is not None and before.through < loan.next_due - REMIND_BEFORE <= on < loan.next_due:
        news.append(("due_soon", f"The next instalment of loan {loan.account_no} is due on {loan.next_due:%d %b %Y}."))
    if passed := [mark for mark in OVERDUE if before.dpd < mark <= loan.dpd]:
        days = "since today" if loan.dpd == 1 else f"for {loan.dpd} days"
        text = f"An instalment of loan {loan.account_no} is unpaid {days}. Pay it, or tell your bank what you can pay."
        news.append((f"overdue_{passed[-1]}", text))
    if loan.asset_class != before.asset_class:
        word = "regular again" if loan.asset_class == AssetClass.STANDARD else f"classed as {loan.asset_class}"
        news.append(("class", f"Loan {loan.account_no} is {word} from {on:%d %b %Y}."))
    return news


def judge_promises(*, on: date) -> int:
    """Whether the promises that ended by `on` were kept; answers how many were judged. The end of a day asks."""
    judged = 0
    for promise in Contact.objects.filter(promise=PromiseState.OPEN, promised_on__lte=on):
        since = promise.at.astimezone(IST).date()
        came = Receipt.objects.filter(
            loan=promise.loan_id, on__gte=since, on__lte=promise.promised_on, returned_on__isnull=True
        )
        total = came.aggregate(total=Sum("amount"))["total"] or Decimal(0)
        kept = promise.promised is not None and total >= promise.promised
        promise.promise = PromiseState.KEPT if kept else PromiseState.BROKEN
        promise.save(update_fields=["promise"])
        judged += 1
    return judged
