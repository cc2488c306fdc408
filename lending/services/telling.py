"""On the first of a month borrowers hear that the statement of the month before can be read."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.services import tell_business
from creditiq.kernel.clock import IST
from lending.models import AccrualRun, Loan

DAY = timedelta(days=1)


def tell_of_statements(*, at: datetime) -> int:
    """Tell everybody who speaks for a borrower, once a loan and month; how many loans are new.

    None before the last day of the month is closed: a statement that lacks its last day is not told of.
    """
    last = at.astimezone(IST).date().replace(day=1) - DAY
    if not AccrualRun.objects.filter(on=last, finished_at__isnull=False).exists():
        return 0
    told = 0
    for loan in Loan.objects.running().filter(opened_at__date__lte=last).order_by("pk").iterator(chunk_size=500):
        facts = {"account": loan.account_no, "loan": str(loan.uuid), "day": f"{last:%d %b %Y}"}
        source = f"loan.statement:{loan.pk}:{last:%Y-%m}"
        with transaction.atomic(durable=True):
            told += bool(
                tell_business(business_id=loan.business_id, topic="loan.statement", source=source, at=at, facts=facts)
            )
    return told
