"""Telling people: one row in the tray and, when they want it, one letter, in one transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.events import Notified
from accounts.models import ApprovalRequest, Business, Consent, ConsentStatus, Notification, User
from accounts.permissions import Capability, can
from accounts.selectors.notice_texts import WORDINGS, worded
from accounts.services.mails import Letter, write_mail
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.events import publish

ONCE_A_DAY = frozenset({"scoring.ScoreIssued"})
"""A busy business is scored after every upload: its people hear of it once a day."""
ENDS_SOON = timedelta(days=7)
ABOUT_A_CONSENT = "consent_id"


def tell(
    *,
    users: Iterable[User],
    topic: str,
    source: str,
    at: datetime,
    business: Business | None = None,
    facts: Mapping[str, str] | None = None,
) -> list[Notification]:
    """Tell each person once per `source`, in the caller's transaction; returns what is new."""
    told = []
    for user in users:
        notice = worded(topic, language=user.language, facts=facts or {})
        words = {"topic": topic, "title": notice.title, "text": notice.text, "path": notice.path, "facts": facts or {}}
        news, is_new = Notification.objects.get_or_create(
            user=user, source=source, defaults={**words, "business": business, "happened_at": at}
        )
        if not is_new:
            continue
        told.append(news)
        publish(Notified(user_id=user.pk))
        if notice.by_mail and user.wants_mail and user.email_verified_at is not None:
            text = f"{notice.text}\n\n{settings.SITE_ADDRESS}{notice.path}"
            write_mail(letter=Letter(user.email, notice.title, text, user.language), at=at)
    return told


def tell_members(*, topic: str, business_id: int, ids: Mapping[str, int | str], at: datetime) -> list[Notification]:
    """Tell everybody who speaks for a business of an event; topics without words tell nobody. Twice is harmless."""
    if topic not in WORDINGS:
        return []
    business = Business.register.get(pk=business_id)
    if topic in ONCE_A_DAY:
        source = f"{topic}:{business_id}:{at.astimezone(IST):%Y-%m-%d}"
    else:
        source = ":".join([topic, *(f"{name}={ids[name]}" for name in sorted(ids))])
    with transaction.atomic(durable=True):
        facts = {"business": business.trade_name, "organisation": _organisation(ids)}
        return tell(users=_members(business), topic=topic, source=source, at=at, business=business, facts=facts)


def tell_business(
    *, business_id: int, topic: str, source: str, at: datetime, facts: Mapping[str, str] | None = None
) -> list[Notification]:
    """Tell everybody who speaks for a business, once per `source`, in the caller's transaction."""
    business = Business.register.get(pk=business_id)
    told = {"business": business.trade_name, **(facts or {})}
    return tell(users=_members(business), topic=topic, source=source, at=at, business=business, facts=told)


def tell_governors(*, topic: str, ids: Mapping[str, int | str], at: datetime) -> list[Notification]:
    """Tell everybody who governs the models of an event, once a day each. Topics without words tell nobody."""
    if topic not in WORDINGS:
        return []
    named = ":".join(f"{name}={ids[name]}" for name in sorted(ids))
    source = f"{topic}:{named}:{at.astimezone(IST):%Y-%m-%d}"
    with transaction.atomic(durable=True):
        return tell_staff(Capability.GOVERN_MODEL, topic=topic, source=source, at=at)


def tell_staff(
    capability: Capability,
    *,
    topic: str,
    source: str,
    at: datetime,
    facts: Mapping[str, str] | None = None,
    organisation_id: int | None = None,
) -> list[Notification]:
    """Tell all staff who have a capability, of one house where it is named, once each, in the caller's transaction."""
    staff = User.objects.active().filter(organisation__isnull=False).select_related("organisation").order_by("pk")
    if organisation_id is not None:
        staff = staff.filter(organisation=organisation_id)
    people = [person for person in staff if can(person, capability)]
    return tell(users=people, topic=topic, source=source, at=at, facts=facts)


def tell_maker(*, approval_id: int, at: datetime) -> list[Notification]:
    """Tell whoever asked for a second pair of eyes what became of it; a request taken back tells nobody."""
    asked = ApprovalRequest.objects.select_related("maker").get(pk=approval_id)
    if asked.checker_id is None and asked.state == "cancelled":
        return []
    facts = {"approval": str(asked.uuid), "what": asked.summary, "state": asked.get_state_display().lower()}
    with transaction.atomic(durable=True):
        return tell(users=[asked.maker], topic="approval.decided", source=f"approval:{asked.pk}", at=at, facts=facts)


def warn_of_ending_consents(*, at: datetime) -> int:
    """Tell owners of consents that end within a week, once each; how many people were told."""
    ending = Consent.objects.filter(
        status=ConsentStatus.GRANTED, expires_at__gt=at, expires_at__lte=at + ENDS_SOON
    ).select_related("business", "organisation")
    told = 0
    for consent in ending.order_by("pk"):
        if consent.expires_at is None:
            continue
        facts = {
            "business": consent.business.trade_name,
            "organisation": consent.organisation.name,
            "day": f"{consent.expires_at.astimezone(IST):%d %b %Y}",
        }
        with transaction.atomic(durable=True):
            people, source = _members(consent.business), f"consent.expiring:{consent.pk}"
            told += len(
                tell(
                    users=people, topic="consent.expiring", source=source, at=at, business=consent.business, facts=facts
                )
            )
    return told


def read_notification(*, notification_id: UUID, by: User, at: datetime) -> Notification:
    """One piece of news is read; again changes nothing. Raises NotVisible."""
    news = Notification.objects.of(by).filter(uuid=notification_id).first()
    if news is None:
        raise NotVisible
    if news.read_at is None:
        news.read_at = at
        with transaction.atomic(durable=True):
            news.save(update_fields=["read_at"])
            publish(Notified(user_id=by.pk))
    return news


def read_all_notifications(*, by: User, at: datetime) -> int:
    """Everything is read; how many were not."""
    with transaction.atomic(durable=True):
        changed = Notification.objects.of(by).unread().update(read_at=at)
        if changed:
            publish(Notified(user_id=by.pk))
    return changed


def _members(business: Business) -> list[User]:
    return list(User.objects.active().filter(memberships__business=business).distinct().order_by("pk"))


def _organisation(ids: Mapping[str, int | str]) -> str:
    """Who a consent is for, where the event is about one."""
    if ABOUT_A_CONSENT not in ids:
        return ""
    return Consent.objects.select_related("organisation").get(pk=ids[ABOUT_A_CONSENT]).organisation.name
