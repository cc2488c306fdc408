"""What of the evidence a consent covers: its kinds, and the time the evidence is from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import Business, Consent, ConsentQuerySet, User
from accounts.selectors import live_consent
from wallets.models import RECORD_MODELS


@dataclass(frozen=True)
class Grounds:
    """On what ground a business is read: ownership (no consent, every kind), or a consent."""

    consent: Consent | None
    kinds: Collection[str]

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies within the range of the consent."""
        begins, ends = (self.consent.data_from, self.consent.data_to) if self.consent else (None, None)
        return (begins is None or begins <= moment) and (ends is None or moment <= ends)

    def covers(self) -> Q:
        """Records within the range of the consent, whenever that is."""
        return _within(self.consent)

    def happened(self, as_of: datetime) -> Q:
        """Records that had happened by `as_of`, within the range of the consent."""
        return happened(self.consent, as_of)


def grounds(*, user: User, business: Business, at: datetime) -> Grounds:
    """What the person may read of a business they see; no kinds when there is no live consent."""
    if user.organisation_id is None:
        return Grounds(None, tuple(RECORD_MODELS))
    return ground_of(live_consent(business_id=business.pk, organisation_id=user.organisation_id, at=at))


def ground_of(consent: Consent | None) -> Grounds:
    """What a consent lets be read; nothing where there is none."""
    return Grounds(consent, tuple(consent.kinds) if consent else ())


def happened(consent: Consent | None, as_of: datetime) -> Q:
    """Records that had happened by `as_of`, within the range of the consent; None reads without one."""
    return Q(occurred_at__lte=as_of) & _within(consent)


def _within(consent: Consent | None) -> Q:
    begins, ends = (consent.data_from, consent.data_to) if consent else (None, None)
    since = Q() if begins is None else Q(occurred_at__gte=begins)
    return since if ends is None else since & Q(occurred_at__lte=ends)


def covered(consents: ConsentQuerySet) -> Q:
    """Records of many businesses, each within the range of its own among `consents`: one anti-join, none per row."""
    beyond = Q(data_from__gt=OuterRef("occurred_at")) | Q(data_to__lt=OuterRef("occurred_at"))
    return ~Q(Exists(consents.bounded().filter(beyond, business_id=OuterRef("business_id"))))
