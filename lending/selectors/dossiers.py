"""The facts of an evaluation, gathered from every room below, as known at one moment."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypedDict
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.models import Business
from creditiq.kernel.clock import IST, micros
from lending.engine.dossier import Dossier, Facility, Firm, Flows, FraudStanding, Request, Room, ScoreFacts
from lending.engine.flows import flows
from lending.engine.msme import MsmeCategory
from lending.models import LoanApplication
from lending.selectors.exposures import rooms_for
from lending.selectors.securities import assets_at
from lending.selectors.standings import standing_at
from scoring.models import ScoreRun
from wallets import selectors as wallets
from wallets.models import Outcome

UNKNOWN_FLOWS = Flows(None, None, None, None, None, None)
NO_SCORE = ScoreFacts("", "none", None, None, None, 0, Decimal(0), "")
FLOWS_KEPT = 300
"""Seconds the flows of a score run stay in the cache: they are fixed by the run, and pages ask again and again."""


@dataclass(frozen=True)
class Then:
    """What a stored decision saw of the things that keep moving: the fraud standing and the bank's exposures."""

    fraud: FraudStanding
    rooms: tuple[Room, ...]


def dossier(
    *,
    business: Business,
    run: ScoreRun | None,
    at: datetime,
    application: LoanApplication | None = None,
    from_records: bool = False,
    then: Then | None = None,
) -> Dossier:
    """Everything a verdict rests on: evidence as the score saw it, and what moved since as it is now, or was `then`."""
    seen = read_flows if from_records else flows_of
    return Dossier(
        score=score_facts(run) if run else NO_SCORE,
        firm=_firm(business, at),
        flows=seen(run) if run else UNKNOWN_FLOWS,
        fraud=then.fraud if then else standing_at(business_id=business.pk, at=at),
        request=_request(application) if application else None,
        rooms=then.rooms if then else rooms_for(application) if application else (),
        assets=assets_at(application, at) if application else None,
    )


def score_facts(run: ScoreRun) -> ScoreFacts:
    """The score as the policy reads it; the probability as a decimal of fixed places, so that it is one value."""
    return ScoreFacts(
        run=str(run.uuid),
        status=run.status,
        score=run.score,
        pd=Decimal(repr(run.pd)).quantize(Decimal("0.00000001")) if run.pd is not None else None,
        band=run.band or None,
        maturity_months=run.maturity_months,
        coverage=Decimal(repr(run.coverage)).quantize(Decimal("0.0001")),
        model_version=run.model_version.version if run.model_version else "",
    )


def flows_of(run: ScoreRun) -> Flows:
    """The year's money as the evidence of the score shows it; unknown where no live consent covered the moment."""
    key = flows_key(run.uuid)
    try:
        kept: KeptFlows | None = cache.get(key)
        if kept is None:
            kept = _packed(read_flows(run))
            cache.set(key, kept, FLOWS_KEPT)
    except (RedisError, OSError):  # a cache that is away costs time, not the page
        return read_flows(run)
    return _unpacked(kept)


def flows_key(run_id: UUID) -> str:
    """Where the flows of a run are kept."""
    return f"lending.flows:{run_id}"


def drop_flows(run_ids: Iterable[UUID]) -> int:
    """Throw away what is kept for the runs. Returns for how many; a cache that is away forgets by itself in time."""
    keys = [flows_key(run_id) for run_id in run_ids]
    with suppress(RedisError, OSError):
        cache.delete_many(keys)
    return len(keys)


class KeptFlows(TypedDict):
    """Flows as JSON holds them: amounts as text, so that nothing passes through a float."""

    amounts: list[str | None]
    filing_gaps: int | None
    default_seen: bool | None


def _packed(known: Flows) -> KeptFlows:
    amounts = (known.turnover, known.digital, known.net_flow, known.debt_service)
    return KeptFlows(
        amounts=[None if amount is None else str(amount) for amount in amounts],
        filing_gaps=known.filing_gaps,
        default_seen=known.default_seen,
    )


def _unpacked(kept: KeptFlows) -> Flows:
    turnover, digital, net_flow, debt_service = (None if it is None else Decimal(it) for it in kept["amounts"])
    return Flows(turnover, digital, net_flow, debt_service, kept["filing_gaps"], kept["default_seen"])


def read_flows(run: ScoreRun) -> Flows:
    """The same, always from the records."""
    if run.consent is None or not run.consent.is_live(run.as_of):
        return UNKNOWN_FLOWS
    frames = wallets.evidence(business_id=run.business_id, as_of=run.as_of, consent=run.consent)
    return flows(frames, micros(run.as_of), defaults=_defaults(run))


def _defaults(run: ScoreRun) -> tuple[int | None, ...] | None:
    loans = Outcome.objects.filter(business_id=run.business_id, disbursed_at__lte=run.as_of)
    fallen = tuple(micros(at) if at else None for at in loans.values_list("defaulted_at", flat=True))
    return fallen or None


def _firm(business: Business, at: datetime) -> Firm:
    day, since = at.astimezone(IST).date(), business.registered_on
    months = (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
    return Firm(
        sector=business.sector,
        constitution=business.constitution,
        registered=MsmeCategory(business.size) if business.udyam else None,
        udyam=bool(business.udyam),
        pan=bool(business.pan),
        vintage_months=max(months, 0),
    )


def _request(application: LoanApplication) -> Request:
    product = application.product
    return Request(
        facility=Facility(product.facility),
        amount=application.amount,
        months=application.months,
        product=product.code,
        least_amount=product.least_amount,
        most_amount=product.most_amount,
        least_months=product.least_months,
        most_months=product.most_months,
    )
