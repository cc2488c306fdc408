"""The end of a business day: demand, accrual, penal charges, use of held money, class, provision, notices."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts import audit
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.events import publish
from lending.engine.book import Book
from lending.engine.closing import close_day
from lending.events import LoansClassified
from lending.models import AccrualRun, Loan, LoanState
from lending.selectors.books import books
from lending.services.guarantees import ask_guarantee_fees
from lending.services.ledger import Change, post
from lending.services.noticing import Before, judge_promises, write_notices
from lending.services.provisioning import provide

BATCH = 1_000
DAY = timedelta(days=1)


@dataclass(frozen=True)
class EodReport:
    """One end of day: loans closed in this run, entries booked, and whether the day was closed before."""

    on: date
    loans: int
    entries: int
    changed_class: int


def run_eod(*, on: date, at: datetime, batch: int = BATCH) -> EodReport:
    """Close every running loan up to and with the business day `on`, catching up days that were missed.

    Batches commit one by one: after a kill the next run goes on with the loans that are left, and a run over a
    closed day changes nothing. A loan that somebody works on is waited for. Raises InvalidInput for a day to come.
    """
    if on >= at.astimezone(IST).date():
        raise InvalidInput("A day is closed once it is over.", field="date", rule="eod.future")
    loans = entries = classes = 0
    with transaction.atomic(durable=True):
        AccrualRun.objects.get_or_create(on=on, defaults={"started_at": at})
    for skip_locked in (True, False):
        while closed := _close_batch(on, at, batch, skip_locked=skip_locked):
            loans, entries, classes = loans + closed.loans, entries + closed.entries, classes + closed.changed_class
    ask_guarantee_fees(on=on, at=at)
    report = EodReport(on=on, loans=loans, entries=entries, changed_class=classes)
    with transaction.atomic(durable=True):
        judge_promises(on=on)
        AccrualRun.objects.filter(on=on, finished_at__isnull=True).update(finished_at=at)
        if loans:
            payload = {"on": on, "loans": loans, "entries": entries}
            audit.record("day.closed", target="lending.accrualrun", at=at, payload=payload)
    return report


def _close_batch(on: date, at: datetime, batch: int, *, skip_locked: bool) -> EodReport | None:
    with transaction.atomic(durable=True):
        picked = (
            Loan.objects.running().filter(through__lt=on).order_by("business_id", "pk")
            .select_for_update(skip_locked=skip_locked, of=("self",))[:batch]
        )  # fmt: skip
        owners = {loan.business_id for loan in picked}
        if not owners:
            return None
        report = close_loans(business_ids=owners, on=on, at=at)
        AccrualRun.objects.filter(on=on).update(loans=F("loans") + report.loans, entries=F("entries") + report.entries)
    return report


def close_loans(*, business_ids: set[int], on: date, at: datetime) -> EodReport:
    """Close all loans of these borrowers up to `on`, inside the caller's transaction: one makes all of them bad."""
    states = (LoanState.ACTIVE, LoanState.WRITTEN_OFF)
    loans = list(
        Loan.objects.filter(business__in=business_ids, state__in=states).order_by("pk").select_for_update(of=("self",))
    )
    behind = [loan for loan in loans if loan.state == LoanState.ACTIVE and loan.through < on]
    if not behind:
        return EodReport(on, 0, 0, 0)
    before = {loan.pk: Before.of(loan) for loan in loans}
    current = dict(zip((loan.pk for loan in loans), books(loans, until=on), strict=True))
    entries, day = 0, min(loan.through for loan in behind) + DAY
    while day <= on:
        entries += _close_one_day(loans, current, day, at)
        day += DAY
    provide(behind, on=on, at=at)
    write_notices(behind, before, on=on)
    changed = [loan for loan in loans if loan.asset_class != before[loan.pk].asset_class]
    for owner in sorted({loan.business_id for loan in changed}):
        publish(LoansClassified(business_id=owner))
    return EodReport(on, len(behind), entries, len(changed))


def _close_one_day(loans: Sequence[Loan], current: dict[int, Book], day: date, at: datetime) -> int:
    by_owner: dict[int, list[Loan]] = defaultdict(list)
    for loan in loans:
        by_owner[loan.business_id].append(loan)
    changes = []
    for group in by_owner.values():
        held = [current[loan.pk] for loan in group]
        for loan, old, new in zip(group, held, close_day(held, day), strict=True):
            if new is not old:
                changes.append(Change(loan, old, new))
                current[loan.pk] = new
    return post(changes, at=at)
