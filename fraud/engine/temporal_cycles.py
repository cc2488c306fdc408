"""Exact temporal simple cycles (performance.md §1): counts, loops, participation and, on request, the cycles."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from fraud.engine import arrays
from fraud.engine.compiled import searching, sorting
from fraud.engine.graph import Ints, TemporalGraph, last_within

FIRST_ROOM = 1024


@dataclass(frozen=True, slots=True)
class CycleSearch:
    """What to look for: window in the time unit of the graph (inclusive), lengths, work and memory bounds.

    `budget` bounds the edges visited per first edge; `list_limit` the cycles written out (0: only counted).
    """

    window: float
    max_length: int = 6
    min_length: int = 3
    budget: int = 1_000_000_000
    list_limit: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        """Refuse bounds that mean nothing."""
        if not 2 <= self.min_length <= self.max_length <= 32:
            raise ValueError("lengths must satisfy 2 <= min_length <= max_length <= 32")
        if self.window < 0 or self.budget < 1 or self.list_limit < 0 or self.threads < 1:
            raise ValueError("window and list_limit must not be negative; budget and threads at least 1")


@dataclass(frozen=True, slots=True)
class CycleCensus:
    """Every temporal cycle, counted.

    `loops` lists distinct cyclic node sequences (labels, smallest first, padded with -1 by `loop_lengths`),
    `loop_cycles` the cycles on each, `edge_cycles` the cycles through each of the caller's edges.
    `listed` has one row per written cycle: the caller's edge numbers in time order, padded with -1.
    `complete` is false when a root ran out of budget: the counts are then lower bounds.
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
        """Whether every root was searched to the end."""
        return self.truncated_roots == 0


@dataclass(frozen=True, slots=True)
class Layout:
    """The kernel's index with the positions needed to translate its answers back to edges."""

    index: arrays.Index
    out_row: arrays.Narrow
    by_pair: arrays.Narrow


def find_cycles(graph: TemporalGraph, search: CycleSearch) -> CycleCensus:
    """Count every temporal simple cycle of the graph within the bounds of `search`.

    >>> from fraud.engine.graph import build_graph
    >>> triangle = build_graph(np.array([1, 2, 3]), np.array([2, 3, 1]), np.array([10, 20, 30]))
    >>> find_cycles(triangle, CycleSearch(window=20)).by_length
    {3: 1}
    """
    layout = lay_out(graph, search.window)
    slices = root_slices(layout.index, search.threads)
    with ThreadPoolExecutor(len(slices)) as pool:
        tallies = list(pool.map(lambda span: search_slice(layout, graph, search, span), slices))
    return census(graph, search, layout, tallies)


def lay_out(graph: TemporalGraph, window: float) -> Layout:
    """CSR by tail and by head and (head, tail) bundles, each in time order, every edge chained to its followers."""
    sort, nodes = sorting(), graph.nodes
    edges = np.arange(graph.edges, dtype=np.int32)
    by_tail, by_head = sort.counted(graph.tail, edges, nodes), sort.counted(graph.head, edges, nodes)
    by_pair = sort.counted(graph.head, by_tail, nodes)
    pair_of = sort.bundles(graph.tail, graph.head, by_pair)
    out_row, in_row = sort.placed(graph.tail, by_tail, 0, 1), sort.placed(graph.head, by_head, 1, 2)
    out_edges = np.full((graph.edges + nodes, 3), arrays.FOREVER, np.int32)
    out_edges[out_row, arrays.END], out_edges[out_row, arrays.RANK] = graph.head, graph.rank
    in_edges = np.full((graph.edges + 2 * nodes + 1, 4), arrays.FOREVER, np.int32)
    in_edges[in_row, arrays.END], in_edges[in_row, arrays.RANK] = graph.tail, graph.rank
    in_edges[in_row, arrays.PAIR] = pair_of
    number = np.arange(nodes, dtype=np.int32)
    begins = np.column_stack(
        [sort.starts(graph.tail, nodes)[:-1] + number, sort.starts(graph.head, nodes)[:-1] + 2 * number]
    )
    in_edges[begins[:, 1], arrays.RANK] = -1
    out_of, in_of = np.zeros(len(in_edges), np.int32), np.zeros(len(out_edges), np.int32)
    out_of[in_row], in_of[out_row] = out_row, in_row
    sort.chained(out_edges, in_edges, begins, out_of, in_of)
    index = arrays.Index(
        begins=begins,
        out_edges=out_edges,
        in_edges=in_edges,
        pair_start=sort.starts(pair_of, int(pair_of.max(initial=-1)) + 1),
        pair_rank=graph.rank[by_pair],
        horizon=last_within(graph.moment, window),
        slot_end=last_within(graph.moment, window / 4),
    )
    return Layout(index, out_row, by_pair)


def root_slices(index: arrays.Index, threads: int) -> list[tuple[int, int]]:
    """Ranges of root nodes with about equally many out-edges."""
    first = index.begins[:, 0]
    shares = np.linspace(0, len(index.out_edges), threads + 1)[1:-1]
    cuts = [0, *np.searchsorted(first, shares).tolist(), len(first)]
    return list(itertools.pairwise(cuts))


def search_slice(layout: Layout, graph: TemporalGraph, search: CycleSearch, span: tuple[int, int]) -> arrays.Tally:
    """Run the kernel on one range of roots with scratch memory of its own."""
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
    tally = arrays.Tally(
        np.zeros(5, np.int64), np.zeros(width + 1, np.int64), np.zeros(edges + nodes, np.int64),
        np.zeros(edges + 1, np.int64), np.full((FIRST_ROOM, width), -1, np.int32), np.zeros(FIRST_ROOM, np.int64),
        np.full(2 * FIRST_ROOM, -1, np.int64), np.full((min(search.list_limit, FIRST_ROOM), width), -1, np.int64),
    )  # fmt: skip
    found: arrays.Tally = searching().search(layout.index, scratch, tally, span, search.list_limit)
    return found


def census(graph: TemporalGraph, search: CycleSearch, layout: Layout, tallies: list[arrays.Tally]) -> CycleCensus:
    """Join the tallies of all slices and translate positions into the caller's edges and labels."""
    size = np.sum([tally.size for tally in tallies], axis=0)
    counts = np.sum([tally.by_length for tally in tallies], axis=0)
    through = np.zeros(graph.edges, np.int64)
    for tally in tallies:
        through += tally.out_cycles[layout.out_row]
        through[layout.by_pair] += np.cumsum(tally.pair_steps[:-1])
    edge_cycles = np.zeros(graph.rows, np.int64)
    edge_cycles[graph.row] = through
    nodes, cycles = joined_loops(tallies)
    listed = np.concatenate([translated(graph, layout, tally) for tally in tallies])
    kept = np.lexsort(listed.T[::-1])[: search.list_limit]
    return CycleCensus(
        edges=graph.edges,
        nodes=graph.nodes,
        by_length={n: int(counts[n]) for n in range(search.min_length, search.max_length + 1) if counts[n]},
        loops=np.where(nodes >= 0, graph.labels[nodes], -1) if len(nodes) else nodes,
        loop_lengths=(nodes >= 0).sum(axis=1),
        loop_cycles=cycles,
        edge_cycles=edge_cycles,
        listed=listed[kept],
        unlisted=int(size[arrays.UNLISTED]) + len(listed) - len(kept),
        truncated_roots=int(size[arrays.TRUNCATED]),
    )


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


def translated(graph: TemporalGraph, layout: Layout, tally: arrays.Tally) -> Ints:
    """Listed cycles of one slice as rows of the caller's edge numbers."""
    raw = tally.listed[: tally.size[arrays.LISTED]]
    if not len(raw):
        return raw
    edge_of = np.zeros(graph.edges + graph.nodes, np.int32)
    edge_of[layout.out_row] = np.arange(graph.edges)
    walked = edge_of[np.maximum(raw, 0)]
    closing = layout.by_pair[np.maximum(-2 - raw, 0)]
    edges = graph.row[np.where(raw >= 0, walked, closing)]
    return np.where(raw == -1, -1, edges)
