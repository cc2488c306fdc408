"""Books to test with: the worked loan of the lending rules, approved and paid out."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from lending.engine.acts import Act, ActKind, perform
from lending.engine.allocation import AllocationPolicy, Component, Orientation, Waterfall
from lending.engine.book import Agreement, Book, BookState
from lending.engine.changes import scheduled
from lending.engine.charges import PenalPolicy
from lending.engine.closing import close_day
from lending.engine.plans import plan
from lending.engine.terms import Terms

DAY = timedelta(days=1)
ORDER = Waterfall((Component.INTEREST, Component.PRINCIPAL, Component.FEE, Component.PENAL), Orientation.HORIZONTAL)
TERMS = Terms(
    principal=Decimal(1_000_000), percent=Decimal(12), months=36, disbursed=date(2026, 1, 5), first_due=date(2026, 2, 5)
)


def approved(terms: Terms = TERMS, account: str = "1", **agreed: object) -> Book:
    """A loan before its disbursal."""
    agreement = Agreement(
        account=account,
        terms=terms,
        allocation=AllocationPolicy(ORDER, {}),
        penal=PenalPolicy(Decimal(2), Decimal(18)),
        apr=Decimal("13.45"),
        cooling_off_days=3,
    )
    return Book(
        agreement=replace(agreement, **agreed),
        through=terms.disbursed - DAY,
        penal_through=terms.disbursed,
        rows=scheduled(plan(terms).rows, terms.disbursed),
        state=BookState.APPROVED,
        percent=terms.percent,
    )


def disbursed(terms: Terms = TERMS, account: str = "1", **agreed: object) -> Book:
    """The same, paid out in full."""
    return perform(approved(terms, account, **agreed), Act(ActKind.DISBURSE, terms.disbursed, terms.principal))


def closed_through(book: Book, day: date) -> Book:
    """Every day closed, one after the other."""
    while book.through < day:
        (book,) = close_day((book,), book.through + DAY)
    return book


def receive(book: Book, on: date, amount: str, reference: str = "", kind: ActKind = ActKind.RECEIVE) -> Book:
    """A payment, after closing the days before it."""
    book = closed_through(book, on - DAY)
    return perform(book, Act(kind, on, Decimal(amount), reference=reference or f"UTR{on}"))
