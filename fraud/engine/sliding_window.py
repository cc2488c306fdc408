"""Cycles as they close: one payment at a time, in a window that slides with it (fraud.md §2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fraud.engine.arrays import (
    ALL_IN,
    CLOSES,
    DESK,
    DONE,
    EDGE_ID,
    FOUND,
    HEAD,
    IN_POOL,
    IN_SPANS,
    IN_USED,
    INCOMPLETE,
    LIMIT,
    LIST_FULL,
    OUT_POOL,
    OUT_SPANS,
    OUT_USED,
    OUTGOING_FULL,
    PATH,
    ROWS,
    SPAN,
    TABLE,
    TAIL,
    WHEN,
    WRITTEN,
    Wide,
)
from fraud.engine.compiled import streaming
from fraud.engine.graph import Ints
from fraud.engine.temporal_cycles import CycleSearch

FIRST_NODES, FIRST_POOL, FIRST_ROWS = 1024, 4096, 256
COLUMNS = 3
POOL_OF = {OUT_SPANS: OUT_POOL, IN_SPANS: IN_POOL}
USED_OF = {OUT_SPANS: OUT_USED, IN_SPANS: IN_USED}


@dataclass(frozen=True, slots=True)
class Closed:
    """What one edge closed: how many cycles, and the edges of each in time order, numbered by arrival from 0.

    At most `list_limit` cycles are written out; `complete` is false when the work budget ran out.
    """

    count: int
    cycles: tuple[tuple[int, ...], ...]
    complete: bool


NOTHING = Closed(0, (), complete=True)


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
        self._follow = streaming().follow
        self._desk = _Desk(search)
        self._row: Wide = np.zeros((1, CLOSES + 1), np.int64)
        self._columns = self._row[0].data  # a tenth of the cost of setting one element of an array
        self._number: dict[int, int] = {}
        self._latest: int | None = None
        self._edges = 0

    def observe(self, tail: int, head: int, time: int) -> Closed:
        """Take in one edge and tell what it closes. Times are whole numbers and must not go back (ValueError)."""
        self._go_on(time)
        columns = self._columns
        columns[TAIL], columns[HEAD], columns[WHEN], columns[EDGE_ID] = (
            self._of(tail),
            self._of(head),
            time,
            self._edges,
        )
        self._take_in(self._row)
        if not columns[CLOSES] and not self._desk.cells[INCOMPLETE]:
            return NOTHING
        listed, complete = self._desk.found()
        cycles = sorted(tuple(edge for edge in cycle if edge >= 0) for cycle in listed.tolist())
        return Closed(columns[CLOSES], tuple(cycles), complete)

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
        rows: Wide = np.empty((len(time), CLOSES + 1), np.int64)
        for column, values in enumerate((*numbers[place].reshape(2, -1), time, edges, 0)):
            rows[:, column] = values
        self._take_in(rows)
        return ClosedByAll(rows[:, CLOSES], *self._desk.found())

    @property
    def bytes_held(self) -> int:
        """Memory of the window; it does not grow with the length of the stream."""
        return self._desk.bytes_held

    def _go_on(self, time: int) -> None:
        if self._latest is not None and time < self._latest:
            raise ValueError(f"time goes back from {self._latest} to {time}; sort the edges by time")
        self._latest = time

    def _of(self, label: int) -> int:
        number = self._number.get(label)
        if number is None:
            number = self._number[label] = len(self._number)
            self._desk.seat(number)
        return number

    def _take_in(self, rows: Wide) -> None:
        desk = self._desk
        if desk.rows is not rows:
            desk.lay(rows)
        while (why := self._follow(desk.array)) != ALL_IN:
            desk.grow(why)
        self._edges += len(rows)


class _Desk:
    """The kernel's memory, and the cells (`arrays`) that tell where it is, how large, and how far the stream is."""

    def __init__(self, search: CycleSearch) -> None:
        """No party and no edge yet."""
        self.array: Wide = np.zeros(DESK, np.int64)
        self.cells = self.array.data
        bounds = int(search.window), search.min_length, search.max_length, search.budget, search.list_limit
        self.array[SPAN : LIMIT + 1] = bounds
        self.rows: Wide | None = None
        self._held: dict[int, Wide] = {}
        for cell in (OUT_SPANS, IN_SPANS):
            self._put(cell, np.zeros((FIRST_NODES, COLUMNS), np.int64))
            self._put(POOL_OF[cell], np.zeros((FIRST_POOL, COLUMNS), np.int64))
        self._put(TABLE, np.full((FIRST_NODES, COLUMNS), -1, np.int64))
        self._put(PATH, np.zeros((search.max_length + 1, 4), np.int64))
        self._put(FOUND, np.full((FIRST_ROWS, search.max_length), -1, np.int64))

    @property
    def bytes_held(self) -> int:
        """Memory of all arrays."""
        return sum(array.nbytes for array in self._held.values())

    def lay(self, rows: Wide) -> None:
        """Lay out the edges to take in."""
        self.rows = rows
        self._put(ROWS, rows)

    def seat(self, number: int) -> None:
        """Make room for the party of this number."""
        nodes = len(self._held[TABLE])
        if number < nodes:
            return
        for cell, empty in ((TABLE, -1), (OUT_SPANS, 0), (IN_SPANS, 0)):
            self._put(cell, np.concatenate([self._held[cell], np.full((nodes, COLUMNS), empty, np.int64)]))

    def grow(self, why: int) -> None:
        """Make room where the kernel found none."""
        if why == LIST_FULL:
            found = self._held[FOUND]
            self._put(FOUND, np.concatenate([found, np.full_like(found, -1)]))
        else:
            self._repack(OUT_SPANS if why == OUTGOING_FULL else IN_SPANS)

    def found(self) -> tuple[Ints, bool]:
        """The cycles written out since last asked, and whether every search was finished."""
        rows: Ints = self._held[FOUND][: self.cells[WRITTEN]].copy()
        self._held[FOUND][: len(rows)] = -1
        complete = not self.cells[INCOMPLETE]
        self.cells[WRITTEN] = self.cells[INCOMPLETE] = 0
        return rows, complete

    def _repack(self, cell: int) -> None:
        """Pack a full pool again without what left the window, larger when most of it still counts."""
        spans, pool = self._held[cell], self._held[POOL_OF[cell]]
        since = int(self._held[ROWS][self.cells[DONE], WHEN]) - self.cells[SPAN]
        room: Wide = np.zeros((max(FIRST_POOL, 4 * int(spans[:, 1].sum())), COLUMNS), np.int64)
        self.cells[USED_OF[cell]] = streaming().repack(spans, pool, room, since)
        self._put(POOL_OF[cell], room)

    def _put(self, cell: int, array: Wide) -> None:
        """Hold the array, without which its address would mean nothing, and write down where it is."""
        self._held[cell] = array
        self.cells[cell], self.cells[cell + 1] = array.ctypes.data, len(array)
