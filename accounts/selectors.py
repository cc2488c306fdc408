"""What other rooms and pages read from accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import (
    AuditEntry,
    Business,
    Consent,
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


def _first_business(user: User) -> Business | None:
    return Business.objects.of(user).order_by("memberships__pk").first()


def consents_visible_to(user: User) -> list[Consent]:
    """Every consent the person may see, newest first."""
    visible = Consent.objects.visible_to(user).select_related("business", "organisation")
    return list(visible.order_by("-granted_at", "-pk")[:500])


def overview(*, at: datetime) -> Overview:
    """Counts, banks, people, newest audit entries and health readings."""
    banks = Organisation.objects.banks().annotate(
        staff=Count("people", distinct=True),
        consenting=Count("consents", filter=Q(consents__status="granted", consents__expires_at__gt=at), distinct=True),
    )
    return Overview(
        people=User.objects.count(),
        people_active=User.objects.active().count(),
        businesses=Business.objects.count(),
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
