"""A loan paid out in parts: what is left of it goes to the account of the first payment, through a gate of its own."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.models import KycTier, User
from accounts.selectors import kyc_of
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.money import format_inr
from fraud import selectors as fraud
from fraud.models import Screening
from lending.models import Disbursement, KeyFactStatement, Loan, LoanAct, Receipt, Tranche
from lending.selectors.exposures import is_related
from lending.selectors.loan_acts import drawn_of
from lending.services.limits import check_drawn_room
from lending.services.paying_out import FRESH, is_secured
from lending.services.servicing import UnableToServe


def check_draw(loan: Loan, amount: Decimal, reference: str, *, by: User, at: datetime) -> None:
    """Raises InvalidInput for an amount or reference that cannot be, UnableToServe or NoRoom when the gate is shut."""
    left = loan.sanctioned - drawn_of(loan)
    if not 0 < amount <= left:
        raise InvalidInput(f"{format_inr(left, places=2)} is left to pay out.", field="amount", rule="draw.amount")
    if not reference.strip():
        raise InvalidInput("Give the reference of the payment.", field="reference", rule="draw.reference")
    used = (Tranche, Disbursement, Receipt)
    if any(kind.objects.filter(utr=reference.strip()).exists() for kind in used):
        raise InvalidInput("This payment reference was used already.", field="reference", rule="draw.utr_once")
    _gate(loan, by, at)
    check_drawn_room(loan)


def _gate(loan: Loan, by: User, at: datetime) -> None:
    """What has to hold at each payment."""
    statement = KeyFactStatement.objects.filter(application=loan.application_id).first()
    secured = statement is None or is_secured(loan.application, statement)
    screened = Screening.objects.filter(business=loan.business_id).latest_first().first()
    rules = (
        ("kyc", kyc_of(business_id=loan.business_id, at=at).reaches(KycTier.ENHANCED), "The identity check is due."),
        ("stale_screening", screened is not None and screened.as_of >= at - FRESH, "The screening is too old."),
        ("held_by_fraud_policy", not fraud.standing(business_id=loan.business_id).held, "The fraud policy holds it."),
        ("security_short", secured, "What is charged and registered is worth too little."),
        ("related_party", not is_related(user_id=by.pk, business=loan.business), "You are connected with it."),
    )
    failed = next(((code, words) for code, holds, words in rules if not holds), None)
    if failed is not None:
        raise UnableToServe(f"{failed[1]} Nothing was paid out.", code=failed[0])


def store_tranche(row: LoanAct, *, maker: User, checker: User, at: datetime) -> Tranche:
    """The payment of a stored draw. Raises InvalidInput when the reference was used a moment ago."""
    first = row.loan.disbursement
    try:
        with transaction.atomic():
            return Tranche.objects.create(
                loan=row.loan, act=row, on=row.on, amount=row.amount, beneficiary=first.beneficiary,
                account_tail=first.account_tail, utr=row.reference, at=at, maker=maker, checker=checker,
            )  # fmt: skip
    except IntegrityError as error:
        if "utr" not in str(error):
            raise
        message = "This payment reference was used already."
        raise InvalidInput(message, field="reference", rule="draw.utr_once") from error
