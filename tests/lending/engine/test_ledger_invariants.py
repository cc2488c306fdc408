"""The invariants of the ledger (lending rules §8) over ten thousand random histories, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from lending.engine.acts import Act, ActKind, perform
from lending.engine.allocation import Component
from lending.engine.book import Book, BookState, NotPossible
from lending.engine.changes import NewTerms, payoff
from lending.engine.closing import close_day, replay
from lending.engine.days import DayCount
from lending.engine.ledger import HELD, OWED, Account, Kind, trial_balance
from lending.engine.revisions import Keep
from lending.engine.terms import Method, Terms
from tests.lending.engine.books import DAY, approved

HISTORIES = 10_000
SHARE = 2_500
STEPS = 7
WHOLE = 150
"""Every how many histories one is also lived day by day, run again, and run again without its last payment."""
PAYMENTS = (ActKind.RECEIVE, ActKind.RECEIVE, ActKind.RECEIVE, ActKind.PREPAY, ActKind.FORECLOSE, ActKind.SETTLE)
OTHERS = (
    ActKind.FEE, ActKind.WAIVE, ActKind.REFUND, ActKind.RESTRUCTURE, ActKind.WRITE_OFF, ActKind.RECOVER, ActKind.RESET,
    ActKind.DRAW, ActKind.DRAW, ActKind.DECLARE_LOSS,
)  # fmt: skip


class Chance:
    """Seeded draws."""

    def __init__(self, seed: int) -> None:
        self._draws = np.random.default_rng(seed)

    def randrange(self, low: int, high: int | None = None) -> int:
        return int(self._draws.integers(low, high))

    def random(self) -> float:
        return float(self._draws.random())

    def choice(self, some):
        return some[self.randrange(len(some))]


def a_loan(chance: Chance) -> Terms:
    method = chance.choice((Method.EMI, Method.EMI, Method.EMI, Method.FLAT, Method.BULLET, Method.EQUAL_PRINCIPAL))
    disbursed = date(2026, 1, 1) + timedelta(days=chance.randrange(60))
    return Terms(
        principal=Decimal(chance.randrange(1_000_000, 500_000_000)) / 100,
        percent=Decimal(chance.randrange(0, 3600)) / 100,
        months=chance.randrange(1, 13),
        disbursed=disbursed,
        first_due=disbursed + timedelta(days=chance.randrange(10, 45)),
        method=method,
        day_count=chance.choice((DayCount.SAME_AS_PERIOD, DayCount.ACT_365F)),
    )


def an_act(chance: Chance, book: Book, on: date, number: int) -> Act:
    kind = chance.choice(PAYMENTS if chance.random() < 0.75 else OTHERS)
    due = sum((one.amount for one in book.dues), Decimal(0))
    amount = chance.choice((due, due / 2, Decimal(chance.randrange(1, 10**7)) / 100)).quantize(Decimal("0.01"))
    if kind is ActKind.FORECLOSE:
        amount = payoff(book, on).total
    return Act(
        kind=kind, on=on, amount=amount, reference=f"UTR{number}", tax=Decimal(18 if kind is ActKind.FEE else 0),
        component=chance.choice(list(Component)), keep=chance.choice(list(Keep)),
        percent=Decimal(chance.randrange(1, 3600)) / 100,
        terms=NewTerms(Decimal(11), chance.randrange(1, 25), on + timedelta(days=chance.randrange(5, 60))),
    )  # fmt: skip


def hold_up(book: Book) -> None:
    """Every invariant that can be read from one book."""
    balances = book.balances
    assert trial_balance(balances) == 0
    assert all(balances.get(account, 0) >= 0 for account in OWED), balances
    assert all(balances.get(account, 0) <= 0 for account in HELD), balances
    assert all(due.amount > 0 for due in book.dues)
    dues = {part: sum((due.amount for due in book.dues if due.component is part), Decimal(0)) for part in Component}
    assert dues[Component.INTEREST] == balances.get(Account.INTEREST_DUE, 0)
    assert dues[Component.FEE] == balances.get(Account.FEE_DUE, 0)
    assert dues[Component.PENAL] == balances.get(Account.PENAL_DUE, 0)
    coming = sum((row.principal - row.capitalised for row in book.rows), Decimal(0))
    assert dues[Component.PRINCIPAL] + coming == balances.get(Account.PRINCIPAL, 0)
    moved = {kind: principal_of(book, kind) for kind in Kind}
    paid = -moved[Kind.ALLOCATION] - moved[Kind.PREPAYMENT]
    lent = moved[Kind.DISBURSAL] + moved[Kind.CAPITALISATION]
    assert paid + balances.get(Account.PRINCIPAL, 0) - moved[Kind.WRITE_OFF] == lent
    if book.state is BookState.CLOSED:
        assert book.owed == 0


def principal_of(book: Book, kind: Kind) -> Decimal:
    """What entries of a kind booked on the principal."""
    lines = (line for entry in book.entries if entry.kind is kind for line in entry.lines)
    return sum((amount for account, amount in lines if account is Account.PRINCIPAL), Decimal(0))


def live(seed: int, *, daily: bool) -> tuple[Book, Book, list[Act]]:
    """A random history: the loan approved, the loan at the end, and what people did."""
    chance = Chance(seed)
    terms = a_loan(chance)
    start = approved(terms, grace_days=chance.choice((0, 0, 5)), floating=chance.random() < 0.5)
    acts = [Act(ActKind.DISBURSE, terms.disbursed, terms.principal, fee=Decimal(100), tax=Decimal(18))]
    book = perform(start, acts[0])
    on = terms.disbursed
    for number in range(STEPS):
        on += timedelta(days=chance.randrange(1, 45))
        if daily:
            while book.state is BookState.ACTIVE and book.through < on - DAY:
                (book,) = close_day((book,), book.through + DAY)
        else:
            (book,) = close_day((book,), on - DAY)
        hold_up(book)
        act = an_act(chance, book, on, number)
        before = book
        try:
            book = perform(book, act)
        except NotPossible:
            assert book == before
            continue
        acts.append(act)
        hold_up(book)
        try:
            perform(book, replace(act, kind=ActKind.RECEIVE if act.kind in PAYMENTS else ActKind.RECOVER))
        except NotPossible:
            continue
        assert act.kind in OTHERS  # a payment never posts twice
    return start, book, acts


@pytest.mark.parametrize(
    "first", [0, *(pytest.param(first, marks=pytest.mark.no_cover) for first in range(SHARE, HISTORIES, SHARE))]
)
def test_ten_thousand_random_histories_keep_every_invariant(first):
    for seed in range(first, first + SHARE):
        live(seed, daily=False)


def test_histories_run_again_give_the_living_book_and_without_a_payment_the_book_before_it():
    for seed in range(0, HISTORIES, WHOLE):
        start, book, acts = live(seed, daily=True)
        assert replay((start,), {"1": acts}, book.through) == (book,)
        last = acts[-1]
        if last.kind in PAYMENTS and len(acts) > 1:
            eve = replay((start,), {"1": acts[:-1]}, last.on - DAY)
            assert replay((start,), {"1": [one for one in acts if one is not last]}, last.on - DAY) == eve
