"""The full scan: every business, every cycle, every ring (fraud.md §6: nightly, and once after the demo is loaded)."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl
from django.db import transaction

from accounts import audit
from accounts.models import Consent, ConsentAct
from accounts.selectors import platform
from accounts.services import record_uses
from creditiq.kernel import locks
from creditiq.kernel.clock import micros
from creditiq.kernel.events import publish
from fraud.engine import population as engine
from fraud.engine.flow import CycleScan
from fraud.engine.policy import FraudPolicy
from fraud.engine.population import NETWORK, PopulationScan, flagged_members
from fraud.engine.typologies.findings import Finding
from fraud.engine.typologies.registry import find_all
from fraud.engine.wider_rings import WiderRings, wider_rings
from fraud.events import PopulationScreened
from fraud.models import PopulationScreening, Ring, Screening
from fraud.selectors.policy import PolicyInForce, policy_at
from fraud.services.findings import standings_frame, store_findings
from fraud.services.rules import apply_rules
from fraud.services.storing import BATCH, Circumstances, retire_rings, store_cycles, store_ring
from fraud.services.verdicts import Verdicts, verdicts
from wallets.selectors import population_evidence

SHOWN_BURSTS = 20


def screen_population(*, as_of: datetime, scan: CycleScan | None = None) -> PopulationScreening:
    """Screen everybody who shares evidence with the platform; the same moment twice gives the earlier screening.

    `scan`: the cycles, when the slabs of a sweep searched them already.
    """
    earlier = PopulationScreening.objects.filter(as_of=as_of).first()
    if earlier is not None:
        return earlier
    force = policy_at(as_of)
    tables = population_evidence(as_of=as_of, organisation_id=platform().pk)
    frames = {name: pl.DataFrame(pl.from_arrow(table)) for name, table in tables.items()}
    found = engine.screen_population(frames, micros(as_of), force.policy, scan)
    wider = wider_rings(frames, micros(as_of), force.policy)
    frames["standings"] = standings_frame(found.standings)
    findings = find_all(frames, micros(as_of), force.policy)
    with transaction.atomic(durable=True):
        locks.hold("fraud.rings", 0)
        population, new = PopulationScreening.objects.get_or_create(as_of=as_of, defaults=_summary(found, wider, force))
        if new:
            rows = _store(found, wider, Circumstances(as_of, force.policy, population), force)
            matched = _known(findings, rows)
            store_findings(rows, matched, force.policy)
            apply_rules(rows, matched)
            read = Consent.objects.to_platform().live_at(as_of).values_list("pk", flat=True)
            target = f"population:{population.pk}"
            record_uses(consent_ids=read, act=ConsentAct.SCREENING, target=target, at=as_of)
            audit.record("population.screened", target=population, at=as_of, payload={"suspects": population.suspects})
            publish(PopulationScreened(population_id=population.pk))
    return population


def screen_frames(frames: Mapping[str, pl.DataFrame], as_of: int) -> pl.DataFrame:
    """The same numbers for a simulated population, without a database: business and the nine network columns.

    `as_of` in microseconds; default policy. One row per business of the frames.
    """
    network = engine.screen_population(frames, as_of, FraudPolicy()).network
    schema = {"business": pl.Int64, **dict.fromkeys(NETWORK, pl.Float64)}
    return pl.DataFrame([(business, *values) for business, values in network.items()], schema=schema, orient="row")


def _summary(scan: PopulationScan, wider: WiderRings, force: PolicyInForce) -> dict[str, object]:
    suspects = flagged_members((*scan.rings, *wider.rings), force.policy)
    return {
        "businesses": len(scan.network),
        "transfers": len(scan.edges),
        "cycles": scan.scan.counted,
        "rings": len(scan.rings) + len(wider.rings),
        "suspects": sum(1 for member in suspects if member >= 0),
        "complete": scan.scan.complete,
        "window_hours": force.policy.window_hours,
        "policy": force.version,
        "bursts": [] if scan.scan.complete else _bursts(scan.scan),
    }


def _bursts(scan: CycleScan) -> list[tuple[int, int]]:
    """The businesses through which most cycles go, with their number."""
    most_first = sorted(scan.through.items(), key=lambda item: (-item[1], item[0]))
    return most_first[:SHOWN_BURSTS]


def _known(findings: list[Finding], screened: Mapping[int, Screening]) -> list[Finding]:
    """Findings about businesses that were screened."""
    return [finding for finding in findings if finding.business in screened]


def _store(scan: PopulationScan, wider: WiderRings, found: Circumstances, force: PolicyInForce) -> dict[int, Screening]:
    store_cycles(scan.scan.cycles)
    store_cycles(cycle for ring in wider.rings for cycle in ring.cycles)
    worst: dict[int, Ring] = {}
    kept = []
    for finding in wider.rings:
        kept.append(store_ring(finding, found, wider.addresses).pk)
    for finding in scan.rings:
        ring = store_ring(finding, found)
        kept.append(ring.pk)
        for member in finding.businesses:
            if engine.ring_of(member, scan.rings) is finding:
                worst[member] = ring
    retire_rings(kept, found.as_of)
    said = verdicts()  # only now: the rings of this very scan count, and what a person dismissed does until new money
    scan = engine.with_flags(scan, _flagged(scan, said), force.policy)
    rows = [_row(business, scan, worst.get(business), found, force) for business in scan.network]
    for row in rows:
        row.fraud_ring_flag = said.flag(row.business_id, row.fraud_ring_flag)
        row.ring = said.held.get(row.business_id, row.ring)
    return {row.business_id: row for row in Screening.objects.bulk_create(rows, batch_size=BATCH)}


def _flagged(scan: PopulationScan, said: Verdicts) -> frozenset[int]:
    """Whom the rows of this scan will flag, so that everybody's counterparties are told the same."""
    found = {business for business, values in scan.network.items() if said.flag(business, values[0])}
    return frozenset(found | set(said.held))


def _row(
    business: int, scan: PopulationScan, ring: Ring | None, found: Circumstances, force: PolicyInForce
) -> Screening:
    standing, bills = scan.standings[business], scan.papers[business].bills
    return Screening(
        business_id=business,
        population=found.population,
        as_of=found.as_of,
        **dict(zip(NETWORK, scan.network[business], strict=True)),
        filing_rate=standing.filing_rate,
        direct_exposure=standing.direct_exposure,
        structuring_share=bills.share if bills else None,
        ring=ring,
        complete=scan.scan.complete,
        window_hours=force.policy.window_hours,
        policy=force.version,
    )
