"""Counting and radix sorts for the index: comparison sorts would cost as much as the search (performance.md §1)."""

import numpy as np

from fraud.engine.arrays import BACK, END, FOREVER, NEXT, PAIR, RANK, Narrow, Wide
from fraud.engine.kernels.jit import compiled

DIGIT = 11
RADIX = 1 << DIGIT


@compiled
def counted(key: Narrow, order: Narrow, keys: int) -> Narrow:
    """`order` stably sorted by key[order], keys in [0, keys)."""
    place = np.zeros(keys + 1, np.int32)
    for item in key:
        place[item + 1] += 1
    for number in range(keys):
        place[number + 1] += place[number]
    out = np.empty(len(order), np.int32)
    for item in order:
        slot = key[item]
        out[place[slot]] = item
        place[slot] += 1
    return out


@compiled
def starts(key: Narrow, keys: int) -> Narrow:
    """Where the run of each key begins among the sorted items, with the end appended."""
    place = np.zeros(keys + 1, np.int32)
    for item in key:
        place[item + 1] += 1
    for number in range(keys):
        place[number + 1] += place[number]
    return place


@compiled
def radix(key: Wide, order: Narrow) -> Narrow:
    """`order` stably sorted by the non-negative key[order], eleven bits at a time."""
    if not len(key):
        return order
    largest = key.max()
    done = order.copy()
    room = np.empty_like(done)
    shift = 0
    while largest >> shift:
        place = np.zeros(RADIX + 1, np.int64)
        for item in key:
            place[((item >> shift) & (RADIX - 1)) + 1] += 1
        for digit in range(RADIX):
            place[digit + 1] += place[digit]
        for item in done:
            digit = (key[item] >> shift) & (RADIX - 1)
            room[place[digit]] = item
            place[digit] += 1
        done, room = room, done
        shift += DIGIT
    return done


@compiled
def reaches(moment: Wide, span: int) -> Narrow:
    """For each whole-numbered moment the last one at most `span` later, by a moving pointer."""
    last = np.empty(len(moment), np.int32)
    at = 0
    for number in range(len(moment)):
        while at + 1 < len(moment) and moment[at + 1] - moment[number] <= span:
            at += 1
        last[number] = at
    return last


@compiled
def leaving(tail: Narrow, head: Narrow, rank: Narrow, out_edges: Narrow, out_begins: Narrow) -> Narrow:
    """Fill `out_edges` (arrays.Index) from edges in time order; the edge of each row.

    `out_begins` is the first row of each node, and one past the last row of all. An edge's followers are chained as
    it comes: what its head has not sent yet is later.
    """
    place, row_of = out_begins.copy(), np.empty(len(rank), np.int32)
    edge_of = np.zeros(len(out_edges), np.int32)
    for following in out_begins[1:]:
        out_edges[following - 1] = FOREVER
    first = 0
    while first < len(rank):
        stop = first
        while stop < len(rank) and rank[stop] == rank[first]:
            row = place[tail[stop]]
            place[tail[stop]] = row + 1
            out_edges[row, END], out_edges[row, RANK] = head[stop], rank[stop]
            edge_of[row], row_of[stop] = stop, row
            stop += 1
        # Edges of equal rank do not follow each other, so nobody is asked before all of them left.
        for edge in range(first, stop):
            out_edges[row_of[edge], NEXT] = place[head[edge]]
        first = stop
    return edge_of


@compiled
def coming(
    ends: tuple[Narrow, Narrow], rank: Narrow, in_edges: Narrow, in_begins: Narrow, out_begins: Narrow
) -> Narrow:
    """Fill `in_edges` but for the bundles, from edges (tails, heads) in time order; the in row of each out row."""
    tail, head = ends
    place, leave, before = in_begins + np.int32(1), out_begins.copy(), np.empty(len(rank), np.int32)
    in_of = np.zeros(out_begins[-1], np.int32)
    for node in range(len(in_begins) - 1):
        in_edges[in_begins[node]] = -1
        in_edges[in_begins[node + 1] - 1] = FOREVER
    first = 0
    while first < len(rank):
        stop = first
        while stop < len(rank) and rank[stop] == rank[first]:
            before[stop] = place[tail[stop]] - 1
            stop += 1
        for edge in range(first, stop):
            row, left = place[head[edge]], leave[tail[edge]]
            place[head[edge]], leave[tail[edge]] = row + 1, left + 1
            in_edges[row, END], in_edges[row, RANK], in_edges[row, BACK] = tail[edge], rank[edge], before[edge]
            in_of[left] = row
        first = stop
    return in_of


@compiled
def bundled(
    out_edges: Narrow, in_edges: Narrow, in_of: Narrow, begins: tuple[Narrow, Narrow]
) -> tuple[Narrow, Narrow, Narrow]:
    """Number the bundles of edges by (head, tail) and fill PAIR; where each begins, and rank and out row by position.

    `begins` are the first out row and the row before the first in row of each node, both with the end appended.
    """
    out_begins, in_begins = begins
    nodes = len(out_begins) - 1
    last, number = np.full(nodes, -1, np.int32), np.zeros(nodes + 1, np.int32)
    for node in range(nodes):
        for row in range(out_begins[node], out_begins[node + 1] - 1):
            head = out_edges[row, END]
            number[head + 1] += last[head] != node
            last[head] = node
    for node in range(nodes):
        number[node + 1] += number[node]
    edges = len(in_of) - nodes
    place = np.empty(nodes, np.int32)
    for node in range(nodes):
        place[node], last[node] = in_begins[node] - 2 * node, -1
    pair_start, pair_rank, pair_row = (
        np.empty(number[-1] + 1, np.int32),
        np.empty(edges, np.int32),
        np.empty(edges, np.int32),
    )
    pair_start[-1] = edges
    for node in range(nodes):
        for row in range(out_begins[node], out_begins[node + 1] - 1):
            head = out_edges[row, END]
            at = place[head]
            if last[head] != node:
                pair_start[number[head]] = at
                last[head], number[head] = node, number[head] + 1
            place[head] = at + 1
            pair_rank[at], pair_row[at] = out_edges[row, RANK], row
            in_edges[in_of[row], PAIR] = number[head] - 1
    return pair_start, pair_rank, pair_row
