"""Returns that the clock asks for: the morning's collection queue, the quarter's statements, April's fee demand."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from lending.engine.guarantee import cover
from lending.engine.regulation import shipped
from lending.models import Allocation, Instalment, Loan, ReturnKind
from lending.models.loans import LoanQuerySet
from lending.selectors.loans import collection_rows
from lending.selectors.rate_types import floating_among
from lending.selectors.returns import Content, Sheet

NOTHING = Decimal(0)
YEARS_FEE = "cgtmse.fee."


def collection_content(loans: LoanQuerySet, on: date) -> Content:
    """Overdue loans in the order in which they are worked: the longest first, running promises last."""
    rows = collection_rows(loans)
    listed = tuple(
        (
            str(place), row.loan.account_no, row.loan.business.legal_name, _money(row.overdue), str(row.loan.dpd),
            row.loan.sma or row.loan.asset_class, f"{row.last.at:%Y-%m-%d} {row.last.channel}" if row.last else "",
            f"{row.promise.promised:.2f} for {row.promise.promised_on}" if row.promise else "",
        )
        for place, row in enumerate(rows, start=1)
    )  # fmt: skip
    columns = ("Place", "Loan", "Borrower", "Overdue", "Days", "Standing", "Last contact", "Promise")
    figures = (
        ("Books closed up to", f"{on:%d %b %Y}"),
        ("Loans", str(len(rows))),
        ("Overdue", _money(sum((row.overdue for row in rows), NOTHING))),
        ("Promises that still run", str(sum(row.promise is not None for row in rows))),
    )
    return Content(figures, (Sheet("To be worked today", columns, listed, (0, 3, 4)),))


def floating_content(loans: LoanQuerySet, on: date) -> Content:
    """What RBI (18 August 2023, floating instalments) has borrowers told each quarter, loan by loan.

    Principal and interest recovered so far, the instalment, how many are left, the yearly rate and the yearly rate of
    the whole agreement.
    """
    floating = floating_loans(loans)
    recovered, ahead = _recovered(floating), _ahead(floating)
    listed = tuple(
        (
            loan.account_no, loan.business.legal_name, _money(recovered.get((loan.pk, "principal"), NOTHING)),
            _money(recovered.get((loan.pk, "interest"), NOTHING)), *ahead.get(loan.pk, ("", "0")),
            f"{loan.percent.normalize():f}", str(loan.agreement.get("apr", "")), _money(loan.principal),
        )
        for loan in floating
    )  # fmt: skip
    columns = (
        "Loan", "Borrower", "Principal recovered", "Interest recovered", "Instalment", "Instalments left",
        "Rate, % a year", "APR, %", "Principal left",
    )  # fmt: skip
    figures = (("Quarter up to", f"{on:%d %b %Y}"), ("Loans at a floating rate", str(len(floating))))
    return Content(figures, (Sheet("Statements", columns, listed, (2, 3, 4, 5, 6, 7, 8)),))


def floating_loans(loans: LoanQuerySet) -> list[Loan]:
    """Those running at a rate that follows a benchmark, as it was agreed."""
    running = loans.running().select_related("business", "product").order_by("account_no", "pk")
    follow = floating_among(running)
    return [loan for loan in running if loan.pk in follow]


def guarantee_content(loans: LoanQuerySet, on: date) -> Content:
    """The trust's yearly fee in April: each covered loan on what is outstanding at the end of March.

    A loan above the last slab has no fee here: its price is agreed with the trust.
    """
    covered = loans.running().filter(cover__gt=0).select_related("business").order_by("account_no", "pk")
    rules, listed, total, agreed = shipped(), [], NOTHING, 0
    for loan in covered:
        percent = rules.guarantee_fee(loan.sanctioned, on)
        if percent is None:
            agreed += 1
            continue
        asked = cover(loan.principal, percent=loan.cover, fee=percent)
        total += asked.fee
        listed.append(
            (
                loan.account_no, loan.business.legal_name, loan.business.udyam or "", _money(loan.sanctioned),
                _money(loan.principal), f"{loan.cover.normalize():f}", _money(asked.guaranteed), f"{percent}",
                _money(asked.fee),
            )
        )  # fmt: skip
    columns = (
        "Loan", "Borrower", "Udyam", "Sanctioned", "Outstanding", "Cover, %", "Guaranteed", "Fee, % a year", "Fee",
    )  # fmt: skip
    sources = sorted({one.source for one in rules.figures if one.key.startswith(YEARS_FEE)})
    figures = (
        ("Outstanding on", f"{on:%d %b %Y}"),
        ("Loans", str(len(listed))),
        ("Fee, before tax", _money(total)),
        ("Above the last slab, agreed with the trust", str(agreed)),
        ("Source of the slabs", " and ".join(sources)),
    )
    return Content(figures, (Sheet("Fee demand", columns, tuple(listed), (3, 4, 5, 6, 7, 8)),))


CONTENTS: Mapping[ReturnKind, Callable[[LoanQuerySet, date], Content]] = {
    ReturnKind.COLLECTION: collection_content,
    ReturnKind.FLOATING: floating_content,
    ReturnKind.GUARANTEE: guarantee_content,
}


def _recovered(loans: Iterable[Loan]) -> dict[tuple[int, str], Decimal]:
    rows = Allocation.objects.filter(loan__in=list(loans)).values("loan", "component").annotate(total=Sum("amount"))
    return {(row["loan"], row["component"]): row["total"] for row in rows.order_by()}


def _ahead(loans: Iterable[Loan]) -> dict[int, tuple[str, str]]:
    """The next instalment and how many are left, from the schedule in force."""
    versions = {loan.pk: (loan.schedule_version, loan.next_number) for loan in loans}
    left: dict[int, list[Decimal]] = {}
    for row in Instalment.objects.filter(loan__in=list(versions)).order_by("loan", "number", "pk"):
        version, number = versions[row.loan_id]
        if row.version == version and row.number >= number:
            left.setdefault(row.loan_id, []).append(row.principal + row.interest)
    return {key: (_money(rows[0]), str(len(rows))) for key, rows in left.items()}


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
