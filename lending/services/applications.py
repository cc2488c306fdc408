"""Apply for a loan."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.models import Business, KycTier, Organisation, User
from accounts.permissions import Capability, require
from accounts.selectors import kyc_of, live_consent
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.money import format_inr, rupees
from lending.engine.turnaround import due_on
from lending.models import STEPS, LoanApplication, LoanProduct, Step
from lending.selectors.applications import visible_application
from lending.selectors.assessments import Assessed, assess
from lending.services.assessing import assessment, go_on
from lending.services.moving import allowed, follow, lock, refused_on_record
from lending.services.securing import hand_over
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
    *,
    business: Business,
    organisation: Organisation,
    asked: Asked,
    by: User,
    at: datetime,
    instead_of: LoanApplication | None = None,
) -> LoanApplication:
    """Take an application to a bank in one go: a draft that is sent at once.

    `instead_of` is one with other terms that gives way to it in the same moment; what secures it goes over.
    Raises UnableToApply when the bank may not read the evidence or one for the product is open already,
    InvalidInput when the request does not fit the product.
    """
    require(by, Capability.APPLY, business)
    draft = _draft(business, organisation, asked, by, at)
    _check_whole(draft, at)
    try:
        with transaction.atomic(durable=True):
            if instead_of is not None:
                _give_way(instead_of, draft, by, at)
            draft.save(force_insert=True)
            if instead_of is not None:
                hand_over(instead_of, draft, by=by, at=at)
            _send(draft, _assessed(draft, at), by, at)
    except IntegrityError as error:
        raise _told(error, draft) from error
    return draft


def take_counter(*, application_id: UUID, by: User, at: datetime) -> LoanApplication:
    """Take the other terms a bank offers: a new request with them is sent, and the old one ends. The new request.

    Raises NotVisible, ForbiddenTransition when none are offered, and what `open_application` raises.
    """
    application = visible_application(user=by, application_id=application_id, at=at)
    with refused_on_record(application, Step.TAKE, by, at):
        allowed(application, Step.TAKE, by)
        offered = application.decisions.in_order().last()
        if offered is None or offered.amount is None or offered.months is None:
            raise UnableToApply("No other terms are offered.")
        asked = Asked(application.product.code, offered.amount, offered.months, application.purpose)
        return open_application(
            business=application.business, organisation=application.organisation, asked=asked, by=by, at=at,
            instead_of=application,
        )  # fmt: skip


def _give_way(old: LoanApplication, new: LoanApplication, by: User, at: datetime) -> None:
    locked = lock(old)
    locked.closed_reason, locked.paused_at = f"Goes on with other terms as {new.number}.", None
    follow(locked, Step.TAKE, by=by, at=at, note=locked.closed_reason)


def begin_draft(
    *, business: Business, organisation: Organisation, asked: Asked, by: User, at: datetime
) -> LoanApplication:
    """Begin an application that only its owner sees; the amount and months start at the product's least.

    A draft for the same product and bank is gone on with. Raises InvalidInput and UnableToApply.
    """
    require(by, Capability.APPLY, business)
    fresh = _draft(business, organisation, asked, by, at)
    with transaction.atomic(durable=True):
        begun = LoanApplication.objects.drafts().filter(
            business=business, organisation=organisation, product=fresh.product
        )
        found = begun.order_by("-pk").first()
        if found is not None:
            return found
        fresh.save(force_insert=True)
        audit.record("application.begun", target=fresh, at=at, by=by, organisation=organisation)
    return fresh


def save_draft(*, application_id: UUID, asked: Asked, by: User, at: datetime, whole: bool) -> LoanApplication:
    """Keep what was typed. `whole`: it has to fit the product; else only what can be stored is.

    Raises NotVisible, ForbiddenTransition once it was sent, InvalidInput.
    """
    application = visible_application(user=by, application_id=application_id, at=at)
    require(by, Capability.APPLY, application)
    with transaction.atomic(durable=True):
        locked = lock(application)
        STEPS.follow(locked.state, Step.SUBMIT)
        locked.amount, locked.months, locked.purpose = rupees(asked.amount), asked.months, asked.purpose.strip()
        if whole:
            check_fits(locked.product, asked)
        locked.version += 1
        locked.save()
    return locked


def submit(*, application_id: UUID, by: User, at: datetime) -> LoanApplication:
    """Send a draft to its bank; from here on the request is frozen and the clock runs.

    Raises NotVisible, ForbiddenTransition, InvalidInput, UnableToApply.
    """
    application = visible_application(user=by, application_id=application_id, at=at)
    with refused_on_record(application, Step.SUBMIT, by, at):
        allowed(application, Step.SUBMIT, by)
        _check_whole(application, at)
        assessed = _assessed(application, at)
        try:
            with transaction.atomic(durable=True):
                locked = lock(application)
                allowed(locked, Step.SUBMIT, by)
                _send(locked, assessed, by, at)
        except IntegrityError as error:
            raise _told(error, application) from error
    return locked


def _draft(business: Business, organisation: Organisation, asked: Asked, by: User, at: datetime) -> LoanApplication:
    product = _product(asked.product)
    if not organisation.is_active or organisation.is_platform:
        raise UnableToApply(f"{organisation} takes no applications.")
    return LoanApplication(
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


def _check_whole(application: LoanApplication, at: datetime) -> None:
    """The guard of sending: fits the product, the owner is known, and the bank holds a live consent."""
    organisation = application.organisation
    check_fits(
        application.product,
        Asked(application.product.code, application.amount, application.months, application.purpose),
    )
    if not organisation.is_active:
        raise UnableToApply(f"{organisation} takes no applications.")
    if live_consent(business_id=application.business_id, organisation_id=organisation.pk, at=at) is None:
        raise UnableToApply(f"{organisation} may not read your evidence yet. Give it your consent, then apply.")
    known = kyc_of(business_id=application.business_id, at=at)
    if not known.reaches(KycTier.ENHANCED):
        words = known.sentence or "A loan needs the enhanced identity check. Complete it on the page Identity check."
        raise UnableToApply(words, code="kyc")


def _assessed(application: LoanApplication, at: datetime) -> Assessed:
    run = scoring.latest_run(business_id=application.business_id)
    return assess(business=application.business, run=run, at=at, application=application)


def _send(application: LoanApplication, assessed: Assessed, by: User, at: datetime) -> None:
    application.opened_at = application.submitted_at = at
    application.due = due_on(at.astimezone(IST).date(), application.amount)
    payload = {"product": application.product.code, "amount": application.amount, "months": application.months}
    audit.record(
        "application.opened", target=application, at=at, by=by, organisation=application.organisation, payload=payload
    )
    follow(application, Step.SUBMIT, by=by, at=at)
    assessment(application, assessed).save(force_insert=True)
    go_on(application, assessed, at)


def _told(error: IntegrityError, application: LoanApplication) -> ApplicationError:
    if "application_one_open_per_product" not in str(error):
        raise error
    return UnableToApply(f"An application to {application.organisation} for this product is open already.")


def _product(code: str) -> LoanProduct:
    product = LoanProduct.objects.offered().filter(code=code).first()
    if product is None:
        raise InvalidInput("There is no such product.", field="product", rule="product.unknown")
    return product


def check_fits(product: LoanProduct, asked: Asked) -> None:
    """Raise InvalidInput naming the field that is outside the product."""
    if not product.least_amount <= asked.amount <= product.most_amount:
        span = f"{format_inr(product.least_amount)} to {format_inr(product.most_amount)}"
        raise InvalidInput(f"{product} goes from {span}.", field="amount", rule="product.amount")
    if not product.least_months <= asked.months <= product.most_months:
        span = f"{product.least_months} to {product.most_months} months"
        raise InvalidInput(f"{product} runs {span}.", field="months", rule="product.months")
    if not asked.purpose.strip():
        raise InvalidInput("Say what the money is for.", field="purpose", rule="purpose.empty")


def _next_number(at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('lending_application_number')")
        row: tuple[int] = cursor.fetchone()
    return f"LA-{at.astimezone(IST):%Y}-{row[0]:06d}"
