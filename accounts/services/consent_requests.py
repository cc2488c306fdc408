"""A bank asks a business for its evidence."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Unpack

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.events import ConsentRequested
from accounts.models import (
    Bounds,
    Business,
    Consent,
    ConsentStatus,
    ConsentStep,
    EvidenceKind,
    Organisation,
    Purpose,
    User,
)
from accounts.permissions import Capability, require
from accounts.services.consents import check_bounds, record_step
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.identifiers import gstin as gstins
from creditiq.kernel.identifiers.errors import InvalidIdentifier

LONGEST = timedelta(days=731)
"""Nobody is asked for more than two years at a time."""
QUIET_AFTER_DENIAL = timedelta(days=7)
"""How long a bank that was refused lets the business be."""


class UnableToRequest(ApplicationError):
    """The bank has what it asks for, asked already, or was refused a few days ago."""

    code = "unable_to_request"


def request_consent(
    *,
    gstin: str,
    kinds: Collection[str],
    purpose: str,
    expires_at: datetime,
    by: User,
    at: datetime,
    **bounds: Unpack[Bounds],
) -> Consent:
    """Ask the business behind a GSTIN to let the asker's bank read these kinds of evidence until `expires_at`.

    `bounds` say which time the evidence is from, how often the bank looks and how long it uses what it read.

    Raises InvalidInput naming the rule, NotVisible when nobody can be asked, Forbidden for staff of no bank,
    UnableToRequest.
    """
    require(by, Capability.REQUEST_CONSENT)
    bank = _bank_of(by)
    _check_terms(kinds, purpose, expires_at, at)
    check_bounds(bounds, at)
    business = _business(gstin, by, at)
    wanted = Consent(
        business=business,
        organisation=bank,
        purpose=purpose,
        kinds=sorted(set(kinds)),
        status=ConsentStatus.REQUESTED,
        requested_at=at,
        requested_by=by,
        expires_at=expires_at,
    )
    wanted.bind(bounds)
    _refuse_needless(wanted, at)
    return _asked(wanted, by, at)


def _asked(wanted: Consent, by: User, at: datetime) -> Consent:
    try:
        with transaction.atomic(durable=True):
            wanted.save(force_insert=True)
            record_step(wanted, ConsentStep.REQUEST, by=by, at=at)
            publish(ConsentRequested(consent_id=wanted.pk, business_id=wanted.business_id))
    except IntegrityError as error:
        if "consent_one_requested" not in str(error):
            raise
        raise UnableToRequest("Your bank has asked already; the owner has not answered yet.") from error
    return wanted


def _bank_of(by: User) -> Organisation:
    if by.organisation is None or by.organisation.is_platform:
        raise Forbidden("Only a bank asks for evidence.")
    return by.organisation


def _check_terms(kinds: Collection[str], purpose: str, expires_at: datetime, at: datetime) -> None:
    if not kinds or not set(kinds) <= set(EvidenceKind.values):
        raise InvalidInput("Choose at least one kind of evidence.", field="kinds", rule="consent.kinds")
    if purpose not in Purpose.values:
        raise InvalidInput("Choose a purpose.", field="purpose", rule="consent.purpose")
    if not at < expires_at <= at + LONGEST:
        message = "Ask for a time that ends within two years from now."
        raise InvalidInput(message, field="expires_at", rule="consent.expires_at")


def _business(gstin: str, by: User, at: datetime) -> Business:
    """Whom to ask. Asking leaves a trace also when there is nobody: a GSTIN is not tried out unseen."""
    try:
        number = gstins.parse(gstin.strip().upper()).text
    except InvalidIdentifier as broken:
        raise InvalidInput(broken.message, field="gstin", rule=broken.rule) from broken
    sandbox = by.organisation is not None and by.organisation.is_sandbox
    business = Business.register.filter(gstin=number, is_made_up=sandbox).first()
    if business is None:
        with transaction.atomic(durable=True):
            audit.record("consent.requested", target="accounts.consent", at=at, by=by, outcome="unknown_gstin")
        raise NotVisible("Nobody with this GSTIN can be asked here.")
    return business


def _refuse_needless(wanted: Consent, at: datetime) -> None:
    between = Consent.objects.filter(business=wanted.business, organisation=wanted.organisation, purpose=wanted.purpose)
    holding = between.live_at(at).covering(wanted.kinds).filter(expires_at__gte=wanted.expires_at)
    if any(held.as_wide_as(wanted) for held in holding):
        raise UnableToRequest("Your bank may read this already, and for as long as you ask.")
    quiet = between.filter(
        status=ConsentStatus.DENIED, events__step=ConsentStep.DENY, events__at__gt=at - QUIET_AFTER_DENIAL
    )
    if quiet.exists():
        raise UnableToRequest("The owner said no less than seven days ago; ask again later.")
