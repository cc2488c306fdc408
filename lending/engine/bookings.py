"""The rules of a loan's book: each event, what it books, and what it refuses.

Interest is earned by the day and asked for on the due date. Penal charges are charges with tax: they never join the
principal and nothing is charged on them. Interest of a non-performing loan is suspended until it is paid (IRAC).
"""

from calendar import monthrange
from dataclasses import replace
from datetime import date
from decimal import Decimal

from lending.engine.allocation import Component, Due, allocate
from lending.engine.book import DAY, RECEIVABLE, Book, BookState, NotPossible, Row, without
from lending.engine.charges import Charge, penal
from lending.engine.classification import Standing
from lending.engine.ledger import Account, Kind

NOTHING = Decimal(0)
ASKED_INTEREST = (Component.PRINCIPAL, Component.INTEREST)


def disburse(book: Book, on: date, amount: Decimal, fee: Charge) -> Book:
    """Pay the loan out, keeping the fee with its tax back."""
    if book.state is not BookState.APPROVED:
        raise NotPossible("This loan has been paid out already.")
    paid_out = replace(book, state=BookState.ACTIVE, through=on - DAY, penal_through=on)
    return paid_out.post(
        Kind.DISBURSAL,
        on,
        {
            Account.PRINCIPAL: amount,
            Account.BANK: fee.total - amount,
            Account.FEE_INCOME: -fee.amount,
            Account.TAX: -fee.tax,
        },
    )


def demand(book: Book, on: date) -> Book:
    """Ask for every instalment due by `on`; interest of a moratorium that is capitalised joins the principal."""
    while book.rows and book.rows[0].due <= on:
        row = book.rows[0]
        book = _earn(book, row, row.due, row.due - DAY)
        book = book.post(Kind.DEMAND, row.due, {Account.INTEREST_DUE: row.interest, Account.ACCRUED: -row.interest})
        capitalised = {Account.PRINCIPAL: row.capitalised, Account.ACCRUED: -row.capitalised}
        book = book.post(Kind.CAPITALISATION, row.due, capitalised)
        asked = (Due(row.due, Component.PRINCIPAL, row.principal), Due(row.due, Component.INTEREST, row.interest))
        book = replace(book.ask(*asked), rows=book.rows[1:])
    return book


def accrue(book: Book, on: date) -> Book:
    """Earn the interest of the days up to and with `on`, as far as the coming instalment's period reaches."""
    if not book.rows or book.state is not BookState.ACTIVE:
        return book
    return _earn(book, book.rows[0], on + DAY, on)


def _earn(book: Book, row: Row, before: date, on: date) -> Book:
    earned = row.accrued_before(before) - book.balance(Account.ACCRUED)
    income = Account.SUSPENDED if book.non_performing else Account.INTEREST_INCOME
    return book.post(Kind.ACCRUAL, on, {Account.ACCRUED: earned, income: -earned})


def charge_penal(book: Book, before: date, on: date) -> Book:
    """Charge the days before `before` on every overdue instalment, once for each day; dated `on`."""
    asked = NOTHING
    for due in sorted({due.due for due in book.dues if due.component in ASKED_INTEREST and due.due < before}):
        overdue = sum((one.amount for one in book.dues if one.due == due and one.component in ASKED_INTEREST), NOTHING)
        days = _penal_days(book, due, before)
        charge = penal(book.agreement.penal, overdue, days)
        asked += charge.total
        amounts = {
            Account.PENAL_DUE: charge.total,
            Account.PENAL_INCOME: -charge.amount,
            Account.TAX: -charge.tax,
        }
        book = book.post(Kind.PENAL, on, amounts)
    return replace(book.ask(Due(on, Component.PENAL, asked)), penal_through=max(book.penal_through, before))


def _penal_days(book: Book, due: date, before: date) -> int:
    grace = book.agreement.grace_days
    if (before - due).days <= grace:
        return 0
    # Days of grace were not charged while they ran; whoever goes beyond them pays for them too.
    in_grace = (book.penal_through - due).days <= grace
    return (before - (due if in_grace else max(due, book.penal_through))).days


def month_ends(on: date) -> bool:
    """Whether a month ends with this day: the day penal charges are booked.

    >>> month_ends(date(2026, 2, 28)), month_ends(date(2024, 2, 28))
    (True, False)
    """
    return on.day == monthrange(on.year, on.month)[1]


def take(book: Book, on: date, amount: Decimal, reference: str) -> Book:
    """Money arrives: it is the borrower's until it is used. A reference is taken once."""
    if reference in book.references:
        raise NotPossible(f"The payment {reference} is booked already.")
    if amount <= 0:
        raise NotPossible("A payment is above zero.")
    book = replace(book, references=book.references | {reference})
    return book.post(Kind.RECEIPT, on, {Account.BANK: amount, Account.UNALLOCATED: -amount})


def use_held(book: Book, on: date) -> Book:
    """Lay money that waits out over what is due by `on`, in the order of the loan's asset class."""
    if not book.unallocated or not book.dues:
        return book
    waterfall = book.agreement.allocation.waterfall(book.standing.asset_class)
    laid = allocate(book.dues, book.unallocated, on, waterfall)
    amounts: dict[Account, Decimal] = {}
    for part in laid.paid:
        account = RECEIVABLE[part.component]
        amounts[account] = amounts.get(account, NOTHING) - part.amount
    amounts[Account.UNALLOCATED] = -sum(amounts.values(), NOTHING)
    book = book.post(Kind.ALLOCATION, on, amounts)
    interest = -amounts.get(Account.INTEREST_DUE, NOTHING)
    book = _realise(book, on, interest)
    return replace(book, dues=without(book.dues, laid.paid), paid=(*book.paid, *laid.paid))


def _realise(book: Book, on: date, interest: Decimal) -> Book:
    """Suspended interest that has been paid becomes income."""
    part = min(interest, -book.balance(Account.SUSPENDED))
    return book.post(Kind.RESUMPTION, on, {Account.SUSPENDED: part, Account.INTEREST_INCOME: -part})


def stand(book: Book, on: date, standing: Standing) -> Book:
    """Take the class of a day-end: interest not received is suspended on the way down, earned on the way up."""
    before, book = book.non_performing, replace(book, standing=standing)
    if book.non_performing and not before:
        unreal = book.balance(Account.ACCRUED) + book.balance(Account.INTEREST_DUE)
        return book.post(Kind.SUSPENSION, on, {Account.INTEREST_INCOME: unreal, Account.SUSPENDED: -unreal})
    return _realise(book, on, -book.balance(Account.SUSPENDED)) if before and not book.non_performing else book


def charge_fee(book: Book, on: date, charge: Charge) -> Book:
    """A fee is asked for, with its tax."""
    amounts = {Account.FEE_DUE: charge.total, Account.FEE_INCOME: -charge.amount, Account.TAX: -charge.tax}
    return book.post(Kind.FEE, on, amounts).ask(Due(on, Component.FEE, charge.total))


def waive(book: Book, on: date, component: Component, amount: Decimal) -> Book:
    """Let go of a part of what is due, oldest first; principal is written off, never waived."""
    if component is Component.PRINCIPAL:
        raise NotPossible("Principal is not waived. Write it off or restructure the loan.")
    open_dues = [due for due in book.dues if due.component is component]
    if not 0 < amount <= sum((due.amount for due in open_dues), NOTHING):
        raise NotPossible("Waive an amount above zero and not above what is due.")
    parts, left = [], amount
    for due in open_dues:
        part = min(due.amount, left)
        parts.append(replace(due, amount=part))
        left -= part
    gone = tuple(part for part in parts if part.amount)
    kept = min(amount, -book.balance(Account.SUSPENDED)) if component is Component.INTEREST else NOTHING
    amounts = {RECEIVABLE[component]: -amount, Account.SUSPENDED: kept, Account.WAIVED: amount - kept}
    book = book.post(Kind.WAIVER, on, amounts)
    return replace(book, dues=without(book.dues, gone), waived=(*book.waived, *gone))


def write_off(book: Book, on: date, state: BookState = BookState.WRITTEN_OFF) -> Book:
    """Take what is owed off the books; suspended interest was never income. The claim on the borrower stays."""
    if book.state is not BookState.ACTIVE or not book.owed:
        raise NotPossible("There is nothing left to write off.")
    owed = {account: -book.balance(account) for account in (*RECEIVABLE.values(), Account.ACCRUED)}
    kept = -book.balance(Account.SUSPENDED)
    amounts = {**owed, Account.SUSPENDED: kept, Account.WRITTEN_OFF: book.owed - kept}
    gone = book.dues
    return replace(book.post(Kind.WRITE_OFF, on, amounts), dues=(), rows=(), state=state, waived=(*book.waived, *gone))


def recover(book: Book, on: date, amount: Decimal, reference: str) -> Book:
    """Money that comes after the write-off is income, up to the claim the caller keeps."""
    if book.state is not BookState.WRITTEN_OFF:
        raise NotPossible("Only a written-off loan is recovered; post a receipt instead.")
    book = take(book, on, amount, reference)
    return book.post(Kind.RECOVERY, on, {Account.UNALLOCATED: amount, Account.RECOVERED: -amount})


def refund(book: Book, on: date, amount: Decimal) -> Book:
    """Give money back that nothing is due for."""
    if not 0 < amount <= book.unallocated:
        raise NotPossible("Give back an amount above zero and not above what is kept.")
    return book.post(Kind.REFUND, on, {Account.UNALLOCATED: amount, Account.BANK: -amount})


def settle_if_done(book: Book) -> Book:
    """A loan with nothing owed and nothing to come is closed."""
    done = book.state is BookState.ACTIVE and not book.rows and not book.owed
    return replace(book, state=BookState.CLOSED) if done else book
