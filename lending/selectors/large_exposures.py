"""Borrowers whose exposure the central repository of large credits (CRILC) wants to know, and their defaults."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lending.engine.regulation import shipped
from lending.models import Loan
from lending.models.loans import LoanQuerySet
from lending.selectors.returns import Content, Sheet

NOTHING = Decimal(0)
COLUMNS = ("Borrower", "PAN", "GSTIN", "Loans", "Exposure", "Overdue days", "Standing", "In default since")


@dataclass(frozen=True)
class LargeBorrower:
    """One borrower over all loans: rupees of exposure, the longest arrears, the worst standing."""

    name: str
    pan: str
    gstin: str
    loans: int
    exposure: Decimal
    dpd: int
    standing: str
    since: date | None


def crilc_content(loans: LoanQuerySet, until: date) -> Content:
    """Every borrower from the reportable sum on, and those in default among them. Two tables, one query."""
    rules = shipped().figure("crilc.exposure_from", until)
    large = [one for one in _borrowers(loans) if one.exposure >= rules.value]
    late = [one for one in large if one.dpd]
    figures = (
        ("Reported from, rupees of exposure", f"{rules.value:.2f}"),
        ("Source", rules.source),
        ("Large borrowers", str(len(large))),
        ("Exposure", f"{sum((one.exposure for one in large), NOTHING):.2f}"),
        ("In default", str(len(late))),
        ("SMA-2", str(sum(one.standing == "SMA-2" for one in large))),
        ("Default report due", "every Friday, or the working day before it"),
    )
    return Content(figures, (_sheet("Large exposures", large), _sheet("In default, weekly report", late)))


def _borrowers(loans: LoanQuerySet) -> list[LargeBorrower]:
    groups: dict[tuple[int, int], list[Loan]] = {}
    for loan in loans.running().select_related("business").order_by("business_id", "pk"):
        groups.setdefault((loan.organisation_id, loan.business_id), []).append(loan)
    found = [_borrower(group) for group in groups.values()]
    return sorted(found, key=lambda one: (-one.exposure, one.name))


def _borrower(group: list[Loan]) -> LargeBorrower:
    worst = max(group, key=lambda loan: (loan.asset_class != "standard", loan.dpd, loan.pk))
    starts = [loan.oldest_due for loan in group if loan.oldest_due is not None]
    business = group[0].business
    return LargeBorrower(
        name=business.legal_name,
        pan=business.pan,
        gstin=business.gstin,
        loans=len(group),
        exposure=sum((loan.principal + loan.interest_due for loan in group), NOTHING),
        dpd=max(loan.dpd for loan in group),
        standing=(worst.sma or "Regular") if worst.asset_class == "standard" else worst.get_asset_class_display(),
        since=min(starts, default=None),
    )


def _sheet(title: str, rows: list[LargeBorrower]) -> Sheet:
    listed = tuple(
        (
            one.name, one.pan, one.gstin, str(one.loans), f"{one.exposure:.2f}", str(one.dpd), one.standing,
            one.since.isoformat() if one.since else "",
        )
        for one in rows
    )  # fmt: skip
    return Sheet(title, COLUMNS, listed, (3, 4, 5))
