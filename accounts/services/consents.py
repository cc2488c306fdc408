"""Consents: given, refused, taken back, run out. Every step leaves an event, and an entry in the receiver's chain."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.engine.spans import Unit
from accounts.events import ConsentDenied, ConsentExpired, ConsentGranted, ConsentWithdrawn
from accounts.models import (
    CONSENT_STEPS,
    Bounds,
    Business,
    Consent,
    ConsentEvent,
    ConsentQuerySet,
    ConsentStatus,
    ConsentStep,
    EvidenceKind,
    Organisation,
    Purpose,
    User,
)
from accounts.models.consents import KEPT_FOR, LOOKED_PER, MOST_UNITS
from accounts.permissions import Capability, require
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.gst_calendar import GST_BEGAN
from creditiq.kernel.transitions import ForbiddenTransition

SWEEP_SIZE = 500
LONGEST_AHEAD = timedelta(days=731)
EARLIEST = datetime.combine(GST_BEGAN, time.min, IST)
TOO_EARLY = "Evidence begins with GST: choose 1 July 2017 or a later day."
SPANS: tuple[tuple[Literal["frequency", "data_life"], tuple[Unit, ...], str], ...] = (
    ("frequency", LOOKED_PER, "Say how often as 1 to 1,000 looks an hour, day, month or year."),
    ("data_life", KEPT_FOR, "Say how long as 1 to 1,000 days, months or years."),
)


class UnableToGrant(ApplicationError):
    """A consent of this business to this organisation for this purpose is in force already, or its time is over."""

    code = "unable_to_grant"


class UnableToDeny(ApplicationError):
    """The request is not open."""

    code = "unable_to_deny"


class UnableToWithdraw(ApplicationError):
    """The consent is not in force."""

    code = "unable_to_withdraw"


@dataclass(frozen=True)
class ConsentTerms:
    """To whom, until when, which kinds of evidence and what for; `bounds` as in `Bounds`."""

    organisation: Organisation
    expires_at: datetime
    kinds: Collection[str] = tuple(EvidenceKind.values)
    purpose: str = Purpose.CREDIT_ASSESSMENT
    bounds: Bounds = field(default_factory=lambda: Bounds())


def grant_consent(*, business: Business, terms: ConsentTerms, by: User, at: datetime) -> Consent:
    """Let an organisation read a business's evidence, unasked. Raises UnableToGrant when it may already."""
    require(by, Capability.GRANT_CONSENT, business)
    if not terms.kinds:
        raise InvalidInput("Choose at least one kind of evidence.", field="kinds", rule="consent.kinds")
    check_bounds(terms.bounds, at)
    try:
        with transaction.atomic(durable=True):
            _expire(_on_terms([business.pk], terms).overdue(at), at)
            consent = _consent(business.pk, terms, at)
            consent.save(force_insert=True)
            record_step(consent, ConsentStep.GRANT, by=by, at=at)
            publish(ConsentGranted(consent_id=consent.pk, business_id=business.pk))
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
        _expire(_on_terms([consent.business_id for consent in wanted], terms).overdue(at), at)
        Consent.objects.bulk_create(wanted, batch_size=1000, ignore_conflicts=True)
        new = Consent.objects.filter(uuid__in=[consent.uuid for consent in wanted]).values_list("pk", flat=True)
        _note_steps(new, ConsentStep.GRANT, at)
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


def grant_request(*, consent_id: UUID, by: User, at: datetime, **narrowed: Unpack[Bounds]) -> Consent:
    """Say yes to a request; a consent to the same organisation for the same purpose gives way to it.

    `narrowed` are bounds of the owner's own: less than what was asked for, never more. The life of the data begins
    with the yes, and access ends with it. Raises NotVisible for somebody else's, UnableToGrant when the request is
    not open or ran out, InvalidInput.
    """
    require(by, Capability.GRANT_CONSENT)
    check_bounds(narrowed, at)
    with transaction.atomic(durable=True):
        consent = _held(consent_id, by)
        _follow(consent, ConsentStep.GRANT, UnableToGrant("There is no open request to say yes to."))
        if consent.expires_at is None or consent.expires_at <= at:
            raise UnableToGrant("The time asked for is over. The bank can ask again.")
        _refuse_more(consent, narrowed, at)
        consent.bind(narrowed)
        _refuse_disorder(consent.data_from, consent.data_to)
        consent.end_with_its_data(at)
        _replace(consent, by, at)
        consent.status, consent.granted_at = ConsentStatus.GRANTED, at
        consent.save()
        record_step(consent, ConsentStep.GRANT, by=by, at=at)
        publish(ConsentGranted(consent_id=consent.pk, business_id=consent.business_id))
    return consent


def deny_request(*, consent_id: UUID, by: User, at: datetime) -> Consent:
    """Say no to a request. Raises NotVisible for somebody else's, UnableToDeny when the request is not open."""
    require(by, Capability.GRANT_CONSENT)
    with transaction.atomic(durable=True):
        consent = _held(consent_id, by)
        _follow(consent, ConsentStep.DENY, UnableToDeny("There is no open request to say no to."))
        consent.status = ConsentStatus.DENIED
        consent.save(update_fields=["status"])
        record_step(consent, ConsentStep.DENY, by=by, at=at)
        publish(ConsentDenied(consent_id=consent.pk, business_id=consent.business_id))
    return consent


def withdraw_consent(*, consent_id: UUID, by: User, at: datetime) -> Consent:
    """Take a consent back, at once. Raises NotVisible for somebody else's, UnableToWithdraw when not in force."""
    require(by, Capability.GRANT_CONSENT)
    with transaction.atomic(durable=True):
        consent = _held(consent_id, by)
        _follow(consent, ConsentStep.WITHDRAW, UnableToWithdraw("This consent is not in force."))
        consent.status, consent.withdrawn_at = ConsentStatus.WITHDRAWN, at
        consent.save(update_fields=["status", "withdrawn_at"])
        record_step(consent, ConsentStep.WITHDRAW, by=by, at=at)
        publish(ConsentWithdrawn(consent_id=consent.pk, business_id=consent.business_id))
    return consent


def expire_consents(*, at: datetime) -> int:
    """Close what ran out, at most 500 in one act: one audit entry, one event each. Returns how many."""
    with transaction.atomic(durable=True):
        ended = _expire(Consent.objects.overdue(at).order_by("expires_at", "pk")[:SWEEP_SIZE], at)
        for consent in ended:
            publish(ConsentExpired(consent_id=consent.pk, business_id=consent.business_id))
        if ended:
            audit.record("consents.expired", target="accounts.consent", at=at, payload={"consents": len(ended)})
    return len(ended)


def record_step(consent: Consent, step: ConsentStep, *, by: User, at: datetime) -> None:
    """The event and the audit entry of one step, inside the caller's transaction."""
    ConsentEvent.objects.create(consent=consent, step=step, at=at, by=by)
    payload = {
        "business": consent.business.uuid,
        "kinds": sorted(consent.kinds),
        "expires_at": consent.expires_at,
        **_told_bounds(consent),
    }
    audit.record(
        f"consent.{consent.status}", target=consent, at=at, by=by, organisation=consent.organisation, payload=payload
    )


def check_bounds(bounds: Bounds, at: datetime) -> None:
    """Raises InvalidInput for a range that is none, or a span that no consent can state."""
    begins, ends = bounds.get("data_from"), bounds.get("data_to")
    for name, moment in (("data_from", begins), ("data_to", ends)):
        if moment is not None and moment < EARLIEST:
            raise InvalidInput(TOO_EARLY, field=name, rule="consent.range")
    _refuse_disorder(begins, ends)
    if begins is not None and begins > at + LONGEST_AHEAD:
        raise InvalidInput("Choose a first day that is not far in the future.", field="data_from", rule="consent.range")
    for name, units, words in SPANS:
        span = bounds.get(name)
        if span is None or span.unit == Unit.INF:
            continue
        if span.unit not in units or not 1 <= span.value <= MOST_UNITS:
            raise InvalidInput(words, field=name, rule=f"consent.{name}")


def _refuse_disorder(begins: datetime | None, ends: datetime | None) -> None:
    if begins is not None and ends is not None and begins >= ends:
        message = "The evidence must end after it begins."
        raise InvalidInput(message, field="data_to", rule="consent.range")


def _refuse_more(asked: Consent, narrowed: Bounds, at: datetime) -> None:
    """An owner gives what was asked for or less."""
    if "data_from" in narrowed and asked.data_from is not None:
        begins = narrowed["data_from"]
        if begins is None or begins < asked.data_from:
            message = "The bank asked for evidence from a later day on; give that or less."
            raise InvalidInput(message, field="data_from", rule="consent.narrower")
    if "data_to" in narrowed and asked.data_to is not None:
        ends = narrowed["data_to"]
        if ends is None or ends > asked.data_to:
            message = "The bank asked for evidence up to an earlier day; give that or less."
            raise InvalidInput(message, field="data_to", rule="consent.narrower")
    if "data_life" in narrowed and asked.data_life is not None:
        life, most = narrowed["data_life"], asked.data_life.after(at)
        ends = life.after(at) if life is not None else None
        if ends is None or (most is not None and ends > most):
            message = "The bank asked to use the evidence for a shorter time; give that or less."
            raise InvalidInput(message, field="data_life", rule="consent.narrower")


def _told_bounds(consent: Consent) -> dict[str, object]:
    """The bounds that there are, for the audit entry."""
    spans = {"frequency": consent.frequency, "data_life": consent.data_life}
    told: dict[str, object] = {"data_from": consent.data_from, "data_to": consent.data_to}
    told.update({name: f"{span.value} {span.unit}" for name, span in spans.items() if span is not None})
    return {name: value for name, value in told.items() if value is not None}


def _held(consent_id: UUID, by: User) -> Consent:
    """The consent, locked. Raises NotVisible."""
    rows = Consent.objects.select_for_update(of=("self",)).select_related("business", "organisation")
    consent = rows.filter(uuid=consent_id).first()
    if consent is None:
        raise NotVisible
    require(by, Capability.GRANT_CONSENT, consent)
    return consent


def _follow(consent: Consent, step: ConsentStep, refusal: ApplicationError) -> None:
    try:
        CONSENT_STEPS.follow(consent.status, step)
    except ForbiddenTransition as error:
        raise refusal from error


def _replace(consent: Consent, by: User, at: datetime) -> None:
    """What was in force between the two for the same purpose ends where the new consent begins."""
    same = {"business": consent.business, "organisation": consent.organisation, "purpose": consent.purpose}
    for earlier in Consent.objects.select_for_update().filter(**same, status=ConsentStatus.GRANTED):
        earlier.status, earlier.withdrawn_at = ConsentStatus.WITHDRAWN, at
        earlier.save(update_fields=["status", "withdrawn_at"])
        _note_steps([earlier.pk], ConsentStep.REPLACE, at, by)


def _on_terms(business_ids: Collection[int], terms: ConsentTerms) -> ConsentQuerySet:
    """Consents in force, at least on paper, that new ones on the same terms would stand beside."""
    return Consent.objects.filter(
        business__in=business_ids,
        organisation=terms.organisation,
        purpose=terms.purpose,
        status=ConsentStatus.GRANTED,
    )


def _expire(consents: ConsentQuerySet, at: datetime) -> list[Consent]:
    """Consents whose time is over end on paper too; one event each."""
    ended = list(consents.select_for_update())
    Consent.objects.filter(pk__in=[consent.pk for consent in ended]).update(status=ConsentStatus.EXPIRED)
    _note_steps([consent.pk for consent in ended], ConsentStep.EXPIRE, at)
    return ended


def _note_steps(consent_ids: Iterable[int], step: ConsentStep, at: datetime, by: User | None = None) -> None:
    events = [ConsentEvent(consent_id=consent_id, step=step, at=at, by=by) for consent_id in consent_ids]
    ConsentEvent.objects.bulk_create(events, batch_size=1000)


def _consent(business_id: int, terms: ConsentTerms, at: datetime) -> Consent:
    consent = Consent(
        business_id=business_id,
        organisation=terms.organisation,
        purpose=terms.purpose,
        kinds=list(terms.kinds),
        status=ConsentStatus.GRANTED,
        granted_at=at,
        expires_at=terms.expires_at,
    )
    consent.bind(terms.bounds)
    consent.end_with_its_data(at)
    return consent
