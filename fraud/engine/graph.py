"""A directed temporal multigraph as time-sorted arrays (fraud.md §1, performance.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from fraud.engine.arrays import Narrow
from fraud.engine.compiled import sorting

Ints: TypeAlias = npt.NDArray[np.int64]
Times: TypeAlias = npt.NDArray[np.int64] | npt.NDArray[np.float64]
Ties: TypeAlias = Literal["strict", "sequence"]

EXACT = 2.0**52
"""Whole floats below this are integers without loss."""
SPREAD = 4
"""Labels spread over at most this many times the rows are numbered by a flag array instead of a sort."""


@dataclass(frozen=True, slots=True)
class TemporalGraph:
    """Edges in time order; self loops are gone, parallel edges are kept.

    `tail`, `head` index `labels`; `row` is the caller's edge number; `rank` orders edges along a cycle (equal
    ranks do not chain) and `moment[rank]` is its time.
    """

    labels: Ints
    tail: Narrow
    head: Narrow
    rank: Narrow
    row: Narrow
    moment: Times
    rows: int
    self_loops: int

    @property
    def nodes(self) -> int:
        """Number of parties, those with only a self loop included."""
        return len(self.labels)

    @property
    def edges(self) -> int:
        """Number of edges that can take part in a cycle (self loops excluded)."""
        return len(self.tail)


def build_graph(tail: Ints, head: Ints, time: Times, *, ties: Ties = "strict") -> TemporalGraph:
    """Sort edges tail→head by time; the result does not depend on the order of rows (with `strict` ties).

    `ties="sequence"` lets edges of equal time chain in row order, for documents dated by day only.

    >>> build_graph(np.array([7, 9]), np.array([9, 9]), np.array([5, 6])).self_loops
    1
    """
    labels, tails, heads = numbered(tail, head)
    row = np.flatnonzero(tails != heads).astype(np.int32)
    tails, heads, times = tails[row], heads[row], whole(time[row])
    order = time_order((tails, heads), times, len(labels), ties)
    rank, moment = ranked(times[order], ties)
    return TemporalGraph(
        labels, tails[order], heads[order], rank, row[order], moment, rows=len(tail), self_loops=len(tail) - len(row)
    )


def numbered(tail: Ints, head: Ints) -> tuple[Ints, Narrow, Narrow]:
    """Sorted labels of all ends, and both ends as positions among them."""
    low = min(tail.min(initial=0), head.min(initial=0))
    span = int(max(tail.max(initial=0), head.max(initial=0))) - int(low) + 1
    if span > SPREAD * len(tail) + 1024:
        labels, ends = np.unique(np.concatenate([tail, head]), return_inverse=True)
        first, second = np.split(ends.astype(np.int32), [len(tail)])
        return labels, first, second
    seen = np.zeros(span, bool)
    seen[tail - low] = seen[head - low] = True
    place = np.cumsum(seen, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(seen) + low, place[tail - low], place[head - low]


def whole(time: Times) -> Times:
    """Times as integers where that loses nothing: differences of integers are exact and sort faster."""
    if time.dtype.kind != "f":
        return time.astype(np.int64, copy=False)
    exact = bool((np.abs(time) < EXACT).all()) and bool((time == np.rint(time)).all())
    if exact:
        return time.astype(np.int64)
    fractional: npt.NDArray[np.float64] = np.asarray(time + 0.0, np.float64)
    return fractional


def time_order(ends: tuple[Narrow, Narrow], time: Times, nodes: int, ties: Ties) -> Narrow:
    """Permutation that sorts edges by (time, tail, head), or by (time, row) when rows give the sequence."""
    rows = np.arange(len(time), dtype=np.int32)
    order = by_time(time, rows)
    if ties == "sequence" or not len(time) or (np.diff(time[order]) > 0).all():
        return order
    counted = sorting().counted
    tail, head = ends
    return by_time(time, counted(tail, counted(head, rows, nodes), nodes))


def by_time(time: Times, order: Narrow) -> Narrow:
    """`order` stably sorted by time."""
    keys = np.zeros(0, np.int64)
    if len(time) and time.dtype.kind == "f" and time.min() >= 0:
        keys = time.view(np.int64)  # the bits of non-negative floats are ordered as the floats are
    elif time.dtype.kind != "f":
        keys = time.astype(np.int64, copy=False)
    if len(keys) and int(keys.max()) - int(keys.min()) < 2**62:
        sorted_order: Narrow = sorting().radix(keys - keys.min(), order)
        return sorted_order
    return order[np.argsort(time[order], kind="stable")]


def ranked(time: Times, ties: Ties) -> tuple[Narrow, Times]:
    """Rank of each of the sorted times, and the time of each rank."""
    if ties == "sequence" or not len(time):
        return np.arange(len(time), dtype=np.int32), time
    starts = np.concatenate([[True], time[1:] != time[:-1]])
    return np.cumsum(starts, dtype=np.int32) - np.int32(1), time[starts]


def last_within(moment: Times, span: float) -> Narrow:
    """For each rank the last rank whose time is at most `span` later (inclusive, as `later - earlier <= span`)."""
    if moment.dtype.kind != "f":
        whole_span = min(int(np.floor(min(span, EXACT * 1024))), 2**62)
        reached: Narrow = sorting().reaches(moment, whole_span)
        return reached
    last = np.searchsorted(moment, moment + span, side="right") - 1
    if not len(moment):
        return last.astype(np.int32)
    # The sum rounds where the difference of the definition does not: look one distinct time to either side.
    following = np.minimum(last + 1, len(moment) - 1)
    last = np.where(moment[following] - moment <= span, following, last)
    return np.where(moment[last] - moment > span, last - 1, last).astype(np.int32)
