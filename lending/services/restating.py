"""Putting the past right: a payment found late, or one that came back. The history is lived again from its acts.

Entries that the new history does not have are reversed, entries that it has more are added; what agrees stays.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lending.engine.acts import Act
from lending.engine.allocation import Due as Part
from lending.engine.book import Book, BookState
from lending.engine.ledger import Account, Kind, Posting
from lending.models import Allocation, Due, JournalEntry, Loan, LoanAct, LoanState
from lending.selectors.books import books
from lending.selectors.loan_acts import RECEIVED, acts_in_force, loans_of_borrower, replayed
from lending.services.ledger import Change, follow, store_loans, write, write_classes, write_lines, write_new_schedule
from lending.services.provisioning import provide

NOTHING = Decimal(0)
Lines = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Restatement:
    """Both histories of a borrower's loans: as booked, and as they are with the correction."""

    loans: tuple[Loan, ...]
    before: tuple[Book, ...]
    after: tuple[Book, ...]
    through: date


def restate(
    *, business_id: int, add: tuple[str, Act] | None = None, without: tuple[str, str] | None = None
) -> Restatement:
    """The history with a payment more (`add`: account and act), or without one (account and reference).

    Raises NotPossible when a later act does not fit the corrected history.
    """
    loans = [loan for loan in loans_of_borrower(business_id) if loan.state != LoanState.APPROVED]
    before = books(loans)
    acts = acts_in_force(loans)
    if add is not None:
        acts[add[0]] = sorted([*acts[add[0]], add[1]], key=lambda act: act.on)
    if without is not None:
        account, reference = without
        acts[account] = [act for act in acts[account] if act.kind not in RECEIVED or act.reference != reference]
    through = max((book.through for book in before if book.state is BookState.ACTIVE), default=_last(before))
    return Restatement(tuple(loans), tuple(before), replayed(loans, acts, through), through)


def _last(found: Iterable[Book]) -> date:
    return max(book.through for book in found)


def store(restatement: Restatement, *, loan: Loan, act: LoanAct | None, at: datetime) -> int:
    """Book the difference and let loans and dues follow; inside the caller's transaction. Returns the entries made."""
    made = 0
    for row, before, after in zip(restatement.loans, restatement.before, restatement.after, strict=True):
        made += _rebook(row, after, act if row.pk == loan.pk else None, at)
        _redue(row, after, restatement.through)
        change = Change(row, before, after, act if row.pk == loan.pk else None)
        if after.state is BookState.ACTIVE:
            row.closed_as, row.closed_on = "", None
        write_classes([change])
        write_new_schedule(change, "Corrected history")
        follow(change)
    store_loans(restatement.loans)
    provide(restatement.loans, on=restatement.through, at=at)
    return made


def _rebook(loan: Loan, after: Book, act: LoanAct | None, at: datetime) -> int:
    stored = (
        JournalEntry.objects.filter(loan=loan, reversal_of__isnull=True, reversed_by__isnull=True)
        .exclude(kind=Kind.PROVISION.value)
        .prefetch_related("lines")
        .order_by("pk")
    )
    wanted = Counter(_shape(entry) for entry in after.entries)
    wrong = []
    for entry in stored:
        shape = (entry.kind, entry.value_date, _stored_lines(entry))
        if wanted[shape]:
            wanted[shape] -= 1
        else:
            wrong.append(entry)
    _reverse(wrong, at)
    missing = []
    for posting in after.entries:
        if wanted[_shape(posting)]:
            wanted[_shape(posting)] -= 1
            missing.append((loan, posting, act))
    return len(wrong) + write(missing, at=at)


def _shape(entry: Posting) -> tuple[str, date, Lines]:
    return entry.kind.value, entry.on, tuple(sorted((account.value, amount) for account, amount in entry.lines))


def _stored_lines(entry: JournalEntry) -> Lines:
    return tuple(sorted((line.account_id, line.debit - line.credit) for line in entry.lines.all()))


def _reverse(wrong: Sequence[JournalEntry], at: datetime) -> None:
    rows = JournalEntry.objects.bulk_create(
        JournalEntry(
            loan_id=entry.loan_id, kind=entry.kind, value_date=entry.value_date, booked_at=at, reversal_of=entry
        )
        for entry in wrong
    )
    write_lines(
        [
            (row.pk, row.loan_id, [(Account(name), -amount) for name, amount in _stored_lines(entry)])
            for row, entry in zip(rows, wrong, strict=True)
        ]
    )


def _redue(loan: Loan, after: Book, on: date) -> None:
    totals = {name: _sums(getattr(after, name)) for name in ("asked", "paid", "waived")}
    keys = {*totals["asked"], *totals["paid"], *totals["waived"]}
    found = {(row.due, row.component): row for row in Due.objects.filter(loan=loan).select_for_update()}
    rows, moved = [], []
    for key in sorted({*keys, *found}):
        row = found.get(key) or Due(loan=loan, due=key[0], component=key[1])
        paid = totals["paid"].get(key, NOTHING)
        if paid != row.paid:
            moved.append(Allocation(loan=loan, on=on, due=key[0], component=key[1], amount=paid - row.paid))
        row.amount, row.paid = totals["asked"].get(key, NOTHING), paid
        row.let_go = totals["waived"].get(key, NOTHING)
        rows.append(row)
    Due.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["loan", "due", "component"],
        update_fields=["amount", "paid", "let_go"],
    )  # fmt: skip
    Allocation.objects.bulk_create(moved)


def _sums(dues: Iterable[Part]) -> dict[tuple[date, str], Decimal]:
    sums: dict[tuple[date, str], Decimal] = defaultdict(lambda: NOTHING)
    for due in dues:
        sums[due.due, due.component.value] += due.amount
    return dict(sums)
