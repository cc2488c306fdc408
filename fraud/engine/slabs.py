"""Time slabs: pieces of a full scan that can be searched apart, each cycle owned by the slab of its last edge.

Components do not partition the work, time does (performance.md §1): a slab reads one window more than it owns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from fraud.engine.flow import CycleScan, canonical, count_transfers, scan_transfers
from fraud.engine.policy import DAY, FraudPolicy


class Slab(NamedTuple):
    """Cycles whose last payment falls in [start, stop), microseconds; payments are read from `start - window` on."""

    start: int
    stop: int

    def reads_from(self, policy: FraudPolicy) -> int:
        """The earliest payment that a cycle of this slab can use."""
        return self.start - policy.window


def slabs_of(since: int, until: int, days: int) -> list[Slab]:
    """Slabs of at most so many days that together own every cycle that ends in [since, until].

    >>> [(slab.start, slab.stop) for slab in slabs_of(0, 5 * 86_400_000_000, 3)]
    [(0, 259200000000), (259200000000, 432000000001)]
    """
    step, end = days * DAY, until + 1
    return [Slab(start, min(start + step, end)) for start in range(since, end, step)]


def scan_slab(edges: pl.DataFrame, slab: Slab, policy: FraudPolicy) -> CycleScan:
    """The cycles the slab owns; `edges` may hold more than the slab reads.

    What ended before the slab is counted apart and taken off: all its payments are in the overlap.
    """
    at = pl.col("occurred_at")
    read = edges.filter((at >= slab.reads_from(policy)) & (at < slab.stop))
    whole = scan_transfers(read, policy)
    before = count_transfers(read.filter(at < slab.start), policy)
    mine = tuple(cycle for cycle in whole.cycles if slab.start <= cycle.ended_at < slab.stop)
    through = Counter(whole.through)
    through.subtract(before.through)
    return CycleScan(mine, whole.counted - before.counted, whole.complete and before.complete, +through)


def joined(scans: Sequence[CycleScan]) -> CycleScan:
    """The scans of all slabs as one; complete only when every one is."""
    cycles = sorted((cycle for scan in scans for cycle in scan.cycles), key=canonical)
    through: Counter[int] = Counter()
    for scan in scans:
        through.update(scan.through)
    counted, complete = sum(scan.counted for scan in scans), all(scan.complete for scan in scans)
    return CycleScan(tuple(cycles), counted, complete, through)
