"""What scoring and lending read: the network values of businesses, and whether policy holds them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import NamedTuple, TypeAlias
from uuid import UUID

import polars as pl
import pyarrow as pa
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Business
from creditiq.kernel.clock import micros
from creditiq.kernel.wall import named
from fraud.engine.policy import FraudPolicy, reaches
from fraud.engine.population import NETWORK
from fraud.models import Alert, AlertState, Freeze, Match, MatchState, RingMember, Screening

SCREENING = "screening_id"
EARLIEST = datetime.min.replace(tzinfo=UTC)
Parameter: TypeAlias = str | int | datetime


@dataclass(frozen=True)
class Standing:
    """Where a business stands with the fraud policy.

    `held`: a ring that passes policy has not been dismissed, a finding as severe as policy says stands, two people
    confirmed a match on a list, or a person froze the members of a ring.
    `confirmed`: a person confirmed the ring, or the match is.
    """

    held: bool
    confirmed: bool
    confidence: float
    ring_id: UUID | None
    screening_id: int | None
    complete: bool


class Marks(NamedTuple):
    """The latest screening of a business, and whether anything speaks against it that must be looked at closer."""

    screening_id: int
    confidence: float | None
    complete: bool
    listed: bool
    ringed: bool
    alerted: bool
    frozen: bool


class Statement(NamedTuple):
    """A query whose SQL was built once: for one row by index, building it costs ten times what running it does."""

    sql: str
    fixed: tuple[Parameter, ...]

    def about(self, *asked: Parameter) -> tuple[str, tuple[Parameter, ...]]:
        """What a cursor executes to ask about these: they stand last among the parameters."""
        return self.sql, (*self.fixed, *asked)


def network_block(*, business_id: int, as_of: datetime) -> dict[str, float | None]:
    """The nine network values known at `as_of` and the key of their screening; all None when never screened."""
    with connection.cursor() as cursor:
        cursor.execute(*_block_statement().about(business_id, as_of))
        found = cursor.fetchone()
    return dict(zip((*NETWORK, SCREENING), found or (None,) * (len(NETWORK) + 1), strict=True))


def network_frame(*, as_of: datetime) -> pa.Table:
    """The latest values of every screened business: business, the nine columns (null: missing), screening_id."""
    rows = named(Screening.objects.known_at(as_of)).latest_of_each().values_list("business_id", *NETWORK, "pk")
    schema = {"business": pl.Int64, **dict.fromkeys(NETWORK, pl.Float64), SCREENING: pl.Int64}
    return pl.DataFrame(list(rows), schema=schema, orient="row").to_arrow(compat_level=pl.CompatLevel.oldest())


def standing(*, business_id: int) -> Standing:
    """The present standing of one business; never screened is not held, and not complete either."""
    # One query in a request that asks about somebody without a blemish.
    with connection.cursor() as cursor:
        cursor.execute(*_marks_statement().about(business_id))
        found = cursor.fetchone()
    if found is None:
        listed = Match.objects.filter(business_id=business_id, state=MatchState.CONFIRMED).exists()
        held = listed or Freeze.objects.in_force().filter(businesses=business_id).exists()
        return Standing(held=held, confirmed=listed, confidence=0.0, ring_id=None, screening_id=None, complete=False)
    marks = Marks(*found)
    binding = _binding_alerts([business_id]).get(business_id) if marks.ringed else None
    told = marks.alerted and business_id in _held_by_findings([business_id])
    return Standing(
        held=marks.listed or marks.frozen or binding is not None or told,
        confirmed=marks.listed or (binding is not None and binding.state == AlertState.CONFIRMED),
        confidence=marks.confidence or 0.0,
        ring_id=binding.ring.uuid if binding and binding.ring else None,
        screening_id=marks.screening_id,
        complete=marks.complete,
    )


@cache
def _block_statement() -> Statement:
    """The nine values and the key of the latest screening of (business, moment)."""
    rows = Screening.objects.filter(business_id=0).known_at(EARLIEST).latest_first()
    return _built(rows.values_list(*NETWORK, "pk")[:1], asked=2)


@cache
def _marks_statement() -> Statement:
    """Marks of a business."""
    business = OuterRef("business_id")
    rows = Screening.objects.filter(business_id=0).latest_first()
    marked = rows.annotate(
        listed=Exists(Match.objects.filter(business_id=business, state=MatchState.CONFIRMED)),
        ringed=Exists(RingMember.objects.filter(business_id=business, current=True, suspect=True)),
        alerted=Exists(Alert.objects.standing().filter(ring=None, business_id=business)),
        frozen=Exists(Freeze.objects.in_force().filter(businesses=business)),
    )
    return _built(
        marked.values_list("pk", "fraud_confidence", "complete", "listed", "ringed", "alerted", "frozen")[:1], asked=1
    )


def _built(rows: QuerySet[Screening, tuple[object, ...]], *, asked: int) -> Statement:
    """The statement of a queryset whose last `asked` parameters are to be filled in."""
    sql, parameters = rows.query.sql_with_params()
    return Statement(sql, tuple(parameters[:-asked]))


def alerts_holding(*, business_id: int, at: datetime, unseen: Iterable[datetime] = ()) -> tuple[Alert, ...]:
    """The alerts of rings that held the business at `at`: it was a suspect by then, and nobody had dismissed them.

    `unseen` are the moments of looks that were still under way at `at`. The alert says since when it holds whom; a
    suspect it does not name is one since it was raised.
    """
    suspected = RingMember.objects.filter(ring=OuterRef("ring"), business_id=business_id, current=True, suspect=True)
    raised = Alert.objects.filter(ring__members__business=business_id, opened_at__lte=at)
    standing = named(raised.exclude(state=AlertState.DISMISSED, decided_at__lte=at))  # who asks may see the business
    looks, found = {micros(look) for look in unseen}, []
    for alert in standing.annotate(suspected=Exists(suspected)).order_by("pk"):
        since = alert.suspects.get(str(business_id), micros(alert.opened_at) if alert.suspected else None)
        if since is not None and since <= micros(at) and since not in looks:
            found.append(alert)
    return tuple(found)


def held_businesses(*, business_ids: Collection[int]) -> dict[int, str]:
    """Those of the businesses that policy holds, each with the reason in a few words: a listed name before a ring."""
    marked = _marked(business_ids)
    rings = {
        business: f"Held: payment ring {'confirmed' if alert.state == AlertState.CONFIRMED else 'suspected'}, "
        f"confidence {alert.ring.confidence if alert.ring else 0.0:.2f}"
        for business, alert in _binding_alerts([key for key, marks in marked.items() if marks.ringed]).items()
    }
    told = _held_by_findings([key for key, marks in marked.items() if marks.alerted])
    found = {business: f"Held: {topic.replace('_', ' ')}" for business, topic in told.items()}
    frozen = {
        key: f"Held: frozen until {marks.frozen_until:%d %b %Y}" for key, marks in marked.items() if marks.frozen_until
    }
    listed = {key: "Held: on a sanctions list" for key, marks in marked.items() if marks.listed}
    return frozen | found | rings | listed


class Blemish(NamedTuple):
    """What speaks against a business and must be looked at closer; the last day of a freeze of it."""

    listed: bool
    ringed: bool
    alerted: bool
    frozen_until: date | None


def _marked(business_ids: Collection[int]) -> dict[int, Blemish]:
    """Those of the businesses against whom anything speaks, in one query: mostly nobody."""
    business = OuterRef("pk")
    frozen = Freeze.objects.in_force().filter(businesses=business).order_by("-until", "-pk").values("until")[:1]
    rows = Business.register.filter(pk__in=business_ids).annotate(
        listed=Exists(Match.objects.filter(business_id=business, state=MatchState.CONFIRMED)),
        ringed=Exists(RingMember.objects.filter(business_id=business, current=True, suspect=True)),
        alerted=Exists(Alert.objects.standing().filter(ring=None, business_id=business)),
        frozen_until=Subquery(frozen),
    )
    against = Q(listed=True) | Q(ringed=True) | Q(alerted=True) | Q(frozen_until__isnull=False)
    found = rows.filter(against).values_list("pk", "listed", "ringed", "alerted", "frozen_until")
    return {key: Blemish(*marks) for key, *marks in found}


def _held_by_findings(business_ids: Collection[int]) -> dict[int, str]:
    """The typology of a standing alert as severe as the policy of the latest screening says, per business."""
    alerts = Alert.objects.standing().filter(ring=None, business__in=business_ids).order_by("business_id", "-pk")
    rows = list(alerts.values_list("business_id", "topic", "severity", "state"))
    if not rows:
        return {}
    screened = Screening.objects.filter(business__in=[row[0] for row in rows]).latest_of_each().select_related("policy")
    least = {
        row.business_id: FraudPolicy.from_document(row.policy.document if row.policy else {}).hold_severity
        for row in screened
    }
    return {
        business: topic
        for business, topic, severity, state in rows
        if state == AlertState.CONFIRMED or reaches(severity, least.get(business, ""))
    }


def _binding_alerts(business_ids: Collection[int]) -> dict[int, Alert]:
    """The alert that holds each business: confirmed before merely open, then the surest ring."""
    members = RingMember.objects.filter(business_id__in=business_ids, current=True, suspect=True)
    rings: dict[int, list[int]] = {}
    for business, ring in members.order_by("business_id", "-confidence", "pk").values_list("business_id", "ring_id"):
        rings.setdefault(business, []).append(ring)
    wanted = {ring for places in rings.values() for ring in places}
    standing = named(Alert.objects.standing()).filter(ring__in=wanted)
    alerts = {alert.ring_id: alert for alert in standing.select_related("ring")}
    return {
        business: min(found, key=lambda alert: alert.state != AlertState.CONFIRMED)
        for business, places in rings.items()
        if (found := [alerts[ring] for ring in places if ring in alerts])
    }
