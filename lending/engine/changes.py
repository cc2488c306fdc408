"""What changes the rows of a running loan: a part prepayment, closing early, leaving within days, new terms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lending.engine.allocation import Component, Due
from lending.engine.book import DAY, Book, BookState, NotPossible, Row
from lending.engine.bookings import NOTHING, accrue, charge_penal, demand, stand, use_held
from lending.engine.classification import AssetClass, Standing
from lending.engine.days import MONTHS, DayCount, months_after
from lending.engine.ledger import Account, Kind
from lending.engine.plans import Instalment, Plan, plan
from lending.engine.revisions import Keep, cooling_off, prepay, reset_rate, restructure
from lending.engine.rounding import rounded
from lending.engine.terms import Terms, UnsoundTerms


@dataclass(frozen=True, slots=True)
class Payoff:
    """What closes a loan on a day, in rupees; `held` is money that waits already."""

    principal: Decimal
    interest: Decimal
    fees: Decimal
    penal: Decimal
    held: Decimal

    @property
    def charges(self) -> Decimal:
        """Fees and penal charges."""
        return self.fees + self.penal

    @property
    def total(self) -> Decimal:
        """What is still to pay."""
        return self.principal + self.interest + self.fees + self.penal - self.held


def scheduled(rows: Sequence[Instalment], disbursed: date) -> tuple[Row, ...]:
    """The rows of a plan as a book keeps them, each from the due date before it."""
    starts = (disbursed, *(row.due for row in rows))
    return tuple(
        Row(row.number, start, row.due, row.principal, row.interest, row.capitalised)
        for row, start in zip(rows, starts, strict=False)
    )


def bring_to(book: Book, on: date) -> Book:
    """The book when `on` begins: what falls due today asked for, penal charges up to today, held money used."""
    return use_held(charge_penal(demand(book, on), on, on), on)


def payoff(book: Book, on: date) -> Payoff:
    """What closes the loan on `on`: nothing is charged for closing early (the caller asks any fee before)."""
    now = bring_to(accrue(book, on - DAY), on)
    return Payoff(
        principal=now.balance(Account.PRINCIPAL),
        interest=now.balance(Account.ACCRUED) + now.balance(Account.INTEREST_DUE),
        fees=now.balance(Account.FEE_DUE),
        penal=now.balance(Account.PENAL_DUE),
        held=now.unallocated,
    )


def foreclose(book: Book, on: date) -> Book:
    """Use held money to close the loan today. Raises NotPossible when it does not suffice."""
    book = call_in(book, on)
    if book.unallocated < book.owed:
        raise NotPossible(f"Closing the loan takes ₹ {book.owed - book.unallocated:.2f} more.")
    return replace(use_held(book, on), state=BookState.CLOSED)


def call_in(book: Book, on: date) -> Book:
    """Make everything due today: principal that was to come, and the interest earned so far."""
    book = bring_to(book, on)
    accrued = book.balance(Account.ACCRUED)
    book = book.post(Kind.DEMAND, on, {Account.INTEREST_DUE: accrued, Account.ACCRUED: -accrued})
    asked = sum((due.amount for due in book.dues if due.component is Component.PRINCIPAL), NOTHING)
    rest = Due(on, Component.PRINCIPAL, book.balance(Account.PRINCIPAL) - asked)
    return replace(book.ask(rest, Due(on, Component.INTEREST, accrued)), rows=())


def part_prepay(book: Book, on: date, amount: Decimal, keep: Keep) -> Book:
    """Use held money to lower the principal today; the coming rows follow. Everything due has to be paid first.

    The days of the running period before today keep the interest they earned. Raises NotPossible.
    """
    book = bring_to(book, on)
    if book.dues:
        raise NotPossible("Pay what is due first; a prepayment comes on top.")
    if not book.rows or not 0 < amount <= book.unallocated:
        raise NotPossible("Prepay an amount above zero that has been received.")
    first, left = book.rows[0], book.balance(Account.PRINCIPAL)
    try:
        revised = prepay(_running(book, left), 0, amount, keep).plan
    except UnsoundTerms as refusal:
        raise NotPossible(refusal.message) from refusal
    rows = [
        Row(first.number + place, old.start, old.due, new.principal, new.interest)
        for place, (new, old) in enumerate(zip(revised.rows, book.rows, strict=False))
    ]
    # A loan never grows longer by being repaid early: what an instalment too many would hold joins the last.
    rows[-1] = replace(
        rows[-1], principal=rows[-1].principal + left - amount - sum((row.principal for row in rows), NOTHING)
    )
    rows[0] = _from_today(book, rows[0], on)
    book = book.post(Kind.PREPAYMENT, on, {Account.UNALLOCATED: amount, Account.PRINCIPAL: -amount})
    part = (Due(on, Component.PRINCIPAL, amount),)
    return replace(book, rows=tuple(rows), asked=(*book.asked, *part), paid=(*book.paid, *part))


def rate_reset(book: Book, on: date, percent: Decimal, keep: Keep) -> Book:
    """The coming rows at a new yearly rate from today: a higher or lower instalment, or more or fewer of them.

    The days of the running period before today keep the rate they were lent at. Raises NotPossible. Whether the rate
    was agreed as floating is asked before anybody wishes a reset: one that happened is lived again in any case.
    """
    book = bring_to(book, on)
    if not book.rows:
        raise NotPossible("No instalment is to come whose rate could change.")
    if percent == book.percent:
        raise NotPossible("This is the rate already.")
    ahead = sum((row.principal for row in book.rows), NOTHING)
    try:
        revised = reset_rate(_running(book, ahead), 0, percent, keep).plan
    except UnsoundTerms as refusal:
        raise NotPossible(refusal.message) from refusal
    first, every = book.rows[0], book.agreement.terms.every
    dues = [row.due for row in book.rows]
    dues += [months_after(dues[-1], every * more) for more in range(1, len(revised.rows) - len(dues) + 1)]
    starts = (first.start, *dues)
    rows = [
        Row(first.number + place, start, due, new.principal, new.interest)
        for place, (new, start, due) in enumerate(zip(revised.rows, starts, dues, strict=False))
    ]
    rows[0] = _from_today(book, rows[0], on)
    return replace(book, rows=tuple(rows), percent=percent)


def draw(book: Book, on: date, amount: Decimal) -> Book:
    """Another part of the loan is paid out: the coming rows bear it at the rate of today, and the end stays.

    Interest is asked on it only from `on`. Raises NotPossible.
    """
    if book.non_performing:
        raise NotPossible("Nothing more is paid out on a non-performing loan.")
    book = bring_to(book, on)
    if not book.rows or amount <= 0:
        raise NotPossible("Pay out an amount above zero while instalments are to come.")
    ahead = sum((row.principal for row in book.rows), NOTHING)
    try:
        running = _running(book, ahead).terms
        made = plan(replace(running, principal=ahead + amount, instalment=None)).rows
    except UnsoundTerms as refusal:
        raise NotPossible(refusal.message) from refusal
    if len(made) > len(book.rows):
        raise NotPossible("This part does not come back within the instalments that are left.")
    first = book.rows[0]
    rows = [  # a rounded instalment may repay it in fewer of them
        Row(first.number + place, old.start, old.due, new.principal, new.interest)
        for place, (new, old) in enumerate(zip(made, book.rows, strict=False))
    ]
    rows[0] = _from_today(book, rows[0], on)
    book = book.post(Kind.DISBURSAL, on, {Account.PRINCIPAL: amount, Account.BANK: -amount})
    return replace(book, rows=tuple(rows), drawn=(*book.drawn, (on, amount)))


def declare_loss(book: Book, on: date) -> Book:
    """Identified as loss by the bank, at any time: provided for in full from tonight; the claim on the borrower stays.

    Interest not received is suspended. Raises NotPossible for a loan that is one already or owes nothing.
    """
    if book.standing.asset_class is AssetClass.LOSS:
        raise NotPossible("This loan is a loss asset already.")
    if not book.owed:
        raise NotPossible("Nothing is owed that could be lost.")
    since = book.standing.npa_date if book.non_performing and book.standing.npa_date else on
    return stand(book, on, Standing(book.standing.dpd, None, AssetClass.LOSS, since))


def _from_today(book: Book, row: Row, on: date) -> Row:
    """The first row of a change within its period: what was earned so far, and the new interest of the rest."""
    first, begun = book.rows[0], _planned_from(book)
    if on <= begun and not first.brought:
        return row
    brought = book.balance(Account.ACCRUED)
    rest = rounded(row.interest * (first.due - on).days / Decimal((first.due - begun).days))
    return replace(row, start=on, interest=brought + rest, brought=brought)


def _planned_from(book: Book) -> date:
    """From when on a new plan counts the interest of the first row; an earlier change of the period moved its start."""
    first, agreed = book.rows[0], book.agreement.terms
    if not _whole_period(book):
        return first.start
    if first.number == 1:
        return agreed.disbursed
    gone = (first.due.year - agreed.first_due.year) * MONTHS + first.due.month - agreed.first_due.month
    # Counted from the first due date, whose day a short month does not keep; new terms may have another one.
    counted = agreed.first_due if months_after(agreed.first_due, gone) == first.due else months_after(first.due, -gone)
    return months_after(counted, gone - agreed.every)


def _whole_period(book: Book) -> bool:
    """Whether the interest of the first row to come is that of a regular period, whatever its days."""
    first, agreed = book.rows[0], book.agreement.terms
    as_agreed = agreed.regular_start and first.due == agreed.first_due
    return agreed.day_count is DayCount.SAME_AS_PERIOD and (first.number > 1 or as_agreed)


def _running(book: Book, principal: Decimal) -> Plan:
    """The rows to come as a plan of their own, on the principal that is left and at the rate of today."""
    first, agreed = book.rows[0], book.agreement.terms
    start, due = first.start, first.due
    if _whole_period(book):
        # A month counts as a month whatever its days; the first of the month keeps it whole at month-ends too.
        due = due.replace(day=1)
        start = months_after(due, -agreed.every)
    terms = replace(
        agreed,
        principal=principal,
        percent=book.percent,
        months=len(book.rows) * agreed.every,
        disbursed=start,
        first_due=due,
        moratorium=None,
        instalment=max(row.principal + row.interest for row in book.rows),
    )
    if any(row.capitalised or not row.principal for row in book.rows):
        raise UnsoundTerms("moratorium", "This is possible once the moratorium is over.")
    dues = terms.dues(len(book.rows))
    left = [
        Instalment(row.number, day, row.principal, row.interest, NOTHING)
        for row, day in zip(book.rows, dues, strict=True)
    ]
    return Plan(terms=terms, rows=tuple(left))


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What a restructuring agrees: per cent a year, months, first due date; `watch_months` of good conduct."""

    percent: Decimal
    months: int
    first_due: date
    watch_months: int = 12


def restructured(book: Book, on: date, new: NewTerms) -> tuple[Book, Decimal]:
    """The loan on new terms, and the fair value given up. Unpaid interest joins the principal; charges stay due.

    A non-performing loan stays so until `watch_months` after, however well it pays (IRAC, satisfactory conduct).
    """
    book = bring_to(book, on)
    interest = book.balance(Account.INTEREST_DUE) + book.balance(Account.ACCRUED)
    outstanding = book.balance(Account.PRINCIPAL)
    if not outstanding:
        raise NotPossible("There is no principal left to restructure.")
    try:
        terms = _new_terms(book, on, outstanding + interest, new)
        made = restructure(outstanding, interest, book.percent, terms)
    except UnsoundTerms as refusal:
        raise NotPossible(refusal.message) from refusal
    amounts = {Account.PRINCIPAL: interest}
    for account in (Account.INTEREST_DUE, Account.ACCRUED):
        amounts[account] = -book.balance(account)
    gone = tuple(due for due in book.dues if due.component in (Component.PRINCIPAL, Component.INTEREST))
    book = book.post(Kind.CAPITALISATION, on, amounts)
    book = replace(
        book,
        rows=scheduled(made.plan.rows, on),
        percent=new.percent,
        dues=tuple(due for due in book.dues if due not in gone),
        waived=(*book.waived, *gone),
        watch_until=months_after(on, new.watch_months),
    )
    return book, made.sacrifice


def _new_terms(book: Book, on: date, principal: Decimal, new: NewTerms) -> Terms:
    return replace(
        book.agreement.terms,
        principal=principal,
        percent=new.percent,
        months=new.months,
        disbursed=on,
        first_due=new.first_due,
        moratorium=None,
        instalment=None,
    )


def cool_off(book: Book, on: date) -> Book:
    """Leave within the cooling-off days: principal and its yearly cost for its days, from held money, nothing else."""
    disbursed = book.agreement.terms.disbursed
    days = (on - disbursed).days
    if not 0 <= days <= book.agreement.cooling_off_days:
        raise NotPossible("The cooling-off days are over. The loan can be closed early instead.")
    asked, left = NOTHING, book.balance(Account.PRINCIPAL)
    for since, amount in (*reversed(book.drawn), (disbursed, left)):  # each part for the days since it was paid out
        part = min(amount, left)
        asked += cooling_off(part, book.agreement.apr, (on - since).days).interest
        left -= part
    more = asked - book.balance(Account.ACCRUED)
    book = book.post(Kind.COOLING_OFF, on, {Account.ACCRUED: more, Account.INTEREST_INCOME: -more})
    return foreclose(book, on)
