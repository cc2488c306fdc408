"""One business, as soon as its evidence changed: only what is new is searched (fraud.md §6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl
from django.db import transaction

from accounts import audit
from accounts.models import ConsentAct
from accounts.selectors import live_consent, platform
from accounts.services import record_uses
from creditiq.kernel import locks
from creditiq.kernel.clock import micros, moment
from creditiq.kernel.errors import ApplicationError
from creditiq.kernel.events import publish
from fraud.engine.exposure import direct_exposure, traded_value
from fraud.engine.flow import MoneyCycle
from fraud.engine.paper import filing_rates
from fraud.engine.policy import FraudPolicy
from fraud.engine.population import NETWORK, Papers, network_values, paid_by_pair, papers_of, ring_of, scanned_since
from fraud.engine.rings import RingFinding, group_rings, recent, ring_finding
from fraud.engine.significance import held_against_chance
from fraud.engine.typologies.findings import Finding
from fraud.engine.typologies.registry import find_all
from fraud.events import BusinessScreened
from fraud.models import PopulationScreening, Ring, Screening
from fraud.selectors.evidence import chances_of_rings, cycles_around, last_screened, latest_population, standings_in
from fraud.selectors.policy import PolicyInForce, policy_at
from fraud.services.findings import standings_frame, store_findings
from fraud.services.neighbourhood import fresh_cycles, transfers_of
from fraud.services.rules import apply_rules
from fraud.services.storing import Circumstances, ring_window, same_ring, store_cycles, store_ring
from fraud.services.trading import lately, trading_among
from fraud.services.verdicts import verdicts
from wallets.selectors import evidence
from wallets.services import lock_evidence


class UnableToScreen(ApplicationError):
    """The business shares nothing with the platform, so nothing may be read."""

    code = "unable_to_screen"


@dataclass(frozen=True)
class Examination:
    """Everything one screening found before anything is stored."""

    network: tuple[float | None, ...]
    papers: Papers
    filing_rate: float | None
    direct_exposure: float | None
    rings: tuple[RingFinding, ...]
    cycles: tuple[MoneyCycle, ...]
    consent_id: int
    population: PopulationScreening | None
    findings: tuple[Finding, ...]
    complete: bool


def screen_business(*, business_id: int, as_of: datetime) -> Screening:
    """Screen one business from what is known at `as_of`; the same moment and population give the earlier row.

    Population quantities (PageRank, counterparties' standing) are those of the last full scan.
    Raises UnableToScreen without a live consent to the platform.
    """
    population = latest_population(as_of)
    earlier = Screening.objects.filter(business_id=business_id, as_of=as_of, population=population).first()
    if earlier is not None:
        return earlier
    force = policy_at(as_of)
    found = examine(business_id, as_of, population, force.policy)
    with transaction.atomic(durable=True):
        screening, new = _store(business_id, as_of, found, force)
        if new:
            store_findings({business_id: screening}, found.findings, force.policy)
            apply_rules({business_id: screening}, found.findings)
            target = f"screening:{screening.pk}"
            record_uses(consent_ids=[found.consent_id], act=ConsentAct.SCREENING, target=target, at=as_of)
            audit.record("business.screened", target=screening, at=as_of, payload={"business": business_id})
            publish(BusinessScreened(screening_id=screening.pk, business_id=business_id))
    return screening


def examine(
    business_id: int, as_of: datetime, population: PopulationScreening | None, policy: FraudPolicy
) -> Examination:
    """Load and compute; stores nothing."""
    consent = live_consent(business_id=business_id, organisation_id=platform().pk, at=as_of)
    if consent is None:
        raise UnableToScreen("The business shares no evidence with the platform.")
    since = ring_window(as_of, policy)
    with transaction.atomic():
        lock_evidence(business_id, shared=True)
        tables = evidence(business_id=business_id, as_of=as_of, consent=consent)
        own = transfers_of([business_id], since - timedelta(hours=policy.window_hours), as_of, as_of)
    frames = {name: pl.DataFrame(pl.from_arrow(table)) for name, table in tables.items()}
    papers = papers_of(frames, [business_id], micros(as_of))[business_id]
    fresh = fresh_cycles(business_id, own, last_screened(business_id, as_of), as_of, policy)
    members = {business_id, *(member for cycle in fresh.cycles for member in cycle.members)}
    known = cycles_around(members, since=since, as_of=as_of)
    cycles = {cycle.legs: cycle for cycle in (*known, *fresh.cycles)}
    rings = rings_through(business_id, list(cycles.values()), as_of, policy)
    if rings:
        rings = tell_from_chance(rings, population, as_of, policy)
    partners = traded_value(paid_by_pair(lately(own, as_of, policy))).get(business_id, {})
    standings = standings_in(population, [business_id, *partners])
    flags = {partner: standing.flagged for partner, standing in standings.items()}
    frames["standings"] = standings_frame(standings)
    network = network_values(business_id, ring_of(business_id, rings), partners, (standings, papers), policy)
    return Examination(
        network=network,
        papers=papers,
        filing_rate=filing_rates(frames, micros(as_of)).get(business_id),
        direct_exposure=direct_exposure(partners, flags),
        rings=rings,
        cycles=fresh.cycles,
        consent_id=consent.pk,
        population=population,
        findings=tuple(find_all(frames, micros(as_of), policy)),
        complete=fresh.complete and (population is None or population.complete),
    )


def rings_through(
    business_id: int, cycles: list[MoneyCycle], as_of: datetime, policy: FraudPolicy
) -> tuple[RingFinding, ...]:
    """The rings the business belongs to, measured against what their members trade."""
    groups = [
        group
        for group in group_rings(recent(cycles, as_of=micros(as_of), policy=policy))
        if any(business_id in cycle.members for cycle in group)
    ]
    if not groups:
        return ()
    members = sorted({member for group in groups for cycle in group for member in cycle.members})
    trading = trading_among(members, as_of, policy)
    return tuple(ring_finding(group, trading, as_of=micros(as_of), policy=policy) for group in groups)


def tell_from_chance(
    rings: tuple[RingFinding, ...], population: PopulationScreening | None, as_of: datetime, policy: FraudPolicy
) -> tuple[RingFinding, ...]:
    """The rings held against chance, at a rate of error over them and all others of the last full scan."""
    members = sorted({member for ring in rings for member in ring.businesses})
    since = moment(scanned_since(micros(as_of), policy))
    known = [found.pk for ring in rings if (found := same_ring(ring.businesses, wider=False)) is not None]
    others = chances_of_rings(population, besides=known)
    return held_against_chance(rings, transfers_of(members, since, as_of, as_of), policy, others)


def _store(business_id: int, as_of: datetime, found: Examination, force: PolicyInForce) -> tuple[Screening, bool]:
    circumstances = Circumstances(as_of, force.policy, found.population)
    worst: Ring | None = None
    if found.rings:
        locks.hold("fraud.rings", 0)
        store_cycles(found.cycles)
        rings = {ring.businesses: store_ring(ring, circumstances) for ring in found.rings}
        chosen = ring_of(business_id, found.rings)
        worst = rings[chosen.businesses] if chosen else None
    bills, said = found.papers.bills, verdicts([business_id])
    network = dict(zip(NETWORK, found.network, strict=True))
    network["fraud_ring_flag"] = said.flag(business_id, network["fraud_ring_flag"])
    return Screening.objects.get_or_create(
        business_id=business_id,
        as_of=as_of,
        population=found.population,
        defaults={
            **network,
            "filing_rate": found.filing_rate,
            "direct_exposure": found.direct_exposure,
            "structuring_share": bills.share if bills else None,
            "ring": said.held.get(business_id, worst),
            "complete": found.complete,
            "window_hours": force.policy.window_hours,
            "policy": force.version,
        },
    )
