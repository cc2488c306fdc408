"""Payments on a running loan, and every act that needs one person only."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from lending.engine.acts import Act, ActKind, perform
from lending.engine.book import DAY, NotPossible
from lending.engine.revisions import Keep
from lending.events import LoanChanged
from lending.models import Loan, LoanAct, LoanState, Receipt, ReceiptMode, Tranche
from lending.selectors.books import book
from lending.selectors.loan_acts import visible_loan
from lending.services.closing import close_loans
from lending.services.ledger import Change, post
from lending.services.provisioning import provide

PAYMENTS = {
    "dues": ActKind.RECEIVE,
    "prepay": ActKind.PREPAY,
    "foreclose": ActKind.FORECLOSE,
    "cool_off": ActKind.COOL_OFF,
    "recover": ActKind.RECOVER,
}
REASONS = {
    ActKind.PREPAY: "Part prepayment",
    ActKind.FORECLOSE: "Closed early",
    ActKind.RESTRUCTURE: "Restructured",
    ActKind.RESET: "New rate",
    ActKind.DRAW: "Another part paid out",
}


class UnableToServe(ApplicationError):
    """The loan does not allow this act now."""

    code = "unable_to_serve_loan"


@dataclass(frozen=True)
class Paid:
    """A payment as it came in: rupees, the day, how, its reference, who paid; `purpose` one of PAYMENTS."""

    amount: Decimal
    on: date
    mode: str
    utr: str
    payer: str = ""
    third_party: bool = False
    purpose: str = "dues"
    keep: Keep = Keep.TENOR


def record_receipt(*, loan_id: UUID, paid: Paid, by: User, at: datetime) -> Receipt:
    """Post a payment of today. Raises NotVisible, Forbidden, InvalidInput, UnableToServe.

    A payment of a day that is closed goes through `propose_correction` and a second person.
    """
    require(by, Capability.SERVICE_LOANS)
    loan = visible_loan(user=by, loan_id=loan_id)
    check_payment(paid, at)
    with transaction.atomic(durable=True):
        return carry_out(loan, act_for(paid), by=by, at=at, paid=paid).receipt


def check_payment(paid: Paid, at: datetime) -> None:
    """Raises InvalidInput naming the field."""
    checks = (
        ("amount", paid.amount > 0, "Give an amount above zero."),
        ("on", paid.on <= at.astimezone(IST).date(), "A payment is booked once it has arrived."),
        ("mode", paid.mode in ReceiptMode.values, "Choose how the money came."),
        ("utr", bool(paid.utr.strip()), "Give the reference of the payment."),
        ("purpose", paid.purpose in PAYMENTS, "Choose what the payment is for."),
    )
    for field, sound, message in checks:
        if not sound:
            raise InvalidInput(message, field=field, rule=f"receipt.{field}")
    if any(kind.objects.filter(utr=paid.utr.strip()).exists() for kind in (Receipt, Tranche)):
        raise InvalidInput("A payment with this reference is booked already.", field="utr", rule="receipt.utr_once")


def act_for(paid: Paid) -> Act:
    """The payment as an act."""
    return Act(PAYMENTS[paid.purpose], paid.on, paid.amount, reference=paid.utr.strip(), keep=paid.keep)


def store_receipt(row: LoanAct, paid: Paid) -> Receipt:
    """The receipt of a stored act. Raises InvalidInput when the reference was booked a moment ago."""
    try:
        with transaction.atomic():
            return Receipt.objects.create(
                loan=row.loan, act=row, on=paid.on, amount=paid.amount, mode=paid.mode, utr=paid.utr.strip(),
                payer=paid.payer.strip(), third_party=paid.third_party,
            )  # fmt: skip
    except IntegrityError as error:
        if "utr" not in str(error):
            raise
        message = "A payment with this reference is booked already."
        raise InvalidInput(message, field="utr", rule="receipt.utr_once") from error


def carry_out(loan: Loan, act: Act, *, by: User, at: datetime, paid: Paid | None = None) -> LoanAct:
    """Close the days before, perform the act, store and announce it; inside the caller's transaction.

    Raises UnableToServe when the day is closed or the act does not fit.
    """
    close_loans(business_ids={loan.business_id}, on=act.on - DAY, at=at)
    locked = Loan.objects.select_related("business", "organisation").select_for_update(of=("self",)).get(pk=loan.pk)
    if locked.state == LoanState.ACTIVE and locked.through >= act.on:
        message = f"The books are closed up to {locked.through:%d %b %Y}. An earlier payment needs a second person."
        raise UnableToServe(message, code="day_is_closed")
    before = book(locked)
    try:
        after = perform(before, act)
    except NotPossible as refusal:
        raise UnableToServe(str(refusal)) from refusal
    row = store_act(locked, act, by=by, at=at)
    if act.kind is ActKind.RESTRUCTURE:
        locked.restructure_count += 1
    receipt = store_receipt(row, paid) if paid else None
    post([Change(locked, before, after, row, receipt)], at=at, reason=REASONS.get(act.kind, ""))
    if locked.state != LoanState.ACTIVE:  # no end of day comes that would release what was held against it
        provide([locked], on=act.on, at=at)
    announce(locked, act, by=by, at=at)
    return row


def store_act(loan: Loan, act: Act, *, by: User, at: datetime) -> LoanAct:
    """The act in the log."""
    return LoanAct.objects.create(
        loan=loan, kind=act.kind.value, on=act.on, amount=act.amount, fee=act.fee, tax=act.tax,
        reference=act.reference, document=act.extras(), at=at, by=by,
    )  # fmt: skip


def announce(loan: Loan, act: Act, *, by: User, at: datetime, verb: str = "") -> None:
    """Audit and news."""
    payload = {"kind": act.kind.value, "on": act.on, "amount": act.amount, "reference": act.reference}
    audit.record(
        f"loan.{verb or act.kind.value}", target=loan, at=at, by=by, organisation=loan.organisation, payload=payload
    )
    publish(LoanChanged(loan_id=loan.pk, business_id=loan.business_id))
