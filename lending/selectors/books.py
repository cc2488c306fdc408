"""Loans as books of the engine: what a rule needs to know, read for many loans at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import F, Q

from lending.engine.agreements import read
from lending.engine.allocation import Component, Due
from lending.engine.book import Book, BookState, Row
from lending.engine.classification import AssetClass, Sma, Standing
from lending.engine.ledger import Account
from lending.models import Due as DueRow
from lending.models import Instalment, Loan, Tranche


def books(loans: Sequence[Loan], *, until: date | None = None) -> list[Book]:
    """The books of loans, in the order given. Two queries, a third while one in parts may be left within days.

    `until` reads only the instalments whose period has begun by then: enough to close days up to it.
    """
    rows, dues = _rows(loans, until), _dues(loans)
    found = [_book(loan, rows.get(loan.pk, ()), dues.get(loan.pk, ())) for loan in loans]
    drawn = _drawn([loan for loan, one in zip(loans, found, strict=True) if _may_be_left(loan, one)])
    return [
        replace(one, drawn=tuple(drawn[loan.pk])) if loan.pk in drawn else one
        for loan, one in zip(loans, found, strict=True)
    ]


def book(loan: Loan) -> Book:
    """The whole book of one loan."""
    return books([loan])[0]


def _may_be_left(loan: Loan, one: Book) -> bool:
    """Whether it is paid out in parts and its cooling-off days may last."""
    terms = one.agreement.terms
    return terms.principal < loan.sanctioned and (one.through - terms.disbursed).days <= one.agreement.cooling_off_days


def _drawn(loans: Sequence[Loan]) -> dict[int, list[tuple[date, Decimal]]]:
    drawn: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    if loans:
        for part in Tranche.objects.filter(loan__in=loans).order_by("on", "pk"):
            drawn[part.loan_id].append((part.on, part.amount))
    return drawn


def _rows(loans: Iterable[Loan], until: date | None) -> dict[int, list[Row]]:
    ahead = Q(version=F("loan__schedule_version"), number__gte=F("loan__next_number"))
    if until is not None:
        ahead &= Q(start__lte=until)
    found = Instalment.objects.filter(ahead, loan__in=loans).order_by("loan_id", "number").values_list(
        "loan_id", "number", "start", "due", "principal", "interest", "capitalised", "brought"
    )  # fmt: skip
    rows: dict[int, list[Row]] = defaultdict(list)
    for loan_id, number, start, due, principal, interest, capitalised, brought in found:
        rows[loan_id].append(Row(number, start, due, principal, interest, capitalised, brought))
    return rows


def _dues(loans: Iterable[Loan]) -> dict[int, list[Due]]:
    left = F("amount") - F("paid") - F("let_go")
    found = (
        DueRow.objects.filter(loan__in=loans, amount__gt=F("paid") + F("let_go"))
        .annotate(left=left)
        .order_by("loan_id", "due", "component")
        .values_list("loan_id", "due", "component", "left")
    )
    dues: dict[int, list[Due]] = defaultdict(list)
    for loan_id, due, component, amount in found:
        dues[loan_id].append(Due(due, Component(component), amount))
    return dues


def _book(loan: Loan, rows: Iterable[Row], dues: Iterable[Due]) -> Book:
    return Book(
        agreement=read(loan.agreement),
        through=loan.through,
        penal_through=loan.penal_through,
        rows=tuple(rows),
        state=BookState(loan.state),
        percent=loan.percent,
        standing=standing(loan),
        watch_until=loan.watch_until,
        dues=tuple(dues),
        balances=balances(loan),
    )


def standing(loan: Loan) -> Standing:
    """The class of the last day-end."""
    mention = Sma(loan.sma) if loan.sma else None
    return Standing(loan.dpd, mention, AssetClass(loan.asset_class), loan.npa_date, loan.trigger or None)


def balances(loan: Loan) -> dict[Account, Decimal]:
    """The balances a rule reads, debit above zero, as the loan repeats them from the ledger."""
    return {
        Account.PRINCIPAL: loan.principal,
        Account.ACCRUED: loan.accrued,
        Account.INTEREST_DUE: loan.interest_due,
        Account.FEE_DUE: loan.fee_due,
        Account.PENAL_DUE: loan.penal_due,
        Account.UNALLOCATED: -loan.unallocated,
        Account.SUSPENDED: -loan.suspended,
    }
