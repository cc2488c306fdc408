"""Letters to borrowers that the end of a day writes."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from lending.engine.classification import AssetClass
from lending.models import Loan, Notice

REMIND_BEFORE = timedelta(days=3)


def write_notices(loans: Sequence[Loan], classes_before: Mapping[int, str], *, on: date) -> None:
    """What a borrower should know tonight: an instalment is near, one is overdue, or the class of the loan changed."""
    notices = [
        Notice(loan=loan, on=on, kind=kind, text=text)
        for loan in loans
        for kind, text in _news(loan, classes_before[loan.pk], on)
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _news(loan: Loan, class_before: str, on: date) -> list[tuple[str, str]]:
    news = []
    if loan.next_due is not None and loan.next_due - on == REMIND_BEFORE:
        news.append(("due_soon", f"The next instalment of loan {loan.account_no} is due on {loan.next_due:%d %b %Y}."))
    if loan.dpd in (1, 31, 61):
        days = "since today" if loan.dpd == 1 else f"for {loan.dpd} days"
        text = f"An instalment of loan {loan.account_no} is unpaid {days}. Pay it, or tell your bank what you can pay."
        news.append((f"overdue_{loan.dpd}", text))
    if loan.asset_class != class_before:
        word = "regular again" if loan.asset_class == AssetClass.STANDARD else f"classed as {loan.asset_class}"
        news.append(("class", f"Loan {loan.account_no} is {word} from {on:%d %b %Y}."))
    return news
