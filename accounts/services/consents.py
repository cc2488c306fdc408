"""Consents: grant, withdraw. Every one leaves an audit entry in the chain of whom it was given to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.events import ConsentWithdrawn
from accounts.models import Business, Consent, ConsentStatus, EvidenceKind, Organisation, Purpose, User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import ApplicationError, NotVisible
from creditiq.kernel.events import publish


class UnableToGrant(ApplicationError):
    """A consent of this business to this organisation for this purpose is in force already."""

    code = "unable_to_grant"


class UnableToWithdraw(ApplicationError):
    """The consent is not in force."""

    code = "unable_to_withdraw"


@dataclass(frozen=True)
class ConsentTerms:
    """To whom, until when, which kinds of evidence and what for."""

    organisation: Organisation
    expires_at: datetime
    kinds: Collection[str] = tuple(EvidenceKind.values)
    purpose: str = Purpose.CREDIT_ASSESSMENT


def grant_consent(*, business: Business, terms: ConsentTerms, by: User, at: datetime) -> Consent:
    """Let an organisation read a business's evidence. Raises UnableToGrant when it may already."""
    require(by, Capability.GRANT_CONSENT, business)
    try:
        with transaction.atomic(durable=True):
            _lapse([business.pk], terms, at)
            consent = _consent(business.pk, terms, at)
            consent.save(force_insert=True)
            audit.record(
                "consent.granted",
                target=consent,
                at=at,
                by=by,
                organisation=terms.organisation,
                payload={"business": business.uuid, "kinds": sorted(terms.kinds), "expires_at": terms.expires_at},
            )
    except IntegrityError as error:
        if "consent_one_granted" not in str(error):
            raise
        raise UnableToGrant("This organisation may read this evidence already.") from error
    return consent


def grant_consents(*, business_ids: Iterable[int], terms: ConsentTerms, at: datetime) -> list[Consent]:
    """Enter the consents that many businesses gave on the same terms (import, demo): one act, one audit entry.

    A business whose consent is in force already is left as it is.
    """
    with transaction.atomic(durable=True):
        wanted = [_consent(business_id, terms, at) for business_id in business_ids]
        _lapse([consent.business_id for consent in wanted], terms, at)
        Consent.objects.bulk_create(wanted, batch_size=1000, ignore_conflicts=True)
        audit.record(
            "consents.granted",
            target=terms.organisation,
            at=at,
            organisation=terms.organisation,
            payload={"businesses": len(wanted), "kinds": sorted(terms.kinds), "expires_at": terms.expires_at},
        )
    return list(
        Consent.objects.live_at(at)
        .filter(
            organisation=terms.organisation, purpose=terms.purpose, business__in=[row.business_id for row in wanted]
        )
        .order_by("business_id")
    )


def withdraw_consent(*, consent_id: UUID, by: User, at: datetime) -> Consent:
    """Take a consent back, at once. Raises NotVisible for somebody else's, UnableToWithdraw when not in force."""
    require(by, Capability.GRANT_CONSENT)
    with transaction.atomic(durable=True):
        consent = Consent.objects.select_for_update(of=("self",)).filter(uuid=consent_id).first()
        if consent is None:
            raise NotVisible
        require(by, Capability.GRANT_CONSENT, consent)
        if consent.status != ConsentStatus.GRANTED:
            raise UnableToWithdraw("This consent is not in force.")
        consent.status, consent.withdrawn_at = ConsentStatus.WITHDRAWN, at
        consent.save(update_fields=["status", "withdrawn_at"])
        audit.record("consent.withdrawn", target=consent, at=at, by=by, organisation=consent.organisation)
        publish(ConsentWithdrawn(consent_id=consent.pk, business_id=consent.business_id))
    return consent


def _lapse(business_ids: Collection[int], terms: ConsentTerms, at: datetime) -> None:
    """Consents that ran out make room for new ones on the same terms."""
    Consent.objects.filter(
        business__in=business_ids,
        organisation=terms.organisation,
        purpose=terms.purpose,
        status=ConsentStatus.GRANTED,
        expires_at__lte=at,
    ).update(status=ConsentStatus.EXPIRED)


def _consent(business_id: int, terms: ConsentTerms, at: datetime) -> Consent:
    return Consent(
        business_id=business_id,
        organisation=terms.organisation,
        purpose=terms.purpose,
        kinds=list(terms.kinds),
        status=ConsentStatus.GRANTED,
        granted_at=at,
        expires_at=terms.expires_at,
    )
