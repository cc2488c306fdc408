"""Counting and radix sorts for the index: comparison sorts would cost as much as the search (performance.md §1)."""

import numpy as np

from fraud.engine.arrays import BACK, FOREVER, NEXT, RANK, Narrow, Wide
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
def bundles(tail: Narrow, head: Narrow, order: Narrow) -> Narrow:
    """Bundle of each edge, numbered along `order`, which sorts edges by (head, tail)."""
    pair = np.empty(len(order), np.int32)
    number = -1
    last_tail, last_head = -1, -1
    for edge in order:
        if tail[edge] != last_tail or head[edge] != last_head:
            number += 1
            last_tail, last_head = tail[edge], head[edge]
        pair[edge] = number
    return pair


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
def placed(key: Narrow, order: Narrow, before: int, between: int) -> Narrow:
    """Row of each edge when the edges in `order`, sorted by key, are laid out with `before` rows ahead of the first
    key and `between` rows after each."""
    rows = np.empty(len(order), np.int32)
    for number in range(len(order)):
        edge = order[number]
        rows[edge] = number + before + between * key[edge]
    return rows


@compiled
def chained(out_edges: Narrow, in_edges: Narrow, begins: Narrow, out_of: Narrow, in_of: Narrow) -> None:
    """Fill NEXT and BACK by walking through the in- and out-edges of each node once, in time order.

    `out_of` is the out row of the edge of an in row, `in_of` the in row of the edge of an out row.
    """
    for node in range(len(begins)):
        leaving, coming = begins[node, 0], begins[node, 1] + 1
        while out_edges[leaving, RANK] < FOREVER or in_edges[coming, RANK] < FOREVER:
            if in_edges[coming, RANK] < out_edges[leaving, RANK]:
                out_edges[out_of[coming], NEXT] = leaving
                coming += 1
            elif in_edges[coming, RANK] > out_edges[leaving, RANK]:
                in_edges[in_of[leaving], BACK] = coming - 1
                leaving += 1
            else:
                leaving, coming = level(out_edges, in_edges, (leaving, coming), out_of, in_of)


@compiled
def level(out_edges: Narrow, in_edges: Narrow, at: tuple[int, int], out_of: Narrow, in_of: Narrow) -> tuple[int, int]:
    """The same for edges of equal rank, which do not follow each other; the rows after them."""
    leaving, coming = at
    rank = in_edges[coming, RANK]
    first = coming
    while out_edges[leaving, RANK] == rank:
        in_edges[in_of[leaving], BACK] = first - 1
        leaving += 1
    while in_edges[coming, RANK] == rank:
        out_edges[out_of[coming], NEXT] = leaving
        coming += 1
    return leaving, coming
