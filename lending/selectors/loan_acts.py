"""The log of what people did to loans, as the engine takes it, and the books it leads to."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum

from accounts.models import User
from creditiq.kernel.errors import NotVisible
from lending.engine.acts import Act, ActKind, with_extras
from lending.engine.agreements import read
from lending.engine.book import DAY, Book, BookState
from lending.engine.changes import scheduled
from lending.engine.closing import close_day, replay
from lending.engine.plans import plan
from lending.models import Loan, LoanAct, LoanState
from lending.selectors.books import books

PAID_OUT = (ActKind.DISBURSE.value, ActKind.DRAW.value)
"""The acts by which money goes out to the borrower."""
RECEIVED = frozenset(
    {ActKind.RECEIVE, ActKind.PREPAY, ActKind.FORECLOSE, ActKind.COOL_OFF, ActKind.SETTLE, ActKind.RECOVER}
)
"""Those by which the borrower's money comes in."""


def visible_loan(*, user: User, loan_id: UUID) -> Loan:
    """A loan the person may see, with its business, bank and product. Raises NotVisible."""
    rows = Loan.objects.visible_to(user).select_related("business", "organisation", "product")
    loan = rows.filter(uuid=loan_id).first()
    if loan is None:
        raise NotVisible
    return loan


def act_of(row: LoanAct) -> Act:
    """A stored act as the engine takes it."""
    act = Act(kind=ActKind(row.kind), on=row.on, amount=row.amount, fee=row.fee, tax=row.tax, reference=row.reference)
    return with_extras(act, row.document)


def acts_in_force(loans: Sequence[Loan]) -> dict[str, list[Act]]:
    """By account, in order, without the payments that were returned."""
    rows = LoanAct.objects.filter(Q(receipt__isnull=True) | Q(receipt__returned_on__isnull=True), loan__in=loans)
    acts: dict[str, list[Act]] = {loan.account_no: [] for loan in loans}
    for row in rows.select_related("loan").order_by("on", "pk"):
        acts[row.loan.account_no].append(act_of(row))
    return acts


def drawn_of(loan: Loan) -> Decimal:
    """Rupees paid out so far; a loan paid out in parts has less than what was sanctioned. One query."""
    paid_out = LoanAct.objects.filter(loan=loan, kind__in=PAID_OUT)
    return paid_out.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def approved_book(loan: Loan) -> Book:
    """The loan before its disbursal, from its agreement alone."""
    agreed = read(loan.agreement)
    return Book(
        agreement=agreed,
        through=agreed.terms.disbursed - DAY,
        penal_through=agreed.terms.disbursed,
        rows=scheduled(plan(agreed.terms).rows, agreed.terms.disbursed),
        state=BookState.APPROVED,
        percent=agreed.terms.percent,
    )


def replayed(loans: Sequence[Loan], acts: dict[str, list[Act]], through: date) -> tuple[Book, ...]:
    """The books of one borrower's loans, lived again. Raises NotPossible when the acts do not fit."""
    return replay([approved_book(loan) for loan in loans], acts, through)


def loans_of_borrower(business_id: int) -> list[Loan]:
    """All loans of a business, in order."""
    return list(Loan.objects.filter(business=business_id).order_by("pk"))


def books_on(loans: Sequence[Loan], on: date) -> list[Book]:
    """The books of one borrower as they stand when `on` begins; days not closed yet are closed in memory only."""
    current = tuple(books(loans))
    running = [book.through for book in current if book.state is BookState.ACTIVE]
    day = min(running, default=on) + DAY
    while day < on:
        current = close_day(current, day)
        day += DAY
    return list(current)


def running_with(loan: Loan) -> list[Loan]:
    """The loan with the others of its borrower that bear on its class, in order."""
    states = (LoanState.ACTIVE, LoanState.WRITTEN_OFF)
    others = Loan.objects.filter(business=loan.business_id, state__in=states).exclude(pk=loan.pk)
    return sorted([loan, *others], key=lambda one: one.pk)
