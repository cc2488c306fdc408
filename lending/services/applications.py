"""Apply for a loan."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.models import Business, Organisation, User
from accounts.permissions import Capability, require
from accounts.selectors import live_consent
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.money import format_inr, rupees
from lending.models import LoanApplication, LoanProduct
from lending.selectors.assessments import assess
from lending.services.assessing import assessment
from scoring import selectors as scoring


class UnableToApply(ApplicationError):
    """The application cannot be taken."""

    code = "unable_to_apply"


@dataclass(frozen=True)
class Asked:
    """What is asked for: a product by code, rupees, months, and for what."""

    product: str
    amount: Decimal
    months: int
    purpose: str


def open_application(
    *, business: Business, organisation: Organisation, asked: Asked, by: User, at: datetime
) -> LoanApplication:
    """Take an application to a bank and give it the policy's first verdict.

    Raises UnableToApply when the bank may not read the evidence or one for the product is open already,
    InvalidInput when the request does not fit the product.
    """
    require(by, Capability.APPLY, business)
    product = _fitting_product(asked)
    if not organisation.is_active or organisation.is_platform:
        raise UnableToApply(f"{organisation} takes no applications.")
    if live_consent(business_id=business.pk, organisation_id=organisation.pk, at=at) is None:
        raise UnableToApply(f"{organisation} may not read your evidence yet. Give it your consent, then apply.")
    application = LoanApplication(
        number=_next_number(at),
        business=business,
        organisation=organisation,
        product=product,
        amount=rupees(asked.amount),
        months=asked.months,
        purpose=asked.purpose.strip(),
        opened_at=at,
        opened_by=by,
    )
    run = scoring.latest_run(business_id=business.pk)
    assessed = assess(business=business, run=run, at=at, application=application)
    try:
        with transaction.atomic(durable=True):
            application.save(force_insert=True)
            assessment(application, assessed).save(force_insert=True)
            payload = {"product": product.code, "amount": application.amount, "months": application.months}
            audit.record(
                "application.opened", target=application, at=at, by=by, organisation=organisation, payload=payload
            )
    except IntegrityError as error:
        if "application_one_open_per_product" not in str(error):
            raise
        raise UnableToApply(f"An application to {organisation} for this product is open already.") from error
    return application


def _fitting_product(asked: Asked) -> LoanProduct:
    product = LoanProduct.objects.offered().filter(code=asked.product).first()
    if product is None:
        raise InvalidInput("There is no such product.", field="product", rule="product.unknown")
    if not product.least_amount <= asked.amount <= product.most_amount:
        span = f"{format_inr(product.least_amount)} to {format_inr(product.most_amount)}"
        raise InvalidInput(f"{product} goes from {span}.", field="amount", rule="product.amount")
    if not product.least_months <= asked.months <= product.most_months:
        span = f"{product.least_months} to {product.most_months} months"
        raise InvalidInput(f"{product} runs {span}.", field="months", rule="product.months")
    if not asked.purpose.strip():
        raise InvalidInput("Say what the money is for.", field="purpose", rule="purpose.empty")
    return product


def _next_number(at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('lending_application_number')")
        row: tuple[int] = cursor.fetchone()
    return f"LA-{at.astimezone(IST):%Y}-{row[0]:06d}"
