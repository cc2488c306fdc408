"""The nightly full scan as slabs of time: each its own task, the last one done calls for the screening."""

from datetime import datetime

import polars as pl
from django.db import transaction

from accounts import audit
from creditiq.kernel import locks
from creditiq.kernel.clock import micros, moment
from creditiq.kernel.events import publish
from fraud.engine.flow import CycleScan
from fraud.engine.population import scanned_since
from fraud.engine.pruning import without_hubs
from fraud.engine.slabs import Slab, joined, scan_slab, slabs_of
from fraud.events import SlabPlanned, SweepSearched
from fraud.models import Cycle, PopulationScreening, SlabScan, Sweep
from fraud.selectors.evidence import cycle_digest, money_cycle
from fraud.selectors.policy import hub_keys, policy_at
from fraud.services.population import screen_population
from fraud.services.storing import BATCH, store_cycles
from wallets.selectors import transfers


def begin_sweep(*, as_of: datetime) -> Sweep:
    """Cut the ring window into slabs and announce each; the same moment twice is one sweep."""
    force = policy_at(as_of)
    with transaction.atomic(durable=True):
        sweep, new = Sweep.objects.get_or_create(as_of=as_of, defaults={"policy": force.version})
        if new:
            since = scanned_since(micros(as_of), force.policy)
            slabs = slabs_of(since, micros(as_of), force.policy.slab_days)
            rows = [SlabScan(sweep=sweep, start=moment(slab.start), stop=moment(slab.stop)) for slab in slabs]
            for row in SlabScan.objects.bulk_create(rows):
                publish(SlabPlanned(slab_id=row.pk))
            audit.record("sweep.begun", target=sweep, at=as_of, payload={"slabs": len(rows)})
    return sweep


def search_slab(*, slab_id: int, at: datetime) -> SlabScan:
    """Search one slab and keep what it owns; a slab that is done stays as it is."""
    row = SlabScan.objects.select_related("sweep").get(pk=slab_id)
    if row.done_at is not None:
        return row
    policy = policy_at(row.sweep.as_of).policy
    slab = Slab(micros(row.start), micros(row.stop))
    table = transfers(since=moment(slab.reads_from(policy)), until=row.stop, as_of=row.sweep.as_of)
    edges = pl.DataFrame(pl.from_arrow(table)).sort("occurred_at", "payer", "payee", "reference", "rail")
    scan = scan_slab(without_hubs(edges, hub_keys(policy)), slab, policy)
    with transaction.atomic(durable=True):
        locks.hold("fraud.sweep", row.sweep_id)
        store_cycles(scan.cycles)
        row.done_at, row.counted, row.complete = at, scan.counted, scan.complete
        row.cycles = _keys(scan)
        row.through = {str(business): cycles for business, cycles in scan.through.items()}
        row.save()
        if not row.sweep.slabs.waiting().exists():
            publish(SweepSearched(sweep_id=row.sweep_id))
    return row


def finish_sweep(*, sweep_id: int) -> PopulationScreening:
    """Screen everybody with the cycles of all slabs: the same numbers as one search over the whole window."""
    sweep = Sweep.objects.get(pk=sweep_id)
    return screen_population(as_of=sweep.as_of, scan=joined([_scan(row) for row in sweep.slabs.order_by("start")]))


def _keys(scan: CycleScan) -> list[int]:
    digests = [cycle_digest(cycle) for cycle in scan.cycles]
    keys: list[int] = []
    for start in range(0, len(digests), BATCH):
        piece = digests[start : start + BATCH]
        keys.extend(Cycle.objects.filter(digest__in=piece).values_list("pk", flat=True))
    return sorted(keys)


def _scan(row: SlabScan) -> CycleScan:
    cycles = tuple(money_cycle(cycle) for cycle in Cycle.objects.filter(pk__in=row.cycles).iterator(BATCH))
    through = {int(business): cycles for business, cycles in row.through.items()}
    return CycleScan(cycles, row.counted, row.complete, through)
