"""A borrower says what they are about to pay: kept under a reference, with the lender's own address. No money moves."""

import secrets
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.identifiers import vpa
from creditiq.kernel.money import format_inr
from lending.models import Loan, LoanState, PaymentIntention
from lending.selectors.loan_acts import visible_loan
from lending.selectors.previews import payoff_quote
from lending.services.servicing import UnableToServe


def intend_payment(*, loan_id: UUID, amount: Decimal, by: User, at: datetime) -> PaymentIntention:
    """Keep what a borrower is about to pay. Raises NotVisible, Forbidden, InvalidInput, UnableToServe.

    The payment goes from the borrower's bank straight to the lender's; it is booked when the lender confirms it.
    """
    require(by, Capability.VIEW_OWN_LOANS)
    loan = visible_loan(user=by, loan_id=loan_id)
    if loan.state != LoanState.ACTIVE:
        raise UnableToServe("This loan is over: nothing is paid any more.", code="over")
    most = payoff_quote(loan=loan, on=at.astimezone(IST).date()).total
    if not 0 < amount <= most:
        message = f"Pay more than nothing and at most {format_inr(most, places=2)}, which closes the loan."
        raise InvalidInput(message, field="amount", rule="payment.amount")
    with transaction.atomic(durable=True):
        made = PaymentIntention.objects.create(
            loan=loan, amount=amount, reference=f"{loan.account_no.replace('-', '')}{secrets.token_hex(5).upper()}",
            payee=_address_of(loan), at=at, by=by,
        )  # fmt: skip
        audit.record(
            "loan.payment_intended", target=loan, at=at, by=by, organisation=loan.organisation,
            payload={"reference": made.reference, "amount": amount},
        )  # fmt: skip
    return made


def _address_of(loan: Loan) -> str:
    """The lender's UPI address; empty where it gave none, or one that is none."""
    address = str(settings.LENDER_PAYMENT_ADDRESSES.get(str(loan.organisation.uuid), ""))
    return address if vpa.is_valid(address) else ""
