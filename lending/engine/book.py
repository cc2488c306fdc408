"""The book of one loan: what is scheduled, due and owed, and every rule by which an event changes it.

Pure: a rule takes a book and gives the next one. `entries`, `asked`, `paid` and `waived` gather what happened since
the book was opened, so that whoever stores it writes exactly that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from lending.engine.allocation import AllocationPolicy, Component, Due, oldest_due
from lending.engine.charges import PenalPolicy
from lending.engine.classification import AssetClass, Standing
from lending.engine.ledger import OWED, Account, Balances, Kind, Posting, entry, posted
from lending.engine.rounding import rounded
from lending.engine.terms import Terms

NOTHING = Decimal(0)
UNTOUCHED = Standing(0, None, AssetClass.STANDARD, None)
DAY = timedelta(days=1)
RECEIVABLE = {
    Component.PRINCIPAL: Account.PRINCIPAL,
    Component.INTEREST: Account.INTEREST_DUE,
    Component.FEE: Account.FEE_DUE,
    Component.PENAL: Account.PENAL_DUE,
}


class BookState(StrEnum):
    """Whether the loan still runs; a written-off one keeps its claim."""

    APPROVED = "approved"
    ACTIVE = "active"
    CLOSED = "closed"
    WRITTEN_OFF = "written_off"


class NotPossible(ValueError):
    """The event does not fit the book; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One scheduled instalment. `brought` is interest of its period that had accrued by `start` already."""

    number: int
    start: date
    due: date
    principal: Decimal
    interest: Decimal
    capitalised: Decimal = NOTHING
    brought: Decimal = NOTHING

    def accrued_before(self, day: date) -> Decimal:
        """The interest of the period that has accrued when `day` begins: even by days, rounded once."""
        whole, days = self.interest + self.capitalised, Decimal((self.due - self.start).days)
        gone = min(max((day - self.start).days, 0), (self.due - self.start).days)
        return self.brought + rounded((whole - self.brought) * gone / days)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed and stays: terms, order of payment, penal charge, yearly cost of the key fact statement."""

    account: str
    terms: Terms
    allocation: AllocationPolicy
    penal: PenalPolicy
    grace_days: int = 0
    apr: Decimal = NOTHING
    cooling_off_days: int = 1
    floating: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """A loan as it stands. `through`: the last closed day. `rows`: not asked for yet. `dues`: asked and unpaid.

    `drawn`: what was paid out after the first day, with its day, known while the cooling-off days last.
    """

    agreement: Agreement
    through: date
    penal_through: date
    rows: tuple[Row, ...]
    state: BookState = BookState.ACTIVE
    percent: Decimal = NOTHING
    standing: Standing = UNTOUCHED
    watch_until: date | None = None
    dues: tuple[Due, ...] = ()
    balances: Balances = field(default_factory=dict)
    references: frozenset[str] = frozenset()
    entries: tuple[Posting, ...] = ()
    asked: tuple[Due, ...] = ()
    paid: tuple[Due, ...] = ()
    waived: tuple[Due, ...] = ()
    drawn: tuple[tuple[date, Decimal], ...] = ()

    def balance(self, account: Account) -> Decimal:
        """Debit above zero."""
        return self.balances.get(account, NOTHING)

    @property
    def owed(self) -> Decimal:
        """Everything the borrower owes, accrued interest included."""
        return sum((self.balance(account) for account in OWED), NOTHING)

    @property
    def unallocated(self) -> Decimal:
        """Money received and not used yet."""
        return -self.balance(Account.UNALLOCATED)

    @property
    def non_performing(self) -> bool:
        """Whether interest is suspended instead of earned."""
        return self.standing.asset_class is not AssetClass.STANDARD

    @property
    def oldest_due(self) -> date | None:
        """The oldest date with principal or interest unpaid."""
        return oldest_due(self.dues, date.max)

    def post(self, kind: Kind, on: date, amounts: Mapping[Account, Decimal]) -> "Book":
        """The book with an entry more; the same book when there is nothing to book."""
        made = entry(kind, on, amounts)
        if made is None:
            return self
        return replace(self, balances=posted(self.balances, made), entries=(*self.entries, made))

    def ask(self, *dues: Due) -> "Book":
        """The book with more dues; two of one kind and day become one."""
        real = tuple(due for due in dues if due.amount)
        return replace(self, dues=merged((*self.dues, *real)), asked=(*self.asked, *real))


def merged(dues: Iterable[Due]) -> tuple[Due, ...]:
    """The dues by date and kind, oldest first, each pair once."""
    amounts: dict[tuple[date, Component], Decimal] = {}
    for due in dues:
        key = (due.due, due.component)
        amounts[key] = amounts.get(key, NOTHING) + due.amount
    return tuple(Due(*key, amount) for key, amount in sorted(amounts.items()) if amount)


def without(dues: Iterable[Due], parts: Iterable[Due]) -> tuple[Due, ...]:
    """The dues less these parts of them."""
    return merged((*dues, *(replace(part, amount=-part.amount) for part in parts)))
