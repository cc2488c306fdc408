"""The money goes out: prepared by an officer, released by somebody else, through the gate before the payment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import KycTier, User
from accounts.permissions import Capability, require
from accounts.selectors import kyc_of
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.transitions import ForbiddenTransition
from fraud import selectors as fraud
from fraud.models import Screening
from lending.engine.beneficiary import ENOUGH, name_match
from lending.engine.charges import Charge, fee
from lending.engine.offers import processing_fee, terms_on
from lending.engine.products import ProductTerms
from lending.models import (
    ApplicationState,
    ClosedAs,
    Decision,
    KeyFactStatement,
    Loan,
    LoanApplication,
    PaymentOrder,
    Step,
)
from lending.selectors.applications import visible_application
from lending.selectors.casework import visible_order
from lending.selectors.exposures import is_related
from lending.selectors.policies import policy_of
from lending.selectors.securities import security_behind
from lending.selectors.verdicts import read_verdict
from lending.services.limits import check_room, use
from lending.services.loans import Agreed, Payout, disburse
from lending.services.moving import UnableToProceed, allowed, follow, lock, refused_on_record

FRESH = timedelta(days=7)
"""A screening older than this says nothing about today's payment."""
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Beneficiary:
    """Where the money goes: the holder as the receiving bank names them, the last four digits, the reference.

    `amount` is the first part of a loan that is paid out in parts; without it all of it goes.
    """

    holder: str
    account_tail: str
    utr: str
    amount: Decimal | None = None


def order_payment(*, application_id: UUID, to: Beneficiary, by: User, at: datetime) -> PaymentOrder:
    """Prepare the payment of an accepted offer. Raises UnableToProceed, InvalidInput."""
    application = visible_application(user=by, application_id=application_id, at=at)
    with refused_on_record(application, "order_payment", by, at):
        require(by, Capability.SERVICE_LOANS, application)
        if application.state != ApplicationState.ACCEPTED:
            raise ForbiddenTransition(f"Nothing is paid out while {application.state}.")
        if not (len(to.account_tail) == 4 and to.account_tail.isdigit()):
            raise InvalidInput("Give the last four digits.", field="account_tail", rule="account.tail")
        if not to.holder.strip() or not to.utr.strip():
            field = "utr" if to.holder.strip() else "holder"
            raise InvalidInput("Fill this in.", field=field, rule=f"{field}.empty")
        if to.amount is not None and not 0 < to.amount <= application.amount:
            raise InvalidInput("Pay out at most what was sanctioned.", field="amount", rule="payment.amount")
        try:
            with transaction.atomic(durable=True):
                return _ordered(application, to, by, at)
        except IntegrityError as error:
            if "payment_one_pending" not in str(error):
                raise
            raise UnableToProceed("A payment waits for its checker already.", code="ordered") from error


def _ordered(application: LoanApplication, to: Beneficiary, by: User, at: datetime) -> PaymentOrder:
    order = PaymentOrder.objects.create(
        application=application, beneficiary=to.holder.strip()[:120], account_tail=to.account_tail,
        amount=to.amount, utr=to.utr.strip()[:40], at=at, maker=by,
        name_match=name_match(to.holder, application.business.legal_name),
    )  # fmt: skip
    audit.record(
        "payment.ordered", target=application, at=at, by=by, organisation=application.organisation,
        payload={"order": order.uuid, "amount": order.amount or application.amount, "name_match": order.name_match},
    )  # fmt: skip
    return order


def release_payment(*, order_id: UUID, by: User, at: datetime) -> Loan:
    """Pay out, as another person than the one who prepared it, when the gate lets it through.

    Everything is looked at again inside the transaction of the payment. Raises UnableToProceed naming the rule.
    """
    order = visible_order(user=by, order_id=order_id, at=at)
    application = order.application
    with refused_on_record(application, Step.DISBURSE, by, at), transaction.atomic(durable=True):
        locked = lock(application)
        allowed(locked, Step.DISBURSE, by)
        waiting = PaymentOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        _check_order(waiting, by)
        statement = KeyFactStatement.objects.get(application=locked)
        _gate(locked, waiting, statement, by, at)
        waiting.state, waiting.checker, waiting.answered_at = PaymentOrder.State.RELEASED, by, at
        waiting.save(update_fields=["state", "checker", "answered_at"])
        payout = Payout(waiting.utr, waiting.beneficiary, waiting.account_tail, waiting.name_match)
        agreed = _agreed(locked, statement, waiting.amount or locked.amount, at)
        use(locked, at)
        follow(locked, Step.DISBURSE, by=by, at=at)
        return disburse(application=locked, agreed=agreed, payout=payout, maker=waiting.maker, checker=by, at=at)


def refuse_payment(*, order_id: UUID, note: str, by: User, at: datetime) -> PaymentOrder:
    """Send a prepared payment back with a reason; the officer may prepare another one."""
    order = visible_order(user=by, order_id=order_id, at=at)
    require(by, Capability.APPROVE_LOAN_ACTS, order.application)
    if not note.strip():
        raise InvalidInput("Say why.", field="note", rule="note.empty")
    with transaction.atomic(durable=True):
        locked = PaymentOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        _check_order(locked, by)
        locked.state, locked.checker, locked.answered_at = PaymentOrder.State.REFUSED, by, at
        locked.note = note.strip()[:300]
        locked.save(update_fields=["state", "checker", "answered_at", "note"])
        audit.record(
            "payment.refused", target=order.application, at=at, by=by, organisation=order.application.organisation
        )
    return locked


def follow_loan(*, loan_id: int, at: datetime) -> None:
    """Let the application follow a loan that was left within the cooling-off days; twice is harmless."""
    loan = Loan.objects.select_related("application").get(pk=loan_id)
    if loan.closed_as != ClosedAs.COOLED_OFF:
        return
    with transaction.atomic(durable=True):
        locked = lock(loan.application)
        if locked.state == ApplicationState.DISBURSED:
            follow(locked, Step.COOL_OFF, by=None, at=at)


def _check_order(order: PaymentOrder, by: User) -> None:
    if order.state != PaymentOrder.State.PENDING:
        raise UnableToProceed("This payment was answered already.", code="answered")
    if order.maker_id == by.pk:
        raise UnableToProceed("You prepared this payment. Somebody else has to release it.", code="maker_is_checker")


def _gate(
    application: LoanApplication, order: PaymentOrder, statement: KeyFactStatement, by: User, at: datetime
) -> None:
    """Everything that has to hold at the moment of the payment."""
    screened = Screening.objects.filter(business=application.business_id).latest_first().first()
    standing = fraud.standing(business_id=application.business_id)
    known = kyc_of(business_id=application.business_id, at=at)
    rules = (
        ("kyc", known.reaches(KycTier.ENHANCED), "The identity check of the business is not enhanced, or is due."),
        ("stale_screening", screened is not None and screened.as_of >= at - FRESH, "The screening is too old."),
        ("held_by_fraud_policy", not standing.held, "The fraud policy holds this business."),
        ("conditions_open", not application.conditions.filter(met_at=None).exists(), "A condition is not met yet."),
        ("offer_ended", statement.accepted_at is not None and at <= statement.valid_until, "The offer has ended."),
        ("name_differs", order.name_match >= ENOUGH, "The account's holder is not the borrower by name."),
        ("security_short", is_secured(application, statement), "What is charged and registered is worth too little."),
        ("related_party", not is_related(user_id=by.pk, business=application.business), "You are connected with it."),
    )
    failed = next(((code, words) for code, holds, words in rules if not holds), None)
    if failed is not None:
        raise UnableToProceed(f"{failed[1]} Nothing was paid out.", code=failed[0])
    check_room(application)


def is_secured(application: LoanApplication, statement: KeyFactStatement) -> bool:
    """Whether the loan stays within the product's share of what is charged; a product without security asks none."""
    product = ProductTerms.from_document(statement.document["terms"])
    if not product.secured:
        return True
    return application.amount <= security_behind(application) * product.most_loan_to_value / 100


def _agreed(application: LoanApplication, statement: KeyFactStatement, amount: Decimal, at: datetime) -> Agreed:
    """The accepted terms for what is paid out now, dated today; the fee is that of the whole loan."""
    product = ProductTerms.from_document(statement.document["terms"])
    terms = terms_on(
        product, principal=amount, percent=statement.percent, months=application.months,
        on=at.astimezone(IST).date(),
    )  # fmt: skip
    charge = fee(processing_fee(product), application.amount) if product.fee_percent else Charge(NOTHING, NOTHING)
    if charge.total >= amount:
        raise UnableToProceed("This part does not cover the fee that is kept back.", code="part_below_fee")
    decision = application.decisions.in_order().last()
    run = decision.score_run if decision else None
    if run is None or run.pd is None:
        raise UnableToProceed("The decision holds no probability of default.", code="no_score")
    pd = (Decimal(repr(run.pd)) * 100).quantize(Decimal("0.01"))
    cover = _cover(decision, application.amount)
    security = security_behind(application)
    return Agreed(
        terms=terms, product=product, apr=statement.apr, fee=charge, pd=pd, cover=cover, security=security,
        sanctioned=application.amount,
    )  # fmt: skip


def _cover(decision: Decision | None, amount: Decimal) -> Decimal:
    """The guaranteed share, per cent, that the decision priced: the book carries the guarantee the rate counts on."""
    if decision is None or read_verdict(decision.snapshot).cgtmse.eligible is not True:
        return NOTHING
    guarantee = policy_of(decision.policy).policy.guarantee(amount)
    return guarantee.cover if guarantee else NOTHING
