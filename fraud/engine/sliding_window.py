"""Cycles as they close: one payment at a time, in a window that slides with it (fraud.md §2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fraud.engine.arrays import Wide
from fraud.engine.compiled import streaming
from fraud.engine.temporal_cycles import CycleSearch

FIRST_NODES, FIRST_POOL, FIRST_ROWS = 1024, 4096, 256
COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Closed:
    """What one edge closed: how many cycles, and the edges of each in time order, numbered by arrival from 0.

    At most `list_limit` cycles are written out; `complete` is false when the work budget ran out.
    """

    count: int
    cycles: tuple[tuple[int, ...], ...]
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
        self._found: Wide = np.full((min(search.list_limit, FIRST_ROWS), search.max_length), -1, np.int64)
        self._latest: int | None = None
        self._edges = 0

    def observe(self, tail: int, head: int, time: int) -> Closed:
        """Take in one edge and tell what it closes. Times are whole numbers and must not go back (ValueError)."""
        if self._latest is not None and time < self._latest:
            raise ValueError(f"time goes back from {self._latest} to {time}; sort the edges by time")
        self._latest = time
        edge = self._edges
        self._edges += 1
        if tail == head:
            return Closed(0, (), complete=True)
        ends = self._of(tail), self._of(head)
        since = time - int(self.search.window)
        answer = self._closed(ends, edge, time, since)
        self._outgoing.push((ends[0], ends[1], time, edge), since)
        self._incoming.push((ends[1], ends[0], time, edge), since)
        return answer

    def _of(self, label: int) -> int:
        number = self._number.setdefault(label, len(self._number))
        if number >= len(self._table):
            fresh = np.full((len(self._table), COLUMNS), -1, np.int64)
            self._table = np.concatenate([self._table, fresh])
            self._incoming.widen(len(self._table))
            self._outgoing.widen(len(self._table))
        return number

    def _closed(self, ends: tuple[int, int], edge: int, time: int, since: int) -> Closed:
        kernels, search = self._kernels, self.search
        asked = (*ends, time, since)
        kernels.mark(self._outgoing.spans, self._outgoing.pool, self._table, asked, edge)
        bounds = (edge, search.min_length, search.max_length, search.budget)
        while True:
            count, complete = kernels.closed(
                self._incoming.spans, self._incoming.pool, self._table, self._path, self._found, (*asked, *bounds)
            )
            if count <= len(self._found) or len(self._found) == search.list_limit:
                break
            self._found = np.full((min(2 * count, search.list_limit), search.max_length), -1, np.int64)
        if not count:
            return Closed(0, (), bool(complete))
        rows = self._found[:count]
        cycles = tuple((*(number for number in row if number >= 0), edge) for row in rows.tolist())
        rows[:] = -1
        return Closed(int(count), tuple(sorted(cycles)), bool(complete))


class _Chunks:
    """Edges by one of their ends: `spans` has start, count and room of each node's chunk in `pool`."""

    def __init__(self) -> None:
        self.spans: Wide = np.zeros((FIRST_NODES, COLUMNS), np.int64)
        self.pool: Wide = np.zeros((FIRST_POOL, COLUMNS), np.int64)
        self._size: Wide = np.zeros(1, np.int64)

    def push(self, row: tuple[int, int, int, int], since: int) -> None:
        """Append an edge; a full pool is packed again, larger when most of it still counts."""
        push = streaming().push
        while not push(self.spans, self.pool, self._size, row, since):
            live = int(self.spans[:, 1].sum())
            room = np.zeros((max(FIRST_POOL, 4 * live), COLUMNS), np.int64)
            self._size[0] = streaming().repack(self.spans, self.pool, room, since)
            self.pool = room

    def widen(self, nodes: int) -> None:
        """Make room for more nodes."""
        self.spans = np.concatenate([self.spans, np.zeros((nodes - len(self.spans), COLUMNS), np.int64)])
