"""A directed temporal multigraph as time-sorted arrays (fraud.md §1, performance.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Times: TypeAlias = npt.NDArray[np.int64] | npt.NDArray[np.float64]
Ties: TypeAlias = Literal["strict", "sequence"]


@dataclass(frozen=True, slots=True)
class TemporalGraph:
    """Edges in time order; self loops are gone, parallel edges are kept.

    `tail`, `head` index `labels`; `row` is the caller's edge number; `rank` orders edges along a cycle (equal
    ranks do not chain) and `moment[rank]` is its time.
    """

    labels: Ints
    tail: Ints
    head: Ints
    rank: Ints
    row: Ints
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
    labels, ends = np.unique(np.concatenate([tail, head]), return_inverse=True)
    tails, heads = np.split(ends.astype(np.int64), [len(tail)])
    row = np.flatnonzero(tails != heads)
    tails, heads, times = tails[row], heads[row], time[row]
    order = time_order(tails, heads, times, len(labels), ties)
    times = times[order]
    rank, moment = ranked(times, ties)
    return TemporalGraph(
        labels, tails[order], heads[order], rank, row[order], moment, rows=len(tail), self_loops=len(tail) - len(row)
    )


def time_order(tail: Ints, head: Ints, time: Times, nodes: int, ties: Ties) -> Ints:
    """Permutation that sorts edges by (time, tail, head), or by (time, row) when rows give the sequence."""
    if ties == "sequence":
        return np.argsort(time, kind="stable")
    by_pair = np.argsort(tail * nodes + head, kind="stable")
    return by_pair[np.argsort(time[by_pair], kind="stable")]


def ranked(time: Times, ties: Ties) -> tuple[Ints, Times]:
    """Rank of each of the sorted times, and the time of each rank."""
    if ties == "sequence" or not len(time):
        return np.arange(len(time), dtype=np.int64), time
    starts = np.concatenate([[True], time[1:] != time[:-1]])
    return np.cumsum(starts) - 1, time[starts]


def last_within(moment: Times, span: float) -> Ints:
    """For each rank the last rank whose time is at most `span` later (inclusive, as `later - earlier <= span`)."""
    last = np.searchsorted(moment, moment + span, side="right") - 1
    if moment.dtype.kind != "f" or not len(moment):
        return last.astype(np.int64)
    # The sum rounds where the difference of the definition does not: look one distinct time to either side.
    following = np.minimum(last + 1, len(moment) - 1)
    last = np.where(moment[following] - moment <= span, following, last)
    return np.where(moment[last] - moment > span, last - 1, last).astype(np.int64)
