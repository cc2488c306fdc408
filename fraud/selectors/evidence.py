"""Stored cycles and screenings as the engine's values."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from accounts.models import Consent, ConsentQuerySet
from creditiq.kernel.clock import micros
from creditiq.kernel.hashing import digest
from fraud.engine.flow import Leg, MoneyCycle
from fraud.engine.population import Standing
from fraud.models import Cycle, PopulationScreening, Ring, Screening

KIND_OF_RAIL = {"upi": "upi_payments", "bank": "bank_entries"}
Willing = Mapping[int, tuple[float, float]]
"""By business, the first and the last moment that it shares, in microseconds."""


def edges_of(cycle: MoneyCycle) -> list[dict[str, object]]:
    """The payments as the JSON of a Cycle."""
    return [leg._asdict() for leg in cycle.legs]


def cycle_digest(cycle: MoneyCycle) -> str:
    """Identity of a cycle: its payments in order."""
    return digest(edges_of(cycle))


def money_cycle(row: Cycle) -> MoneyCycle:
    """A stored cycle as the engine's value."""
    return MoneyCycle(tuple(Leg(**edge) for edge in row.edges), micros(row.known_at))


def cycles_around(businesses: Collection[int], *, since: datetime, as_of: datetime) -> tuple[MoneyCycle, ...]:
    """Every cycle reachable from the businesses over shared members, known at `as_of`, ended since `since`.

    Those through somebody outside belong to full scans alone: a live screening does not see what others paid there.
    """
    known = Cycle.objects.known_within(since, as_of)
    reached, frontier = set(businesses), set(businesses)
    found: dict[str, MoneyCycle] = {}
    while frontier:
        touching = known.touching(sorted(frontier)).exclude(digest__in=list(found))
        rows = [row for row in touching if min(row.members) >= 0]
        found.update({row.digest: money_cycle(row) for row in rows})
        frontier = {member for row in rows for member in row.members} - reached
        reached |= frontier
    return _shared(found.values(), reached, as_of)


def _shared(cycles: Iterable[MoneyCycle], parties: Collection[int], as_of: datetime) -> tuple[MoneyCycle, ...]:
    """Cycles that may be read at `as_of`: of each payment one side lets the platform read that kind and that time."""
    live = Consent.objects.to_platform().live_at(as_of).filter(business__in=parties)
    willing = {rail: willing_on(rail, live) for rail in KIND_OF_RAIL}
    return tuple(cycle for cycle in cycles if all(is_told(leg, willing[leg.rail]) for leg in cycle.legs))


def willing_on(rail: str, consents: ConsentQuerySet) -> Willing:
    """Who lets payments of a rail be read by one of the `consents`, and from which time."""
    rows = consents.covering([KIND_OF_RAIL[rail]]).values_list("business_id", "data_from", "data_to")
    return {business: _range(*bounds) for business, *bounds in rows}


def is_told(leg: Leg, willing: Willing) -> bool:
    """Whether one side of a payment lets that time be read."""
    ranges = [willing[side] for side in (leg.payer, leg.payee) if side in willing]
    return any(begins <= leg.occurred_at <= ends for begins, ends in ranges)


def _range(begins: datetime | None, ends: datetime | None) -> tuple[float, float]:
    """The time a business shares, in microseconds; without a bound, for ever."""
    return micros(begins) if begins else -math.inf, micros(ends) if ends else math.inf


def latest_population(as_of: datetime) -> PopulationScreening | None:
    """The last full scan at or before `as_of`; None before the first."""
    return PopulationScreening.objects.filter(as_of__lte=as_of).order_by("-as_of").first()


def chances_of_rings(population: PopulationScreening | None, besides: Collection[int]) -> list[float]:
    """p-values of the customers' rings in question that the last full scan, or a screening since, found.

    `besides` are left out, and so are rings below policy, which have no false-discovery rate.
    """
    if population is None:
        return []
    asked = Ring.objects.filter(population=population, outsiders=[], q_value__isnull=False)
    rings = asked.exclude(pk__in=besides).order_by("pk")
    return [p_value for p_value in rings.values_list("p_value", flat=True) if p_value is not None]


def standings_in(population: PopulationScreening | None, businesses: Sequence[int]) -> Mapping[int, Standing]:
    """What the businesses were to their counterparties in a population screening; unknown ones are left out."""
    if population is None:
        return {}
    rows = Screening.objects.filter(population=population, as_of=population.as_of, business_id__in=businesses)
    columns = ("business_id", "fraud_ring_flag", "filing_rate", "direct_exposure", "pagerank_score")
    return {
        business: Standing(bool(flag), rate, exposure, rank or 0.0)
        for business, flag, rate, exposure, rank in rows.values_list(*columns)
    }


def last_screened(business_id: int, as_of: datetime) -> datetime | None:
    """The moment of the latest screening of a business up to `as_of`."""
    rows = Screening.objects.filter(business_id=business_id).known_at(as_of).latest_first()
    return rows.values_list("as_of", flat=True).first()
