"""What would happen: a payment before it is posted, an act before it is asked for, the amount that closes a loan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lending.engine.acts import Act, ActKind, perform
from lending.engine.allocation import AllocationPolicy, Component, Due, Orientation, Waterfall
from lending.engine.book import Book, merged
from lending.engine.changes import Payoff, bring_to, payoff
from lending.engine.classification import Standing
from lending.engine.closing import close_day
from lending.engine.ledger import Account
from lending.models import Loan
from lending.selectors.loan_acts import books_on, running_with

NOTHING = Decimal(0)
VERTICAL = (Component.PENAL, Component.FEE, Component.INTEREST, Component.PRINCIPAL)
HORIZONTAL = (Component.INTEREST, Component.PRINCIPAL, Component.FEE, Component.PENAL)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A payment laid out in one order, and how the loan stands at the end of that day."""

    orientation: str
    applies: bool
    paid: tuple[Due, ...]
    left: tuple[Due, ...]
    kept: Decimal
    standing: Standing


@dataclass(frozen=True, slots=True)
class ReceiptPreview:
    """A payment before it is posted: what is due that day, and both orders; the loan's own comes first."""

    on: date
    amount: Decimal
    dues: tuple[Due, ...]
    options: tuple[LaidOut, ...]

    @property
    def due(self) -> Decimal:
        """Everything due."""
        return sum((one.amount for one in self.dues), NOTHING)

    @property
    def differs(self) -> bool:
        """Whether the other order would leave the loan in another class or count of days."""
        first, second = (option.standing for option in self.options)
        return (first.dpd, first.sma, first.asset_class) != (second.dpd, second.sma, second.asset_class)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a loan before and after, as text."""

    name: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        """Whether it is another."""
        return self.before != self.after


def receipt_preview(*, loan: Loan, amount: Decimal, on: date) -> ReceiptPreview:
    """What a payment would do under both orders. Raises NotPossible."""
    group = running_with(loan)
    standing_books, place = books_on(group, on), group.index(loan)
    before = standing_books[place]
    usual = before.agreement.allocation.waterfall(before.standing.asset_class)
    other = _other(usual)
    act = Act(ActKind.RECEIVE, on, amount, reference="preview")
    options = tuple(
        _laid_out(standing_books, place, replace(act), waterfall, applies=waterfall is usual)
        for waterfall in (usual, other)
    )
    return ReceiptPreview(on=on, amount=amount, dues=bring_to(before, on).dues, options=options)


def _other(usual: Waterfall) -> Waterfall:
    if usual.orientation is Orientation.HORIZONTAL:
        return Waterfall(VERTICAL, Orientation.VERTICAL)
    return Waterfall(HORIZONTAL, Orientation.HORIZONTAL)


def _laid_out(group: Sequence[Book], place: int, act: Act, waterfall: Waterfall, *, applies: bool) -> LaidOut:
    before = group[place]
    agreed = replace(before.agreement, allocation=AllocationPolicy(waterfall, {}))
    after = perform(replace(before, agreement=agreed), act)
    tonight = close_day([*group[:place], after, *group[place + 1 :]], act.on)[place]
    return LaidOut(
        orientation=waterfall.orientation.value,
        applies=applies,
        paid=merged(after.paid[len(before.paid) :]),
        left=after.dues,
        kept=after.unallocated,
        standing=tonight.standing,
    )


def payoff_quote(*, loan: Loan, on: date) -> Payoff:
    """What closes the loan on a day."""
    group = running_with(loan)
    return payoff(books_on(group, on)[group.index(loan)], on)


def effect(*, loan: Loan, act: Act) -> list[Figure]:
    """What an act of today would change, at the end of its day. Raises NotPossible."""
    group = running_with(loan)
    current, place = books_on(group, act.on), group.index(loan)
    after = perform(current[place], act)
    without = close_day(current, act.on)[place]
    tonight = close_day([*current[:place], after, *current[place + 1 :]], act.on)[place]
    return figures(without, tonight)


def figures(before: Book, after: Book) -> list[Figure]:
    """What people look at, in both books."""
    pairs = zip(_read(before).items(), _read(after).values(), strict=True)
    return [Figure(name, was, now) for (name, was), now in pairs]


def _read(book: Book) -> dict[str, str]:
    amounts = {
        "Principal": book.balance(Account.PRINCIPAL),
        "Interest due": book.balance(Account.INTEREST_DUE),
        "Interest earned, not due": book.balance(Account.ACCRUED),
        "Fees due": book.balance(Account.FEE_DUE),
        "Penal charges due": book.balance(Account.PENAL_DUE),
        "Kept for the borrower": book.unallocated,
        "Interest suspended": -book.balance(Account.SUSPENDED),
    }
    first = book.rows[0] if book.rows else None
    return {
        **{name: f"{amount:.2f}" for name, amount in amounts.items()},
        "Next instalment": f"{first.principal + first.interest:.2f}" if first else "–",
        "Next due": first.due.isoformat() if first else "–",
        "Last due": book.rows[-1].due.isoformat() if first else "–",
        "Rate, % a year": f"{book.percent.normalize():f}",
        "Days past due": str(book.standing.dpd),
        "Class": " ".join(filter(None, (book.standing.asset_class.value, book.standing.sma))),
        "State": book.state.value.replace("_", " "),
    }
