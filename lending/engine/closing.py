"""The end of a day for a borrower's loans, and their whole history run again from what people did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from lending.engine.acts import Act, perform
from lending.engine.book import DAY, Book, BookState
from lending.engine.bookings import accrue, charge_penal, demand, month_ends, settle_if_done, stand, use_held
from lending.engine.classification import AssetClass, Facility, classify_borrower


def close_day(books: Sequence[Book], on: date) -> tuple[Book, ...]:
    """All loans of one borrower at the day-end of `on`, in the order given.

    Demand, accrual, penal charges at month-ends, use of held money, class. A day that is closed stays closed.
    Days between the last closed one and `on` are closed with it.
    """
    done = [_day(book, on) if _open(book, on) else book for book in books]
    running = [place for place, book in enumerate(done) if book.state in (BookState.ACTIVE, BookState.WRITTEN_OFF)]
    standings = classify_borrower([_facility(done[place], on) for place in running], on)
    for place, standing in zip(running, standings, strict=True):
        if done[place].state is BookState.ACTIVE and _open(books[place], on):
            done[place] = stand(done[place], on, standing)
    return tuple(
        replace(book, through=on) if _open(before, on) else book for before, book in zip(books, done, strict=True)
    )


def _open(book: Book, on: date) -> bool:
    return book.state is BookState.ACTIVE and book.through < on


def _day(book: Book, on: date) -> Book:
    book = accrue(demand(book, on), on)
    if month_ends(on):
        book = charge_penal(book, on + DAY, on)
    return settle_if_done(use_held(book, on))


def _facility(book: Book, on: date) -> Facility:
    written_off = book.state is BookState.WRITTEN_OFF
    return Facility(
        account=book.agreement.account,
        oldest_due=book.oldest_due,
        npa_since=book.standing.npa_date if book.non_performing else None,
        loss=written_off or book.standing.asset_class is AssetClass.LOSS,
        watched=book.watch_until is not None and on < book.watch_until and book.non_performing,
    )


def replay(books: Sequence[Book], acts: Mapping[str, Iterable[Act]], through: date) -> tuple[Book, ...]:
    """The books of one borrower from their first day: every act on its day, in order, and every day closed.

    `books` as they were approved, `acts` by account. Raises NotPossible when an act does not fit.
    """
    current = {book.agreement.account: book for book in books}
    ahead = sorted(
        ((act.on, place, account, act) for account, some in acts.items() for place, act in enumerate(some)),
        key=lambda item: item[:3],
    )
    if not ahead:
        return tuple(books)
    day = ahead[0][0]
    while day <= through:
        while ahead and ahead[0][0] == day:
            _, _, account, act = ahead.pop(0)
            current[account] = perform(current[account], act)
        current = dict(zip(current, close_day(tuple(current.values()), day), strict=True))
        day += DAY
    for _, _, account, act in ahead:  # of the day that is still open
        current[account] = perform(current[account], act)
    return tuple(current.values())
