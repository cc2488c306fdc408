"""What a part prepayment or a new rate would do, both ways, before anybody does it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lending.engine.acts import Act, ActKind, perform
from lending.engine.book import Book, NotPossible, Row
from lending.engine.changes import bring_to
from lending.engine.revisions import Keep
from lending.models import Loan, LoanState
from lending.selectors.loan_acts import books_on, running_with
from lending.selectors.rate_types import FIXED, is_floating

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Way:
    """One way: what stays, the level instalment, how many are to come, the last one, and interest saved (or added)."""

    keep: str
    instalment: Decimal
    rows: int
    last_due: date
    last: Decimal
    interest: Decimal
    saved: Decimal
    schedule: tuple[Row, ...]

    @property
    def words(self) -> str:
        """What stays."""
        return "Same end" if self.keep == Keep.TENOR else "Same instalment"


@dataclass(frozen=True, slots=True)
class LoanQuote:
    """The loan as it is, and both ways it could be. `due` is what has to be paid first, `total` all that is paid."""

    on: date
    due: Decimal
    total: Decimal
    today: Way
    ways: tuple[Way, ...]


def prepay_quote(*, loan: Loan, amount: Decimal, on: date) -> LoanQuote:
    """What paying `amount` ahead on a day would do, on top of what is due then. Raises NotPossible."""
    book = _book(loan, on)
    due = sum((one.amount for one in bring_to(book, on).dues), NOTHING)
    paid = [Act(ActKind.PREPAY, on, amount + due, reference="quote", keep=keep) for keep in Keep]
    return _quote(book, paid, on, due, due + amount)


def rate_quote(*, loan: Loan, percent: Decimal, on: date) -> LoanQuote:
    """What a new yearly rate from a day on would do. Raises NotPossible, for a fixed rate too."""
    if not is_floating(loan):
        raise NotPossible(FIXED)
    book = _book(loan, on)
    return _quote(book, [Act(ActKind.RESET, on, keep=keep, percent=percent) for keep in Keep], on, NOTHING, NOTHING)


def _book(loan: Loan, on: date) -> Book:
    if loan.state != LoanState.ACTIVE:
        raise NotPossible("This loan is over.")
    group = running_with(loan)
    return books_on(group, on)[group.index(loan)]


def _quote(book: Book, acts: list[Act], on: date, due: Decimal, total: Decimal) -> LoanQuote:
    before = bring_to(book, on)
    if not before.rows:
        raise NotPossible("No instalment is to come.")
    today = _way("", before, NOTHING)
    ways = tuple(_way(act.keep.value, perform(book, act), today.interest) for act in acts)
    return LoanQuote(on=on, due=due, total=total, today=today, ways=ways)


def _way(keep: str, book: Book, before: Decimal) -> Way:
    interest, last = sum((row.interest for row in book.rows), NOTHING), book.rows[-1]
    level = max((row.principal + row.interest for row in book.rows[1:-1]), default=last.principal + last.interest)
    return Way(
        keep=keep,
        instalment=level,
        rows=len(book.rows),
        last_due=last.due,
        last=last.principal + last.interest,
        interest=interest,
        saved=before - interest if keep else NOTHING,
        schedule=book.rows,
    )
