"""`post()`: the only writer of money. It stores what the engine's rules made of books, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.db import connection
from psycopg import sql

from lending.engine.acts import ActKind
from lending.engine.allocation import Due
from lending.engine.book import Book, BookState, Row, merged
from lending.engine.ledger import Account, Posting
from lending.models import Account as ChartAccount
from lending.models import (
    Allocation,
    ClassificationEvent,
    ClosedAs,
    Instalment,
    Loan,
    LoanAct,
    Receipt,
    ScheduleVersion,
)
from lending.services.keeping import keep_for_law

NOTHING = Decimal(0)
BATCH = 5_000
KEPT = (
    "state", "closed_as", "closed_on", "through", "penal_through", "percent", "next_number", "schedule_version",
    "next_due", "oldest_due", "dpd", "sma", "asset_class", "npa_date", "trigger", "watch_until", "restructure_count",
    "principal", "accrued", "interest_due", "fee_due", "penal_due", "unallocated", "suspended", "provision",
)  # fmt: skip
"""Columns of a loan that follow its book."""


@dataclass(frozen=True, slots=True)
class Change:
    """A loan, its book before and after, and the act and receipt it comes from, if any."""

    loan: Loan
    before: Book
    after: Book
    act: LoanAct | None = None
    receipt: Receipt | None = None


def post(changes: Sequence[Change], *, at: datetime, reason: str = "") -> int:
    """Store the changes: entries with their lines, dues, payments, classes, new schedules. Returns the entries made.

    The database refuses an entry that does not balance, a negative part and an overpaid due.
    """
    made = _write_entries(changes, at)
    _write_dues(changes)
    Allocation.objects.bulk_create(
        [
            Allocation(
                loan=change.loan, receipt=change.receipt, on=_day(change), due=part.due, component=part.component,
                amount=part.amount,
            )
            for change in changes
            for part in _fresh(change.before.paid, change.after.paid)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    write_classes(changes)
    for change in changes:
        write_new_schedule(change, reason)
        follow(change)
    store_loans([change.loan for change in changes])
    for change in changes:
        if change.before.state is not change.after.state or _rows_changed(change):
            keep_for_law(loan=change.loan, last=_last_day(change), at=at)
    return made


def _last_day(change: Change) -> date:
    """Of the loan: when it ended, else its last instalment as scheduled now."""
    if change.loan.closed_on is not None:
        return change.loan.closed_on
    rows = change.after.rows or change.before.rows
    return max([_day(change), *(row.due for row in rows)])


CHART = (
    ("bank", "Bank", "asset"),
    ("principal", "Loans: principal", "asset"),
    ("accrued", "Interest earned, not due yet", "asset"),
    ("interest_due", "Interest due", "asset"),
    ("fee_due", "Fees due", "asset"),
    ("penal_due", "Penal charges due", "asset"),
    ("unallocated", "Kept for borrowers", "liability"),
    ("suspended", "Interest suspended", "liability"),
    ("tax", "Goods and services tax to pay", "liability"),
    ("provision", "Provisions for loans", "liability"),
    ("interest_income", "Interest income", "income"),
    ("fee_income", "Fee income", "income"),
    ("penal_income", "Penal charge income", "income"),
    ("recovered", "Recovered after write-off", "income"),
    ("provision_cost", "Cost of provisions", "cost"),
    ("written_off", "Loans written off", "cost"),
    ("waived", "Dues waived", "cost"),
)


def open_chart() -> None:
    """Make sure of the chart of accounts before the first entry of a loan; a chart that is there stays."""
    if ChartAccount.objects.count() < len(CHART):
        ChartAccount.objects.bulk_create(
            [
                ChartAccount(code=code, name=name, nature=nature, order=10 * place)
                for place, (code, name, nature) in enumerate(CHART, start=1)
            ],
            ignore_conflicts=True,
        )


def write_schedule(loan: Loan, rows: Iterable[Row]) -> None:
    """Store the rows of the loan's current version."""
    Instalment.objects.bulk_create(
        Instalment(
            loan=loan, version=loan.schedule_version, number=row.number, start=row.start, due=row.due,
            principal=row.principal, interest=row.interest, capitalised=row.capitalised, brought=row.brought,
        )
        for row in rows
    )  # fmt: skip


def _fresh(before: tuple[Due, ...], after: tuple[Due, ...]) -> tuple[Due, ...]:
    return merged(after[len(before) :])


def _day(change: Change) -> date:
    return change.act.on if change.act else change.after.through


def _write_entries(changes: Sequence[Change], at: datetime) -> int:
    return write(
        [
            (change.loan, entry, change.act)
            for change in changes
            for entry in change.after.entries[len(change.before.entries) :]
        ],
        at=at,
    )


def write(made: Sequence[tuple[Loan, Posting, LoanAct | None]], *, at: datetime) -> int:
    """Store entries with their lines. Only this module and its neighbours that correct or provide call it."""
    numbers = _next_numbers(len(made))
    _copy(
        "COPY lending_journalentry (id, uuid, loan_id, kind, value_date, booked_at, act_id) FROM STDIN",
        (
            (number, uuid4(), loan.pk, entry.kind.value, entry.on, at, act.pk if act else None)
            for number, (loan, entry, act) in zip(numbers, made, strict=True)
        ),
    )
    write_lines([(number, loan.pk, entry.lines) for number, (loan, entry, _) in zip(numbers, made, strict=True)])
    return len(made)


def write_lines(entries: Iterable[tuple[int, int, Iterable[tuple[Account, Decimal]]]]) -> None:
    """Store the lines of stored entries: entry, loan, amounts by account."""
    _copy(
        "COPY lending_journalline (entry_id, loan_id, account_id, debit, credit) FROM STDIN",
        (
            (number, loan_id, account.value, max(amount, NOTHING), max(-amount, NOTHING))
            for number, loan_id, parts in entries
            for account, amount in parts
        ),
    )


def _next_numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('lending_journalentry', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [number for (number,) in cursor.fetchall()]


def _copy(statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


ASK = """
INSERT INTO lending_due (loan_id, due, component, amount, paid, let_go)
SELECT *, 0, 0 FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::numeric[])
ON CONFLICT (loan_id, due, component) DO UPDATE SET amount = lending_due.amount + EXCLUDED.amount
"""
PAY = """
UPDATE lending_due SET paid = paid + part.amount
FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::numeric[]) AS part (loan_id, due, component, amount)
WHERE (lending_due.loan_id, lending_due.due, lending_due.component) = (part.loan_id, part.due, part.component)
"""
LET_GO = PAY.replace("SET paid = paid +", "SET let_go = let_go +")


def _write_dues(changes: Sequence[Change]) -> None:
    for statement, name in ((ASK, "asked"), (PAY, "paid"), (LET_GO, "waived")):
        parts = [
            (change.loan.pk, part.due, part.component.value, part.amount)
            for change in changes
            for part in _fresh(getattr(change.before, name), getattr(change.after, name))
        ]
        if parts:
            with connection.cursor() as cursor:
                cursor.execute(statement, [list(column) for column in zip(*parts, strict=True)])


def write_classes(changes: Sequence[Change]) -> None:
    """An event for every loan whose class or special mention is another."""
    ClassificationEvent.objects.bulk_create(
        ClassificationEvent(
            loan=change.loan, on=_day(change), dpd=now.dpd, from_class=was.asset_class.value,
            to_class=now.asset_class.value, from_sma=was.sma or "", to_sma=now.sma or "", trigger=now.trigger or "",
        )
        for change in changes
        for was, now in [(change.before.standing, change.after.standing)]
        if (was.asset_class, was.sma) != (now.asset_class, now.sma)
    )  # fmt: skip


def _rows_changed(change: Change) -> bool:
    before, after = change.before.rows, change.after.rows
    return bool(after) and after != before[len(before) - len(after) :]


def write_new_schedule(change: Change, reason: str) -> None:
    """A new version when the rows to come are others than before."""
    if not _rows_changed(change):
        return
    loan = change.loan
    loan.schedule_version += 1
    ScheduleVersion.objects.create(loan=loan, version=loan.schedule_version, since=_day(change), reason=reason)
    write_schedule(loan, change.after.rows)


def follow(change: Change) -> None:
    """Repeat on the loan what its book says now."""
    loan, book = change.loan, change.after
    loan.state, loan.through, loan.penal_through = book.state.value, book.through, book.penal_through
    if book.rows:
        loan.next_number, loan.next_due = book.rows[0].number, book.rows[0].due
    elif change.before.rows:
        loan.next_number, loan.next_due = change.before.rows[-1].number + 1, None
    loan.percent, loan.watch_until, loan.oldest_due = book.percent, book.watch_until, book.oldest_due
    stands = book.standing
    loan.dpd, loan.sma, loan.asset_class = stands.dpd, stands.sma or "", stands.asset_class.value
    loan.npa_date = stands.npa_date if book.non_performing else None
    loan.trigger = stands.trigger or ""
    loan.principal, loan.accrued = book.balance(Account.PRINCIPAL), book.balance(Account.ACCRUED)
    loan.interest_due, loan.fee_due = book.balance(Account.INTEREST_DUE), book.balance(Account.FEE_DUE)
    loan.penal_due, loan.unallocated = book.balance(Account.PENAL_DUE), book.unallocated
    loan.suspended = -book.balance(Account.SUSPENDED)
    if book.state is BookState.CLOSED and not loan.closed_as:
        kind = ActKind(change.act.kind) if change.act else ActKind.RECEIVE
        loan.closed_as, loan.closed_on = ENDS.get(kind, ClosedAs.REPAID).value, _day(change)
        loan.dpd, loan.sma = 0, ""


ENDS = {
    ActKind.FORECLOSE: ClosedAs.FORECLOSED,
    ActKind.COOL_OFF: ClosedAs.COOLED_OFF,
    ActKind.SETTLE: ClosedAs.SETTLED,
}


def store_loans(loans: Sequence[Loan]) -> None:
    """Write the columns that follow the book, of all loans in one statement."""
    kinds = {name: (Loan._meta.get_field(name).db_type(connection) or "").partition("(")[0] for name in KEPT}
    names = sql.SQL(", ").join(map(sql.Identifier, KEPT))
    statement = sql.SQL(
        "UPDATE lending_loan SET ({names}) = ROW({fresh}) "
        "FROM unnest({arrays}) AS new (id, {names}) WHERE lending_loan.id = new.id"
    ).format(
        names=names,
        fresh=sql.SQL(", ").join(sql.Identifier("new", name) for name in KEPT),
        arrays=sql.SQL(", ").join(sql.SQL("%s::{}[]").format(sql.SQL(kind)) for kind in ("bigint", *kinds.values())),
    )
    values = [[getattr(loan, name) for loan in loans] for name in KEPT]
    with connection.cursor() as cursor:
        cursor.execute(statement, [[loan.pk for loan in loans], *values])
