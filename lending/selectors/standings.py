"""The fraud standing of a business as it was at a moment, so that a decision can be rebuilt later."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from creditiq.kernel.wall import named
from fraud.models import Alert, AlertState, Screening
from fraud.selectors import names_hold
from lending.engine.dossier import FraudStanding

NEVER_SCREENED = FraudStanding(screening=None, held=False, confirmed=False, confidence=None)
PLACES = Decimal("0.0001")


def standing_at(*, business_id: int, at: datetime) -> FraudStanding:
    """What the screening known at `at` found, and what people had made of its ring by then.

    A suspect is held until a person dismisses the alert of its ring; confirmed only once a person did so.
    """
    latest = Screening.objects.filter(business_id=business_id).known_at(at).latest_first().first()
    return _with_names(_standing(latest, at), business_id, at)


def standing_again(*, business_id: int, screening_id: int | None, at: datetime) -> FraudStanding:
    """The same by the screening that a stored decision names: one that was still under way at `at` is not in it."""
    seen = None if screening_id is None else Screening.objects.filter(pk=screening_id).first()
    return _with_names(_standing(seen, at), business_id, at)


def _with_names(standing: FraudStanding, business_id: int, at: datetime) -> FraudStanding:
    """A match that two people confirmed on a sanctions list holds whatever the network says."""
    if names_hold(business_ids=[business_id], at=at):
        return replace(standing, held=True, confirmed=True)
    return standing


def _standing(screening: Screening | None, at: datetime) -> FraudStanding:
    if screening is None:
        return NEVER_SCREENED
    alert = _binding_alert(screening, at) if screening.fraud_ring_flag else None
    decided = alert is not None and alert.decided_at is not None and alert.decided_at <= at
    return FraudStanding(
        screening=screening.pk,
        held=alert is not None,
        confirmed=alert is not None and decided and alert.state == AlertState.CONFIRMED,
        confidence=Decimal(repr(screening.fraud_confidence or 0.0)).quantize(PLACES),
    )


def _binding_alert(screening: Screening, at: datetime) -> Alert | None:
    raised = named(Alert.objects.filter(ring=screening.ring_id, opened_at__lte=at))  # who asks may see the business
    return raised.exclude(state=AlertState.DISMISSED, decided_at__lte=at).order_by("-opened_at", "-pk").first()
