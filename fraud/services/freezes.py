"""Freezing the members of a ring, lifting it by a second person, and what ends by itself when its day has passed."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel import locks
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput
from creditiq.kernel.events import publish
from creditiq.kernel.wall import named
from fraud.events import AlertDecided
from fraud.models import Alert, AlertState, Freeze
from fraud.selectors.rings import visible_ring


class UnableToFreeze(ApplicationError):
    """The members are frozen already, nobody is in the ring, or there is nothing to lift."""

    code = "unable_to_freeze"


def freeze_members(*, ring_id: UUID, until: date | None, reason: str, by: User, at: datetime) -> Freeze:
    """Hold every decision about the present members of a ring to the end of a day.

    Raises InvalidInput, UnableToFreeze, NotVisible, Forbidden.
    """
    require(by, Capability.WORK_FRAUD)
    if until is None or until < at.astimezone(IST).date():
        raise InvalidInput("Choose a last day that has not passed.", field="until", rule="freeze.until")
    why = _stated(reason)
    ring = visible_ring(user=by, ring_id=ring_id)
    with transaction.atomic(durable=True):
        locks.hold("fraud.freeze", ring.pk)
        members = list(named(ring.members.filter(current=True)).values_list("business_id", flat=True))
        if not members or named(Freeze.objects.in_force().filter(ring=ring)).exists():
            raise UnableToFreeze("The members are frozen already, or the ring has none at present.")
        freeze = Freeze.objects.create(ring=ring, until=until, reason=why, at=at, by=by)
        freeze.businesses.add(*members)
        audit.record("ring.frozen", target=ring, at=at, by=by, payload={"until": until, "members": len(members)})
    return freeze


def lift_freeze(*, ring_id: UUID, reason: str, by: User, at: datetime) -> Freeze:
    """End the freeze of a ring before its day. Whoever froze may not lift (Forbidden); raises UnableToFreeze."""
    require(by, Capability.WORK_FRAUD)
    why = _stated(reason)
    ring = visible_ring(user=by, ring_id=ring_id)
    with transaction.atomic(durable=True):
        freeze = named(Freeze.objects.select_for_update().in_force().filter(ring=ring)).first()
        if freeze is None:
            raise UnableToFreeze("Nobody froze the members of this ring.")
        if freeze.by_id == by.pk:
            raise Forbidden("A second person has to lift it: you froze these members.")
        freeze.ended_at, freeze.lifted_by, freeze.lifted_for = at, by, why
        freeze.save(update_fields=["ended_at", "lifted_by", "lifted_for"])
        audit.record("ring.unfrozen", target=ring, at=at, by=by, payload={"freeze": freeze.uuid})
    return freeze


def end_what_passed(*, at: datetime) -> tuple[int, int]:
    """Open snoozed alerts again and end freezes whose last day has passed; how many of each."""
    today = at.astimezone(IST).date()
    with transaction.atomic(durable=True):
        alerts = list(
            Alert.objects.select_for_update(skip_locked=True).filter(state=AlertState.SNOOZED, until__lt=today)
        )
        for alert in alerts:
            alert.state, alert.until = AlertState.OPEN, None
            alert.save(update_fields=["state", "until"])
            audit.record("alert.reopened", target=alert, at=at)
            if alert.ring_id:
                publish(AlertDecided(alert_id=alert.pk, ring_id=alert.ring_id))
        freezes = list(Freeze.objects.select_for_update(skip_locked=True).in_force().filter(until__lt=today))
        for freeze in freezes:
            freeze.ended_at = at
            freeze.save(update_fields=["ended_at"])
            audit.record("freeze.ended", target=freeze, at=at)
    return len(alerts), len(freezes)


def _stated(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput("Say why: the reason is kept.", field="reason", rule="freeze.reason")
    return reason.strip()
