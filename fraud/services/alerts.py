"""What people do with an alert: confirm, dismiss or snooze it, always for a stated reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from creditiq.kernel.wall import named
from fraud.events import AlertDecided
from fraud.models import Alert, AlertState
from fraud.selectors.rings import visible_ring

DECIDABLE: Mapping[str, frozenset[str]] = {
    AlertState.CONFIRMED: frozenset({AlertState.OPEN, AlertState.SNOOZED}),
    AlertState.DISMISSED: frozenset({AlertState.OPEN, AlertState.SNOOZED}),
    AlertState.SNOOZED: frozenset({AlertState.OPEN}),
}


class UnableToDecideAlert(ApplicationError):
    """The alert was decided already, or the ring has none."""

    code = "alert_not_open"


@dataclass(frozen=True)
class AlertDecision:
    """What a person decided; `until` ends a snooze."""

    state: AlertState
    reason: str
    until: date | None = None


def decide_alert(*, ring_id: UUID, decision: AlertDecision, by: User, at: datetime) -> Alert:
    """Record a decision on the standing alert of a ring.

    Confirming keeps the members held; dismissing releases them until money goes round again; snoozing keeps them
    held and takes the alert off the queue. Raises UnableToDecideAlert, InvalidInput, NotVisible, Forbidden.
    """
    require(by, Capability.WORK_FRAUD)
    if not decision.reason.strip():
        raise InvalidInput("Say why: the reason is kept with the decision.", field="reason", rule="alert.reason")
    if (decision.state == AlertState.SNOOZED) != (decision.until is not None):
        raise InvalidInput("A snooze needs an end date, and only a snooze.", field="until", rule="alert.until")
    ring = visible_ring(user=by, ring_id=ring_id)
    with transaction.atomic(durable=True):
        alert = named(Alert.objects.select_for_update().standing().filter(ring=ring)).first()
        if alert is None or alert.state not in DECIDABLE.get(decision.state, frozenset()):
            raise UnableToDecideAlert("Somebody decided this alert already, or the ring has none.")
        alert.state, alert.reason, alert.until = decision.state, decision.reason.strip(), decision.until
        alert.decided_at, alert.decided_by = at, by
        alert.save()
        audit.record(
            f"alert.{decision.state}", target=alert, at=at, by=by, payload={"ring": ring.uuid, "until": decision.until}
        )
        publish(AlertDecided(alert_id=alert.pk, ring_id=ring.pk))
    return alert
