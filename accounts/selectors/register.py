"""What other rooms and pages read from accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from accounts.engine.spans import Span, Unit
from accounts.models import (
    AuditEntry,
    Business,
    Consent,
    ConsentEvent,
    ConsentStatus,
    ConsentUse,
    EvidenceKind,
    Organisation,
    OrganisationKind,
    PolicyVersion,
    Purpose,
    TokenFamily,
    User,
)
from creditiq.kernel import health
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from creditiq.kernel.identifiers import gstin as gstins
from creditiq.kernel.identifiers.errors import InvalidIdentifier

NEWEST_ENTRIES = 25
LISTED_PEOPLE = 50
LISTED_CONSENTS = 500
LISTED_LOOKS = 20
ENDED = (ConsentStatus.DENIED, ConsentStatus.EXPIRED, ConsentStatus.WITHDRAWN)


class NoPolicy(ApplicationError):
    """No version of the section was in force at that moment."""

    code = "no_policy"


@dataclass(frozen=True)
class Account:
    """What a person is told about themselves; `business` is the first one they speak for."""

    user: User
    organisation: Organisation | None
    business: Business | None


@dataclass(frozen=True)
class Overview:
    """The administrator's first page."""

    people: int
    people_active: int
    businesses: int
    consents_live: int
    sessions_open: int
    banks: list[Organisation]
    users: list[User]
    entries: list[AuditEntry]
    readings: Mapping[str, Mapping[str, object]]

    @property
    def troubled(self) -> list[str]:
        """Names of the readings that say something is not well."""
        return [name for name, reading in self.readings.items() if reading.get("ok") is False]


def platform() -> Organisation:
    """The organisation that runs the house; there after every migrate."""
    return Organisation.objects.get(kind=OrganisationKind.PLATFORM)


def live_consent(
    *, business_id: int, organisation_id: int, at: datetime, purpose: str = Purpose.CREDIT_ASSESSMENT
) -> Consent | None:
    """The consent in force at `at`; None means there is none and nothing may be read."""
    live = Consent.objects.live_at(at).filter(business=business_id, organisation=organisation_id, purpose=purpose)
    return live.order_by("-granted_at", "-pk").first()


def policy(section: str, at: datetime) -> PolicyVersion:
    """The version of a section in force at `at`, also for a past moment. Raises NoPolicy."""
    version = PolicyVersion.objects.in_force_at(at).filter(section=section).order_by("-live_from", "-version").first()
    if version is None:
        raise NoPolicy(f"No {section} policy was in force at {at:%Y-%m-%d %H:%M} UTC.")
    return version


def account(user: User) -> Account:
    """The person with organisation and business."""
    return Account(user=user, organisation=user.organisation, business=_first_business(user))


def own_business(user: User) -> Business:
    """The business the person speaks for, the one joined first. Raises NotVisible when there is none."""
    business = _first_business(user)
    if business is None:
        raise NotVisible("You do not speak for a business yet.")
    return business


def visible_business(*, user: User, gstin: str) -> Business:
    """The business behind a GSTIN, for somebody who may see it.

    Raises InvalidInput naming the rule the number breaks; NotVisible for an unknown number and for another
    tenant's business alike.
    """
    number = gstin.strip().upper()
    try:
        gstins.parse(number)
    except InvalidIdentifier as error:
        raise InvalidInput(error.message, field="gstin", rule=error.rule) from error
    business = Business.objects.visible_to(user).filter(gstin=number).first()
    if business is None:
        raise NotVisible
    return business


def gstin_of(*, user: User, business_id: str) -> str:
    """GSTIN behind the public id of a business the person may see; empty for anything else."""
    try:
        known = UUID(business_id)
    except ValueError:
        return ""
    return Business.objects.visible_to(user).filter(uuid=known).values_list("gstin", flat=True).first() or ""


def _first_business(user: User) -> Business | None:
    return Business.objects.of(user).order_by("memberships__pk").first()


def consents_visible_to(user: User) -> QuerySet[Consent]:
    """Every consent the person may see, the newest first."""
    return Consent.objects.visible_to(user).select_related("business", "organisation").order_by("-pk")


@dataclass(frozen=True)
class ConsentsPage:
    """Who sees what of a business until when, who asks, and who looked; newest first."""

    business: Business
    asked: tuple[Consent, ...]
    live: tuple[Consent, ...]
    ended: tuple[Consent, ...]
    looks: tuple[ConsentUse, ...]

    @property
    def banks(self) -> int:
        """How many organisations may see something now."""
        return len({consent.organisation_id for consent in self.live})


@dataclass(frozen=True)
class ConsentHistory:
    """One consent with what happened to it; `replaces` would end if this request were granted."""

    consent: Consent
    events: tuple[ConsentEvent, ...]
    replaces: Consent | None


@dataclass(frozen=True)
class Access:
    """What a bank may read of a business now, and how its last request stands."""

    business: Business
    live: Consent | None
    latest: Consent | None
    missing: tuple[str, ...]

    @property
    def is_asked(self) -> bool:
        """Whether a request waits for the owner."""
        return self.latest is not None and self.latest.status == ConsentStatus.REQUESTED

    @property
    def was_denied(self) -> bool:
        """Whether the owner said no to the last request."""
        return self.latest is not None and self.latest.status == ConsentStatus.DENIED


def consents_page(*, business: Business, at: datetime) -> ConsentsPage:
    """Everything on the owner's consents page."""
    every = Consent.objects.filter(business=business).select_related("organisation")
    counted = every.annotate(used=Count("uses"), used_last=Max("uses__at"))
    looks = ConsentUse.objects.filter(consent__business=business).newest_first()
    return ConsentsPage(
        business=business,
        asked=tuple(every.filter(status=ConsentStatus.REQUESTED, expires_at__gt=at).order_by("-requested_at", "-pk")),
        live=tuple(counted.live_at(at).order_by("-granted_at", "-pk")),
        ended=tuple(counted.filter(status__in=ENDED).order_by("-pk")[:LISTED_LOOKS]),
        looks=tuple(looks.select_related("consent__organisation", "by")[:LISTED_LOOKS]),
    )


def visible_consent(*, user: User, consent_id: UUID) -> Consent:
    """A consent the person may see. Raises NotVisible."""
    rows = Consent.objects.visible_to(user).select_related("business", "organisation", "requested_by")
    consent = rows.filter(uuid=consent_id).first()
    if consent is None:
        raise NotVisible
    return consent


def consent_history(*, user: User, consent_id: UUID, at: datetime) -> ConsentHistory:
    """One consent the person may see, with its events in order. Raises NotVisible."""
    consent = visible_consent(user=user, consent_id=consent_id)
    events = ConsentEvent.objects.filter(consent=consent).select_related("by").order_by("at", "pk")
    replaces = None
    if consent.status == ConsentStatus.REQUESTED:
        replaces = live_consent(
            business_id=consent.business_id,
            organisation_id=consent.organisation_id,
            at=at,
            purpose=consent.purpose,
        )
    return ConsentHistory(consent, tuple(events), replaces)


def consent_artefact(*, user: User, consent_id: UUID, at: datetime) -> dict[str, object]:
    """One consent as its receipt, in the words of the Account Aggregator consent detail, with what happened to it.

    Raises NotVisible.
    """
    history = consent_history(user=user, consent_id=consent_id, at=at)
    consent = history.consent
    return {
        "consentId": str(consent.uuid),
        "consentStatus": consent.status,
        "consentStart": consent.granted_at,
        "consentExpiry": consent.expires_at,
        "consentMode": "VIEW",
        "fetchType": "PERIODIC",
        "fiTypes": sorted(consent.kinds),
        "DataConsumer": {"id": str(consent.organisation.uuid), "name": str(consent.organisation)},
        "Customer": {"id": str(consent.business.uuid), "gstin": consent.business.gstin},
        "Purpose": {"code": consent.purpose, "text": str(Purpose(consent.purpose).label)},
        "FIDataRange": {"from": consent.data_from, "to": consent.data_to},
        "Frequency": _span(consent.frequency),
        "DataLife": _span(consent.data_life),
        "events": [{"step": event.step, "at": event.at} for event in history.events],
    }


def _span(span: Span | None) -> dict[str, object]:
    return {"unit": span.unit, "value": span.value} if span else {"unit": str(Unit.INF), "value": 0}


def consent_uses(*, user: User, consent_id: UUID) -> QuerySet[ConsentUse]:
    """Every act that read evidence under a consent, newest first, for pages. Raises NotVisible."""
    consent = visible_consent(user=user, consent_id=consent_id)
    return ConsentUse.objects.filter(consent=consent).select_related("by").newest_first()


def asked_by(organisation: Organisation) -> list[Consent]:
    """What a bank asked businesses for, newest first."""
    asked = Consent.objects.filter(organisation=organisation, requested_at__isnull=False)
    return list(asked.select_related("business", "requested_by").order_by("-requested_at", "-pk")[:LISTED_CONSENTS])


def access(*, business: Business, organisation_id: int, at: datetime) -> Access:
    """How a bank stands with a business: what it may read now, what it may not, and its last request."""
    live = live_consent(business_id=business.pk, organisation_id=organisation_id, at=at)
    asked = Consent.objects.filter(
        business=business, organisation=organisation_id, requested_at__lte=at, requested_at__isnull=False
    )
    kinds = live.kinds if live else ()
    missing = tuple(kind.label for kind in EvidenceKind if kind.value not in kinds)
    return Access(business, live, asked.order_by("-requested_at", "-pk").first(), missing)


def banks_to_grant(*, business: Business, at: datetime) -> list[Organisation]:
    """Organisations that a business could let in: active, and without its live consent to assess it."""
    live = Consent.objects.live_at(at).filter(business=business, purpose=Purpose.CREDIT_ASSESSMENT)
    everyone = Organisation.objects.active().exclude(pk__in=live.values("organisation"))
    return list(everyone.order_by("-kind", "name"))


def overview(*, at: datetime) -> Overview:
    """Counts, banks, people, newest audit entries and health readings."""
    banks = Organisation.objects.banks().annotate(
        staff=Count("people", distinct=True),
        consenting=Count("consents", filter=Q(consents__status="granted", consents__expires_at__gt=at), distinct=True),
    )
    return Overview(
        people=User.objects.count(),
        people_active=User.objects.active().count(),
        businesses=Business.register.filter(is_made_up=False).count(),
        consents_live=Consent.objects.live_at(at).count(),
        sessions_open=TokenFamily.objects.filter(ended_at__isnull=True, expires_at__gt=at).count(),
        banks=list(banks.order_by("name")),
        users=list(User.objects.select_related("organisation").order_by("role", "email")[:LISTED_PEOPLE]),
        entries=newest_entries(NEWEST_ENTRIES),
        readings=health.readings(),
    )


def newest_entries(count: int) -> list[AuditEntry]:
    """The newest audit entries of all chains."""
    entries = AuditEntry.objects.select_related("organisation", "actor")
    return list(entries.order_by("-at", "-pk")[:count])
