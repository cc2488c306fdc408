"""A loan comes to life: paid out by two people, on exactly the terms that were accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.models import User
from accounts.services import tell_business
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError
from creditiq.kernel.events import publish
from creditiq.kernel.hashing import digest
from lending.engine.acts import Act, ActKind, perform
from lending.engine.agreements import agreement, written
from lending.engine.book import Agreement, Book, BookState
from lending.engine.changes import scheduled
from lending.engine.charges import Charge
from lending.engine.plans import plan
from lending.engine.products import ProductTerms
from lending.engine.terms import Terms
from lending.events import LoanChanged
from lending.models import Disbursement, Loan, LoanAct, LoanApplication, ScheduleVersion
from lending.services.ledger import Change, open_chart, post, write_schedule

NOTHING = Decimal(0)
DAY = timedelta(days=1)


class UnableToDisburse(ApplicationError):
    """The loan cannot be paid out."""

    code = "unable_to_disburse"


@dataclass(frozen=True)
class Agreed:
    """What the borrower accepted. `terms.disbursed` is the day of the payment; `fee` with its tax is kept back.

    `terms` are those of what is paid out now; `sanctioned` is more when the loan is paid out in parts.
    `apr` is the key fact statement's; `pd` in per cent from the decision; `cover` the guaranteed share in per cent.
    """

    terms: Terms
    product: ProductTerms
    apr: Decimal
    fee: Charge
    pd: Decimal
    sanctioned: Decimal | None = None
    security: Decimal = NOTHING
    cover: Decimal = NOTHING


@dataclass(frozen=True)
class Payout:
    """The payment to the borrower's own account; `name_match` from 0 to 1 is what the bank answered."""

    utr: str
    beneficiary: str
    account_tail: str
    name_match: Decimal | None = None


def disburse(
    *, application: LoanApplication, agreed: Agreed, payout: Payout, maker: User, checker: User, at: datetime
) -> Loan:
    """Open the loan of a sanctioned application and pay it out, inside the caller's transaction.

    The caller has checked the application's state, both people's authority, the pre-disbursal gate and the limits.
    Raises UnableToDisburse when maker and checker are one person, the reference was used, the application has its
    loan already, or the terms are dated another day than `at` in India.
    """
    on = at.astimezone(IST).date()
    _check(agreed, maker, checker, on)
    open_chart()
    try:
        with transaction.atomic():
            loan, book = _approved(application, agreed, maker, at)
            _pay_out(loan, agreed, payout, (maker, checker), at)
    except IntegrityError as error:
        raise UnableToDisburse(_said(error)) from error
    fee, principal = agreed.fee, agreed.terms.principal
    act = LoanAct.objects.create(
        loan=loan, kind=ActKind.DISBURSE.value, on=on, amount=principal, fee=fee.amount, tax=fee.tax,
        reference=payout.utr, at=at, by=checker,
    )  # fmt: skip
    after = perform(book, Act(ActKind.DISBURSE, on, principal, fee=fee.amount, tax=fee.tax))
    post([Change(loan, book, after, act)], at=at)
    payload = {"loan": loan.account_no, "amount": principal, "agreement": loan.sha256, "utr": payout.utr}
    audit.record(
        "loan.disbursed", target=loan, at=at, by=checker, organisation=loan.organisation,
        payload=payload | {"maker": maker.uuid},
    )  # fmt: skip
    publish(LoanChanged(loan_id=loan.pk, business_id=loan.business_id))
    facts = {"loan": str(loan.uuid), "account": loan.account_no}
    tell_business(
        business_id=loan.business_id, topic="loan.disbursed", source=f"loan.disbursed:{loan.pk}", at=at, facts=facts
    )
    return loan


def _check(agreed: Agreed, maker: User, checker: User, on: date) -> None:
    if maker.pk == checker.pk:
        raise UnableToDisburse("A loan is paid out by two people.", code="maker_is_checker")
    if agreed.terms.disbursed != on:
        raise UnableToDisburse(f"The terms are dated {agreed.terms.disbursed}; a loan paid out on {on} needs its own.")


def _said(error: IntegrityError) -> str:
    reasons: Mapping[str, str] = {
        "lending_disbursement_utr": "This payment reference was used already.",
        "lending_loan_application": "This application has its loan already.",
    }
    text = str(error)
    found = next((reason for name, reason in reasons.items() if name in text), None)
    if found is None:
        raise error
    return found


def _approved(application: LoanApplication, agreed: Agreed, by: User, at: datetime) -> tuple[Loan, Book]:
    terms = agreed.terms
    settled = agreement(_next_account(at), terms, agreed.product, agreed.apr)
    book = _book(settled, terms)
    document = written(settled)
    loan = Loan.objects.create(
        account_no=settled.account, application=application, business_id=application.business_id,
        organisation=application.organisation, product=application.product, agreement=document,
        sha256=digest(document), sanctioned=agreed.sanctioned or terms.principal, opened_at=at, opened_by=by,
        category=agreed.product.provisioning_category, security=agreed.security, cover=agreed.cover, pd=agreed.pd,
        through=book.through, penal_through=book.penal_through, percent=terms.percent,
    )  # fmt: skip
    ScheduleVersion.objects.create(loan=loan, version=1, since=terms.disbursed, reason="As agreed")
    write_schedule(loan, book.rows)
    return loan, book


def _book(settled: Agreement, terms: Terms) -> Book:
    return Book(
        agreement=settled,
        through=terms.disbursed - DAY,
        penal_through=terms.disbursed,
        rows=scheduled(plan(terms).rows, terms.disbursed),
        state=BookState.APPROVED,
        percent=terms.percent,
    )


def _pay_out(loan: Loan, agreed: Agreed, payout: Payout, people: tuple[User, User], at: datetime) -> None:
    maker, checker = people
    fee, amount = agreed.fee, agreed.terms.principal
    Disbursement.objects.create(
        loan=loan, on=agreed.terms.disbursed, amount=amount, fee=fee.amount, tax=fee.tax, net=amount - fee.total,
        beneficiary=payout.beneficiary, account_tail=payout.account_tail, name_match=payout.name_match,
        utr=payout.utr, at=at, maker=maker, checker=checker,
    )  # fmt: skip


def _next_account(at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('lending_loan_number')")
        row: tuple[int] = cursor.fetchone()
    return f"LN-{at.astimezone(IST):%Y}-{row[0]:06d}"
