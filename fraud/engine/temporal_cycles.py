"""Exact temporal simple cycles (performance.md §1): counts, loops, participation and, on request, the cycles."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fraud.engine import arrays
from fraud.engine.compiled import searching, sorting
from fraud.engine.graph import Ints, TemporalGraph, last_within

FIRST_ROOM = 1024
SLICES = 16
"""Slices of the roots for each thread, when there are several."""


@dataclass(frozen=True, slots=True)
class CycleSearch:
    """What to look for: window in the time unit of the graph (inclusive), lengths, work and memory bounds.

    `budget` bounds the edges visited per first edge; `list_limit` the cycles written out (0: only counted);
    `loop_limit` the distinct loops told apart, each of which takes 24 bytes and 4 for every hop allowed.
    """

    window: float
    max_length: int = 6
    min_length: int = 3
    budget: int = 1_000_000_000
    list_limit: int = 0
    threads: int = 1
    loop_limit: int = 1 << 23

    def __post_init__(self) -> None:
        """Refuse bounds that mean nothing."""
        if not 2 <= self.min_length <= self.max_length <= 32:
            raise ValueError("lengths must satisfy 2 <= min_length <= max_length <= 32")
        if self.window < 0 or self.list_limit < 0 or min(self.budget, self.threads, self.loop_limit) < 1:
            raise ValueError("window and list_limit must not be negative; budget, threads and loop_limit at least 1")


@dataclass(frozen=True, slots=True)
class CycleCensus:
    """Every temporal cycle, counted.

    `loops` lists distinct cyclic node sequences (labels, smallest first, padded with -1 by `loop_lengths`),
    `loop_cycles` the cycles on each, `edge_cycles` the cycles through each of the caller's edges.
    `listed` has one row per written cycle: the caller's edge numbers in time order, padded with -1.
    `complete` is false when a root ran out of budget: the counts are then lower bounds. It is false too when there
    are more loops than the search tells apart (`loops_complete`): then the loops alone are a lower bound.
    """

    edges: int
    nodes: int
    by_length: dict[int, int]
    loops: Ints
    loop_lengths: Ints
    loop_cycles: Ints
    edge_cycles: Ints
    listed: Ints
    unlisted: int
    truncated_roots: int
    loops_complete: bool = True

    @property
    def cycles(self) -> int:
        """Number of temporal cycles found."""
        return sum(self.by_length.values())

    def node_cycles(self, tail: Ints) -> dict[int, int]:
        """Cycles through each party, by label; `tail` are the caller's tails. A cycle leaves each member once."""
        through = self.edge_cycles > 0
        labels, place = np.unique(tail[through], return_inverse=True)
        counts = np.zeros(len(labels), np.int64)
        np.add.at(counts, place, self.edge_cycles[through])
        return dict(zip(labels.tolist(), counts.tolist(), strict=True))

    @property
    def complete(self) -> bool:
        """Whether every root was searched to the end and every loop told apart."""
        return self.truncated_roots == 0 and self.loops_complete


@dataclass(frozen=True, slots=True)
class Layout:
    """The kernel's index with what translates its answers back: the edge of each out row, the out row by bundle."""

    index: arrays.Index
    edge_of: arrays.Narrow
    pair_row: arrays.Narrow


class Catch(NamedTuple):
    """What one thread found in its turns; a turn is (slice, first and last listed row)."""

    tally: arrays.Tally
    turns: list[tuple[int, int, int]]


def find_cycles(graph: TemporalGraph, search: CycleSearch) -> CycleCensus:
    """Count every temporal simple cycle of the graph within the bounds of `search`.

    >>> from fraud.engine.graph import build_graph
    >>> triangle = build_graph(np.array([1, 2, 3]), np.array([2, 3, 1]), np.array([10, 20, 30]))
    >>> find_cycles(triangle, CycleSearch(window=20)).by_length
    {3: 1}
    """
    with ThreadPoolExecutor(search.threads) as pool:
        layout = lay_out(graph, search.window, pool)
        # Whoever is done takes the next slice: roots differ a thousandfold in what hangs on them.
        slices = enumerate(root_slices(layout.index, search.threads))
        workers = [pool.submit(search_slices, layout, graph, search, slices) for _ in range(search.threads)]
        catches = [worker.result() for worker in workers]
    return census(graph, search, layout, catches)


def lay_out(graph: TemporalGraph, window: float, pool: Executor) -> Layout:
    """CSR by tail and by head and (head, tail) bundles, each in time order, every edge chained to its followers."""
    sort, nodes = sorting(), graph.nodes
    number = np.arange(nodes + 1, dtype=np.int32)
    out_begins, in_begins = sort.starts(graph.tail, nodes) + number, sort.starts(graph.head, nodes) + 2 * number
    out_edges = np.empty((graph.edges + nodes, 3), np.int32)
    in_edges = np.empty((graph.edges + 2 * nodes, 4), np.int32)
    left = pool.submit(sort.leaving, graph.tail, graph.head, graph.rank, out_edges, out_begins)
    came = pool.submit(sort.coming, (graph.tail, graph.head), graph.rank, in_edges, in_begins, out_begins)
    spans = [pool.submit(last_within, graph.moment, span) for span in (window, window / 4)]
    edge_of, in_of = left.result(), came.result()
    pairs = pool.submit(sort.bundled, out_edges, in_edges, in_of, (out_begins, in_begins))
    pair_start, pair_rank, pair_row = pairs.result()
    index = arrays.Index(
        begins=np.column_stack([out_begins[:-1], in_begins[:-1]]),
        out_edges=out_edges,
        in_edges=in_edges,
        pair_start=pair_start,
        pair_rank=pair_rank,
        horizon=spans[0].result(),
        slot_end=spans[1].result(),
    )
    return Layout(index, edge_of, pair_row)


def root_slices(index: arrays.Index, threads: int) -> list[tuple[int, int]]:
    """Ranges of root nodes with about equally many out-edges: several for each thread, one where there is only one."""
    first = index.begins[:, 0]
    parts = threads * SLICES if threads > 1 else 1
    shares = np.linspace(0, len(index.out_edges), parts + 1)[1:-1]
    cuts = [0, *np.searchsorted(first, shares).tolist(), len(first)]
    return list(itertools.pairwise(cuts))


def search_slices(
    layout: Layout, graph: TemporalGraph, search: CycleSearch, slices: Iterator[tuple[int, tuple[int, int]]]
) -> Catch:
    """Run the kernel on one range of roots after another with scratch memory of its own, until none is left."""
    nodes, edges, width = graph.nodes, graph.edges, search.max_length
    largest = int(np.diff(layout.index.begins[:, 0], append=edges + nodes).max(initial=0))
    scratch = arrays.Scratch(
        np.full((nodes, 4), -1, np.int32),
        np.full(arrays.FILTER + 1, -1, np.int32),
        np.zeros((width + 1, 7), np.int64),
        np.zeros(8, np.int64),
        np.zeros((largest + 2, 2), np.int32),
    )
    scratch.state[arrays.SHORTEST : arrays.BUDGET + 1] = search.min_length, width, search.budget
    room = min(FIRST_ROOM, search.loop_limit)
    tally = arrays.Tally(
        np.zeros(7, np.int64), np.zeros(width + 1, np.int64), np.zeros(edges + nodes, np.int64),
        np.zeros(edges + 1, np.int64), np.full((room, width), -1, np.int32), np.zeros(room, np.int64),
        np.full(2 * FIRST_ROOM, -1, np.int64), np.full((min(search.list_limit, FIRST_ROOM), width), -1, np.int64),
    )  # fmt: skip
    tally.size[arrays.ROOM] = search.loop_limit
    turns = []
    for number, span in slices:
        listed = int(tally.size[arrays.LISTED])
        tally = searching().search(layout.index, scratch, tally, span, search.list_limit)
        turns.append((number, listed, int(tally.size[arrays.LISTED])))
    return Catch(tally, turns)


def census(graph: TemporalGraph, search: CycleSearch, layout: Layout, catches: list[Catch]) -> CycleCensus:
    """Join what all threads found and translate positions into the caller's edges and labels."""
    tallies = [catch.tally for catch in catches]
    size = np.sum([tally.size for tally in tallies], axis=0)
    counts = np.sum([tally.by_length for tally in tallies], axis=0)
    nodes, cycles = joined_loops(tallies)
    loops_complete = not size[arrays.UNNAMED] and len(nodes) <= search.loop_limit
    nodes, cycles = nodes[: search.loop_limit], cycles[: search.loop_limit]
    listed = first_listed(graph, layout, catches, search.list_limit)
    return CycleCensus(
        edges=graph.edges,
        nodes=graph.nodes,
        by_length={n: int(counts[n]) for n in range(search.min_length, search.max_length + 1) if counts[n]},
        loops=np.where(nodes >= 0, graph.labels[nodes], -1) if len(nodes) else nodes,
        loop_lengths=(nodes >= 0).sum(axis=1),
        loop_cycles=cycles,
        edge_cycles=through_edges(graph, layout, tallies),
        listed=listed[np.lexsort(listed.T[::-1])],
        unlisted=int(size[arrays.UNLISTED] + size[arrays.LISTED]) - len(listed),
        truncated_roots=int(size[arrays.TRUNCATED]),
        loops_complete=loops_complete,
    )


def through_edges(graph: TemporalGraph, layout: Layout, tallies: list[arrays.Tally]) -> Ints:
    """Cycles through each of the caller's edges: on the way to the last hop, and as the edge that closes."""
    rows, steps = tallies[0].out_cycles, tallies[0].pair_steps
    for tally in tallies[1:]:
        rows, steps = rows + tally.out_cycles, steps + tally.pair_steps
    closing = np.cumsum(steps[:-1])
    used = np.flatnonzero(closing)
    rows[layout.pair_row[used]] += closing[used]
    used = np.flatnonzero(rows)
    edge_cycles = np.zeros(graph.rows, np.int64)
    edge_cycles[graph.row[layout.edge_of[used]]] = rows[used]
    return edge_cycles


def first_listed(graph: TemporalGraph, layout: Layout, catches: list[Catch], limit: int) -> Ints:
    """The listed cycles in the order of their roots, at most `limit`: whoever found them, they are the same."""
    turns = sorted((turn, catch.tally) for catch in catches for turn in catch.turns)
    found = [tally.listed[first:last] for (_, first, last), tally in turns]
    return translated(graph, layout, np.concatenate(found)[:limit])


def joined_loops(tallies: list[arrays.Tally]) -> tuple[Ints, Ints]:
    """Distinct loops of all slices in node order, and the cycles on each."""
    sizes = [int(tally.size[arrays.LOOPS]) for tally in tallies]
    nodes = np.concatenate([tally.loop_nodes[:size] for tally, size in zip(tallies, sizes, strict=True)])
    cycles = np.concatenate([tally.loop_cycles[:size] for tally, size in zip(tallies, sizes, strict=True)])
    order = np.lexsort(nodes.T[::-1])
    nodes, cycles = nodes[order].astype(np.int64), cycles[order]
    if not len(nodes):
        return nodes, cycles
    fresh = np.concatenate([[True], (nodes[1:] != nodes[:-1]).any(axis=1)])
    return nodes[fresh], np.add.reduceat(cycles, np.flatnonzero(fresh))


def translated(graph: TemporalGraph, layout: Layout, raw: Ints) -> Ints:
    """Listed cycles as rows of the caller's edge numbers."""
    if not len(raw):
        return raw
    rows = np.where(raw >= 0, raw, layout.pair_row[np.maximum(-2 - raw, 0)])
    return np.where(raw == -1, -1, graph.row[layout.edge_of[rows]])
