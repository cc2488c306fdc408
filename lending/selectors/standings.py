"""The fraud standing of a business as it was at a moment, so that a decision can be rebuilt later."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, QuerySet

from fraud.models import AlertState, RingMember, Screening
from fraud.selectors import alerts_holding, names_hold
from lending.engine.dossier import FraudStanding

NEVER_SCREENED = FraudStanding(screening=None, held=False, confirmed=False, confidence=None)
PLACES = Decimal("0.0001")


class Look(NamedTuple):
    """A screening, and whether its business was ever in a ring: mostly not, then nothing more is asked."""

    screening: int
    as_of: datetime
    confidence: float | None
    ringed: bool


def standing_at(*, business_id: int, at: datetime) -> FraudStanding:
    """What the screening known at `at` found, and what people had made of its rings by then.

    A suspect is held until a person dismissed the alert of every ring of it; confirmed once a person confirmed one
    that stands.
    """
    latest = _look(Screening.objects.filter(business_id=business_id).known_at(at).latest_first(), business_id)
    return _with_names(_standing(latest, business_id, at), business_id, at)


def standing_again(*, business_id: int, screening_id: int | None, at: datetime) -> FraudStanding:
    """The same by the screening that a stored decision names: one that was still under way at `at` is not in it."""
    screenings = Screening.objects.filter(business_id=business_id)
    seen = None if screening_id is None else _look(screenings.filter(pk=screening_id), business_id)
    unseen = screenings.filter(as_of__gt=seen.as_of).known_at(at).values_list("as_of", flat=True) if seen else ()
    return _with_names(_standing(seen, business_id, at, unseen), business_id, at)


def _look(screenings: QuerySet[Screening], business_id: int) -> Look | None:
    ringed = Exists(RingMember.objects.filter(business_id=business_id))
    found = screenings.annotate(ringed=ringed).values_list("pk", "as_of", "fraud_confidence", "ringed").first()
    return Look(*found) if found else None


def _with_names(standing: FraudStanding, business_id: int, at: datetime) -> FraudStanding:
    """A match that two people confirmed on a sanctions list holds whatever the network says."""
    if names_hold(business_ids=[business_id], at=at):
        return replace(standing, held=True, confirmed=True)
    return standing


def _standing(look: Look | None, business_id: int, at: datetime, unseen: Iterable[datetime] = ()) -> FraudStanding:
    if look is None:
        return NEVER_SCREENED
    against = alerts_holding(business_id=business_id, at=at, unseen=unseen) if look.ringed else ()
    return FraudStanding(
        screening=look.screening,
        held=bool(against),
        confirmed=any(
            alert.state == AlertState.CONFIRMED and alert.decided_at is not None and alert.decided_at <= at
            for alert in against
        ),
        confidence=Decimal(repr(look.confidence or 0.0)).quantize(PLACES),
    )
