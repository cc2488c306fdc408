"""Cycles as they close: one payment at a time, in a window that slides with it (fraud.md §2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fraud.engine.arrays import ALL_IN, DONE, INCOMING_FULL, INCOMPLETE, OUTGOING_FULL, WRITTEN, Wide
from fraud.engine.compiled import streaming
from fraud.engine.graph import Ints
from fraud.engine.temporal_cycles import CycleSearch

FIRST_NODES, FIRST_POOL, FIRST_ROWS = 1024, 4096, 256
COLUMNS = 3
WHEN = 2


@dataclass(frozen=True, slots=True)
class Closed:
    """What one edge closed: how many cycles, and the edges of each in time order, numbered by arrival from 0.

    At most `list_limit` cycles are written out; `complete` is false when the work budget ran out.
    """

    count: int
    cycles: tuple[tuple[int, ...], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class ClosedByAll:
    """What each of many edges closed: `counts` by edge; `cycles` one row of edges in time order each, padded with -1.

    Cycles stand in the order of the edges that closed them, at most `list_limit` for each.
    """

    counts: Ints
    cycles: Ints
    complete: bool


class SlidingWindow:
    """Edges of the last `window` time units. The sum of what it reports equals the batch count over the same edges.

    Memory: about 100 bytes per edge of the window and 72 per party seen.

    >>> stream = SlidingWindow(CycleSearch(window=20, list_limit=10))
    >>> [stream.observe(*edge).cycles for edge in ((7, 8, 10), (8, 9, 20), (9, 7, 30))]
    [(), (), ((0, 1, 2),)]
    """

    def __init__(self, search: CycleSearch) -> None:
        """An empty window; `threads` of the search does not apply."""
        self.search = search
        self._kernels = streaming()
        self._number: dict[int, int] = {}
        self._incoming = _Chunks()
        self._outgoing = _Chunks()
        self._table: Wide = np.full((FIRST_NODES, COLUMNS), -1, np.int64)
        self._path: Wide = np.zeros((search.max_length + 1, 4), np.int64)
        self._found: Wide = np.full((FIRST_ROWS, search.max_length), -1, np.int64)
        self._latest: int | None = None
        self._progress: Wide = np.zeros(4, np.int64)
        self._edges = 0

    def observe(self, tail: int, head: int, time: int) -> Closed:
        """Take in one edge and tell what it closes. Times are whole numbers and must not go back (ValueError)."""
        self._go_on(time)
        row: Wide = np.array([[self._of(tail), self._of(head), time, self._edges, 0]], np.int64)
        complete = self._follow(row)
        cycles = sorted(tuple(edge for edge in cycle if edge >= 0) for cycle in self._listed().tolist())
        return Closed(int(row[0, -1]), tuple(cycles), complete)

    def observe_all(self, tail: Ints, head: Ints, time: Ints) -> ClosedByAll:
        """Take in many edges, in time order: the same answers as one by one, without the way to each of them."""
        back = np.flatnonzero(time[1:] < time[:-1])
        if len(back):
            raise ValueError(f"time goes back from {time[back[0]]} to {time[back[0] + 1]}; sort the edges by time")
        if len(time):
            self._go_on(int(time[0]))
            self._latest = int(time[-1])
        labels, place = np.unique(np.concatenate([tail, head]), return_inverse=True)
        numbers = np.array([self._of(label) for label in labels.tolist()], np.int64)
        edges = np.arange(self._edges, self._edges + len(time))
        rows = np.column_stack([*numbers[place].reshape(2, -1), time, edges, np.zeros_like(edges)])
        complete = self._follow(rows)
        return ClosedByAll(rows[:, -1], self._listed(), complete)

    def _go_on(self, time: int) -> None:
        if self._latest is not None and time < self._latest:
            raise ValueError(f"time goes back from {self._latest} to {time}; sort the edges by time")
        self._latest = time

    def _of(self, label: int) -> int:
        number = self._number.setdefault(label, len(self._number))
        if number >= len(self._table):
            fresh = np.full((len(self._table), COLUMNS), -1, np.int64)
            self._table = np.concatenate([self._table, fresh])
            self._incoming.widen(len(self._table))
            self._outgoing.widen(len(self._table))
        return number

    def _follow(self, rows: Wide) -> bool:
        """Take the rows (arrays of kernels.streaming) in; whether every search was finished."""
        search, progress = self.search, self._progress
        progress[:] = 0
        bounds = (int(search.window), search.min_length, search.max_length, search.budget, search.list_limit)
        while True:
            work = (self._table, self._path, self._found)
            why = self._kernels.follow(self._outgoing.held, self._incoming.held, work, rows, progress, bounds)
            if why == ALL_IN:
                break
            self._grow(why, int(rows[progress[DONE], WHEN]) - bounds[0])
        self._edges += len(rows)
        return not progress[INCOMPLETE]

    def _grow(self, why: int, since: int) -> None:
        if why == OUTGOING_FULL:
            self._outgoing.repack(since)
        elif why == INCOMING_FULL:
            self._incoming.repack(since)
        else:
            room, written = (
                np.full((2 * len(self._found), self.search.max_length), -1, np.int64),
                self._progress[WRITTEN],
            )
            room[:written] = self._found[:written]
            self._found = room

    def _listed(self) -> Ints:
        """The cycles written out last, leaving the list empty."""
        rows: Ints = self._found[: self._progress[WRITTEN]].copy()
        self._found[: len(rows)] = -1
        return rows


class _Chunks:
    """Edges by one of their ends: `spans` has start, count and room of each node's chunk in `pool`."""

    def __init__(self) -> None:
        self.spans: Wide = np.zeros((FIRST_NODES, COLUMNS), np.int64)
        self.pool: Wide = np.zeros((FIRST_POOL, COLUMNS), np.int64)
        self._size: Wide = np.zeros(1, np.int64)

    @property
    def held(self) -> tuple[Wide, Wide, Wide]:
        """What the kernel takes."""
        return self.spans, self.pool, self._size

    def repack(self, since: int) -> None:
        """Pack a full pool again without what left the window, larger when most of it still counts."""
        live = int(self.spans[:, 1].sum())
        room = np.zeros((max(FIRST_POOL, 4 * live), COLUMNS), np.int64)
        self._size[0] = streaming().repack(self.spans, self.pool, room, since)
        self.pool = room

    def widen(self, nodes: int) -> None:
        """Make room for more nodes."""
        self.spans = np.concatenate([self.spans, np.zeros((nodes - len(self.spans), COLUMNS), np.int64)])
