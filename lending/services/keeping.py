"""What the law keeps of a borrower: the records stay five years after the last day of the loan."""

from datetime import date, datetime

from accounts.services import hold_for_law
from lending.engine.days import months_after
from lending.models import Loan

LAW = "PMLA s.12"
KEPT_MONTHS = 60


def keep_for_law(*, loan: Loan, last: date, at: datetime) -> None:
    """Hold the borrower's records for a loan that ends on `last`, in the caller's transaction; again moves the day."""
    until = months_after(last, KEPT_MONTHS)
    hold_for_law(business_id=loan.business_id, source=f"loan:{loan.uuid}", reason=LAW, until=until, at=at)
