"""What people do to a loan, as values: the log from which every book can be rebuilt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lending.engine import bookings, changes
from lending.engine.allocation import Component
from lending.engine.book import DAY, Book, BookState, NotPossible
from lending.engine.changes import NewTerms
from lending.engine.charges import Charge
from lending.engine.revisions import Keep

NOTHING = Decimal(0)


class ActKind(StrEnum):
    """The acts."""

    DISBURSE = "disburse"
    RECEIVE = "receive"
    PREPAY = "prepay"
    FORECLOSE = "foreclose"
    COOL_OFF = "cool_off"
    FEE = "fee"
    WAIVE = "waive"
    RESTRUCTURE = "restructure"
    WRITE_OFF = "write_off"
    SETTLE = "settle"
    RECOVER = "recover"
    REFUND = "refund"
    RESET = "reset"
    DECLARE_LOSS = "declare_loss"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a day. Rupees; `fee` kept back with its `tax`, `reference` of a payment; the rest stays empty."""

    kind: ActKind
    on: date
    amount: Decimal = NOTHING
    fee: Decimal = NOTHING
    tax: Decimal = NOTHING
    reference: str = ""
    component: Component = Component.FEE
    keep: Keep = Keep.TENOR
    terms: NewTerms | None = None
    percent: Decimal = NOTHING

    def extras(self) -> dict[str, object]:
        """What has no column of its own, as plain JSON values."""
        found: dict[str, object] = {}
        if self.kind is ActKind.WAIVE:
            found["component"] = self.component.value
        if self.kind in (ActKind.PREPAY, ActKind.RESET):
            found["keep"] = self.keep.value
        if self.kind is ActKind.RESET:
            found["percent"] = f"{self.percent.normalize():f}"
        if self.terms is not None:
            found["terms"] = {
                "percent": f"{self.terms.percent.normalize():f}",
                "months": self.terms.months,
                "first_due": self.terms.first_due.isoformat(),
                "watch_months": self.terms.watch_months,
            }
        return found


def with_extras(act: Act, extras: Mapping[str, object]) -> Act:
    """The act with what `extras` wrote. Raises KeyError or ValueError for another document."""
    terms = extras.get("terms")
    return replace(
        act,
        component=Component(str(extras.get("component", act.component.value))),
        keep=Keep(str(extras.get("keep", act.keep.value))),
        terms=_terms(terms) if isinstance(terms, Mapping) else None,
        percent=Decimal(str(extras.get("percent", act.percent))),
    )


def _terms(document: Mapping[str, object]) -> NewTerms:
    return NewTerms(
        percent=Decimal(str(document["percent"])),
        months=int(str(document["months"])),
        first_due=date.fromisoformat(str(document["first_due"])),
        watch_months=int(str(document["watch_months"])),
    )


def perform(book: Book, act: Act) -> Book:
    """The book after an act on a day whose eve is closed. Raises NotPossible."""
    if book.state is not _needed(act.kind):
        raise NotPossible(f"The loan is {book.state.replace('_', ' ')}: this is not possible any more.")
    if book.state is BookState.ACTIVE and book.through != act.on - DAY:
        raise NotPossible(f"The books are closed up to {book.through}; {act.on} is not the next day.")
    return _RULES[act.kind](book, act)


def _needed(kind: ActKind) -> BookState:
    special = {ActKind.DISBURSE: BookState.APPROVED, ActKind.RECOVER: BookState.WRITTEN_OFF}
    return special.get(kind, BookState.ACTIVE)


def _disburse(book: Book, act: Act) -> Book:
    return bookings.disburse(book, act.on, act.amount, Charge(act.fee, act.tax))


def _receive(book: Book, act: Act) -> Book:
    book = bookings.take(book, act.on, act.amount, act.reference)
    return bookings.settle_if_done(changes.bring_to(book, act.on))


def _prepay(book: Book, act: Act) -> Book:
    before = changes.bring_to(book, act.on)
    due = sum((one.amount for one in before.dues), NOTHING)
    book = bookings.take(before, act.on, act.amount, act.reference)
    return changes.part_prepay(book, act.on, act.amount - due, act.keep)


def _foreclose(book: Book, act: Act) -> Book:
    return changes.foreclose(bookings.take(book, act.on, act.amount, act.reference), act.on)


def _cool_off(book: Book, act: Act) -> Book:
    return changes.cool_off(bookings.take(book, act.on, act.amount, act.reference), act.on)


def _fee(book: Book, act: Act) -> Book:
    return bookings.charge_fee(book, act.on, Charge(act.amount, act.tax))


def _waive(book: Book, act: Act) -> Book:
    return bookings.settle_if_done(bookings.waive(book, act.on, act.component, act.amount))


def _restructure(book: Book, act: Act) -> Book:
    if act.terms is None:
        raise NotPossible("A restructuring needs its new terms.")
    return changes.restructured(book, act.on, act.terms)[0]


def _write_off(book: Book, act: Act) -> Book:
    return bookings.write_off(changes.bring_to(book, act.on), act.on)


def _settle(book: Book, act: Act) -> Book:
    book = changes.call_in(bookings.take(book, act.on, act.amount, act.reference), act.on)
    book = bookings.use_held(book, act.on)
    return bookings.write_off(book, act.on, BookState.CLOSED) if book.owed else bookings.settle_if_done(book)


def _recover(book: Book, act: Act) -> Book:
    return bookings.recover(book, act.on, act.amount, act.reference)


def _refund(book: Book, act: Act) -> Book:
    return bookings.refund(book, act.on, act.amount)


def _reset(book: Book, act: Act) -> Book:
    return changes.rate_reset(book, act.on, act.percent, act.keep)


def _declare_loss(book: Book, act: Act) -> Book:
    return changes.declare_loss(book, act.on)


def _draw(book: Book, act: Act) -> Book:
    return changes.draw(book, act.on, act.amount)


_RULES: Mapping[ActKind, Callable[[Book, Act], Book]] = {
    ActKind.DISBURSE: _disburse,
    ActKind.RECEIVE: _receive,
    ActKind.PREPAY: _prepay,
    ActKind.FORECLOSE: _foreclose,
    ActKind.COOL_OFF: _cool_off,
    ActKind.FEE: _fee,
    ActKind.WAIVE: _waive,
    ActKind.RESTRUCTURE: _restructure,
    ActKind.WRITE_OFF: _write_off,
    ActKind.SETTLE: _settle,
    ActKind.RECOVER: _recover,
    ActKind.REFUND: _refund,
    ActKind.RESET: _reset,
    ActKind.DECLARE_LOSS: _declare_loss,
    ActKind.DRAW: _draw,
}
