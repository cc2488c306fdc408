"""Compiled search for temporal cycles: the only module that imports numba.

The algorithm is that of performance.md §1: time-sorted CSR, a binary search in the (tail, head) bundle to close,
backward latest-departure tables shared by neighbouring roots, an iterative depth-first search.
Ranks stand for times; -1 means "cannot". Hot loops take plain arrays: every field read from a named tuple costs
numba two atomic reference counts, which measured ten times the search itself.
"""

import numpy as np
from numba import njit

from fraud.engine.arrays import (
    ARRIVED,
    BELOW,
    BUDGET,
    CLOSING,
    CURSOR,
    DEPTH,
    EDGE,
    END,
    FIRST,
    HOPS,
    HORIZON,
    LAST,
    LATEST,
    LISTED,
    LONGEST,
    LOOPS,
    NODE,
    RANK,
    SEEN,
    SHORTEST,
    SLOT,
    STAMP,
    STOP,
    TRUNCATED,
    UNLISTED,
    VISITED,
    Index,
    Narrow,
    Scratch,
    Tally,
    Wide,
)  # fmt: skip


@njit(cache=True, nogil=True)
def after(values: Narrow, start: int, stop: int, limit: int) -> int:
    """First position in values[start:stop] whose value exceeds `limit`."""
    while start < stop:
        middle = (start + stop) // 2
        if values[middle] > limit:
            stop = middle
        else:
            start = middle + 1
    return start


@njit(cache=True, nogil=True)
def later(edges: Narrow, start: int, stop: int, rank: int) -> int:
    """First of the time-sorted rows edges[start:stop] whose rank exceeds `rank`."""
    while start < stop:
        middle = (start + stop) // 2
        if edges[middle, RANK] > rank:
            stop = middle
        else:
            start = middle + 1
    return start


@njit(cache=True, nogil=True)
def touch(reach: Narrow, touched: Wide, node: int, count: int, slot: int) -> int:
    """Open the table row of `node` for this slot; the new number of open rows."""
    if reach[node, STAMP] == slot:
        return count
    reach[node, STAMP] = slot
    for column in range(1, HOPS + 2):
        reach[node, column] = -1
    touched[count] = node
    return count + 1


@njit(cache=True, nogil=True)
def relax(
    in_edges: Narrow, reach: Narrow, touched: Wide, step: tuple[int, int, int, int], edges: tuple[int, int]
) -> int:
    """Carry departures one hop back along in-edges; `step` is (root, node, hop, count), `edges` (first, stop)."""
    root, node, hop, count = step
    slot = reach[node, STAMP]
    until = reach[node, hop]
    for at in range(edges[0], edges[1]):
        tail, rank = in_edges[at, END], in_edges[at, RANK]
        if rank >= until:
            break
        if tail != root:
            count = touch(reach, touched, tail, count, slot)
            if rank > reach[tail, hop + 1]:
                reach[tail, hop + 1] = rank
    return count


@njit(cache=True, nogil=True)
def mark(index: Index, reach: Narrow, touched: Wide, root: int, span: tuple[int, int, int]) -> None:
    """Fill the latest-departure table of one slot; `span` is (slot, since, until), departures in (since, until]."""
    slot, since, until = span
    in_start, in_edges, in_pair = index.in_start, index.in_edges, index.in_pair
    count = 0
    stop = in_start[root + 1]
    for at in range(later(in_edges, in_start[root], stop, since), stop):
        if in_edges[at, RANK] > until:
            break
        tail = in_edges[at, END]
        count = touch(reach, touched, tail, count, slot)
        reach[tail, LATEST] = in_edges[at, RANK]
        reach[tail, CLOSING] = in_pair[at]
    for hop in range(1, HOPS):
        known = count
        for place in range(known):
            node = touched[place]
            if hop == 1 or reach[node, hop] > reach[node, hop - 1]:
                stop = in_start[node + 1]
                first = later(in_edges, in_start[node], stop, since)
                count = relax(in_edges, reach, touched, (root, node, hop, count), (first, stop))
        for place in range(count):
            node = touched[place]
            reach[node, hop + 1] = max(reach[node, hop + 1], reach[node, hop])


@njit(cache=True, nogil=True)
def hash_loop(path: Wide, length: int, turn: int) -> np.uint64:
    """Mixed 64-bit hash of the node sequence read from position `turn`."""
    value = np.uint64(length)
    for place in range(length):
        value = (value ^ np.uint64(path[(turn + place) % length, NODE])) * np.uint64(0x9E3779B97F4A7C15)
        value ^= value >> np.uint64(29)
    return value


@njit(cache=True, nogil=True)
def same_loop(row: Narrow, path: Wide, length: int, turn: int) -> bool:
    """Whether the stored loop `row` is the path read from position `turn`."""
    for place in range(length):
        if row[place] != path[(turn + place) % length, NODE]:
            return False
    return length == len(row) or row[length] < 0


@njit(cache=True, nogil=True)
def count_loop(tally: Tally, path: Wide, length: int, cycles: int) -> None:
    """Add `cycles` to the loop of this path, which starts at its smallest node."""
    turn = 0
    for place in range(1, length):
        if path[place, NODE] < path[turn, NODE]:
            turn = place
    mask = len(tally.table) - 1
    slot = np.int64(hash_loop(path, length, turn) & np.uint64(mask))
    while tally.table[slot] >= 0:
        if same_loop(tally.loop_nodes[tally.table[slot]], path, length, turn):
            tally.loop_cycles[tally.table[slot]] += cycles
            return
        slot = (slot + 1) & mask
    loop = tally.size[LOOPS]
    tally.table[slot] = loop
    for place in range(length):
        tally.loop_nodes[loop, place] = path[(turn + place) % length, NODE]
    tally.loop_cycles[loop] = cycles
    tally.size[LOOPS] = loop + 1


@njit(cache=True, nogil=True)
def grown_loops(tally: Tally) -> Tally:
    """The tally with twice the room for loops."""
    room, width = tally.loop_nodes.shape
    nodes = np.full((room * 2, width), -1, np.int32)
    nodes[:room] = tally.loop_nodes
    cycles = np.zeros(room * 2, np.int64)
    cycles[:room] = tally.loop_cycles
    table = np.full(len(tally.table) * 2, -1, np.int64)
    path = np.zeros((width, 1), np.int64)
    for loop in range(tally.size[LOOPS]):
        length = 0
        while length < width and nodes[loop, length] >= 0:
            path[length, NODE] = nodes[loop, length]
            length += 1
        slot = np.int64(hash_loop(path, length, 0) & np.uint64(len(table) - 1))
        while table[slot] >= 0:
            slot = (slot + 1) & (len(table) - 1)
        table[slot] = loop
    return Tally(tally.size, tally.by_length, tally.out_cycles, tally.pair_steps, nodes, cycles, table, tally.listed)


@njit(cache=True, nogil=True)
def with_room(tally: Tally, wanted: int, limit: int) -> Tally:
    """The tally with room for one more loop and, up to `limit`, for `wanted` more listed cycles."""
    if tally.size[LOOPS] == len(tally.loop_nodes):
        tally = grown_loops(tally)
    needed = min(tally.size[LISTED] + wanted, limit)
    if needed <= len(tally.listed):
        return tally
    listed = np.full((min(limit, max(needed, 2 * len(tally.listed))), tally.listed.shape[1]), -1, np.int64)
    listed[: len(tally.listed)] = tally.listed
    return Tally(
        tally.size, tally.by_length, tally.out_cycles, tally.pair_steps,
        tally.loop_nodes, tally.loop_cycles, tally.table, listed,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def list_cycles(tally: Tally, path: Wide, depth: int) -> None:
    """Write out one row of edges per closing edge: path edges as out positions, the last as -2 - pair position."""
    last = path[depth, LAST]
    for closing in range(path[depth, FIRST], last):
        row = tally.size[LISTED]
        if row == len(tally.listed):
            tally.size[UNLISTED] += last - closing
            return
        for place in range(1, depth + 1):
            tally.listed[row, place - 1] = path[place, EDGE]
        tally.listed[row, depth] = -2 - closing
        tally.size[LISTED] = row + 1


@njit(cache=True, nogil=True)
def closes(pair_start: Wide, pair_rank: Narrow, reach: Narrow, path: Wide, state: Wide) -> bool:
    """Find the bundle of edges that close the path; whether there is any."""
    at = path[state[DEPTH]]
    pair = reach[at[NODE], CLOSING]
    stop = pair_start[pair + 1]
    at[FIRST] = after(pair_rank, pair_start[pair], stop, at[ARRIVED])
    at[LAST] = after(pair_rank, at[FIRST], stop, state[HORIZON])
    return bool(at[LAST] > at[FIRST])


@njit(cache=True, nogil=True)
def record(tally: Tally, path: Wide, depth: int, limit: int) -> Tally:
    """Count the cycles that the closing bundle of the path's last node makes; the tally, grown if it was full."""
    first, last = path[depth, FIRST], path[depth, LAST]
    tally = with_room(tally, last - first, limit)
    tally.by_length[depth + 1] += last - first
    tally.pair_steps[first] += 1
    tally.pair_steps[last] -= 1
    path[depth, BELOW] = last - first
    count_loop(tally, path, depth + 1, last - first)
    if limit:
        list_cycles(tally, path, depth)
    return tally


@njit(cache=True, nogil=True)
def arrive(out_start: Wide, out_edges: Narrow, path: Wide, depth: int, edge: int) -> None:
    """Put the head of `edge` at `depth` of the path, its cursor on the first later out-edge."""
    node, rank = out_edges[edge, END], out_edges[edge, RANK]
    stop = out_start[node + 1]
    path[depth, NODE], path[depth, ARRIVED], path[depth, EDGE] = node, rank, edge
    path[depth, CURSOR] = later(out_edges, out_start[node], stop, rank)
    path[depth, STOP], path[depth, BELOW] = stop, 0


@njit(cache=True, nogil=True)
def visits(path: Wide, depth: int, node: int) -> bool:
    """Whether `node` is on the path up to `depth`."""
    place = depth
    while place >= 0 and path[place, NODE] != node:
        place -= 1
    return place >= 0


@njit(cache=True, nogil=True)
def retreat(out_cycles: Wide, path: Wide, depth: int) -> None:
    """Leave the last node: its cycles belong to the edge that led there and to the node before."""
    below = path[depth, BELOW]
    if below:
        out_cycles[path[depth, EDGE]] += below
        path[depth - 1, BELOW] += below


@njit(cache=True, nogil=True)
def walk(out_start: Wide, out_edges: Narrow, out_cycles: Wide, reach: Narrow, path: Wide, state: Wide) -> int:
    """Go on with the search until a node with an edge to the root is reached; its depth, 0 at the end.

    Over the budget the walk only retreats; the caller sees it by state[SEEN] > state[BUDGET].
    """
    depth, seen, horizon, slot = state[DEPTH], state[SEEN], state[HORIZON], state[SLOT]
    longest, shortest, budget = state[LONGEST], state[SHORTEST], state[BUDGET]
    while depth > 0:
        at = path[depth, CURSOR]
        left = longest - depth - 1
        if left < 1 or at == path[depth, STOP] or out_edges[at, RANK] > horizon or seen > budget:
            retreat(out_cycles, path, depth)
            depth -= 1
            continue
        path[depth, CURSOR] = at + 1
        seen += 1
        node, rank = out_edges[at, END], out_edges[at, RANK]
        known = reach[node, STAMP] == slot
        if (left <= HOPS and not (known and reach[node, left] > rank)) or visits(path, depth, node):
            continue
        depth += 1
        arrive(out_start, out_edges, path, depth, at)
        if known and reach[node, LATEST] > rank and depth + 1 >= shortest:
            break
    state[DEPTH], state[SEEN] = depth, seen
    return int(depth)


@njit(cache=True, nogil=True)
def begin(out_start: Wide, out_edges: Narrow, reach: Narrow, path: Wide, state: Wide, edge: int) -> bool:
    """Start the path with out position `edge`; whether it may be closed at once (only cycles of two)."""
    arrive(out_start, out_edges, path, 1, edge)
    state[DEPTH], state[SEEN] = 1, 0
    node = path[1, NODE]
    known = reach[node, STAMP] == state[SLOT]
    return bool(state[SHORTEST] == 2 and known and reach[node, LATEST] > path[1, ARRIVED])


@njit(cache=True, nogil=True)
def next_root(out_edges: Narrow, in_edges: Narrow, horizon: Narrow, span: tuple[int, int, int], edge: int) -> int:
    """First out-edge at or after `edge` that some in-edge can follow inside the window, else the end.

    `span` is (end of the out-edges, first and end of the in-edges) of the root.
    """
    stop, coming, in_stop = span
    while edge < stop:
        rank = out_edges[edge, RANK]
        coming = later(in_edges, coming, in_stop, rank)
        if coming == in_stop:
            return stop
        if in_edges[coming, RANK] <= horizon[rank]:
            return edge
        edge += 1
    return stop


@njit(cache=True, nogil=True)
def search(index: Index, scratch: Scratch, tally: Tally, roots: tuple[int, int], list_limit: int) -> Tally:
    """All cycles whose first edge leaves a node of `roots` = (first, last); the tally."""
    out_start, out_edges, horizon = index.out_start, index.out_edges, index.horizon
    in_start, in_edges = index.in_start, index.in_edges
    reach, path, state, out_cycles, size = scratch.reach, scratch.path, scratch.state, tally.out_cycles, tally.size
    for root in range(roots[0], roots[1]):
        path[0, NODE] = root
        span = (out_start[root + 1], in_start[root], in_start[root + 1])
        edge = next_root(out_edges, in_edges, horizon, span, out_start[root])
        slot_end = -1
        while edge < span[0]:
            rank = out_edges[edge, RANK]
            if rank > slot_end:
                state[SLOT] += 1
                slot_end = index.slot_end[rank]
                mark(index, reach, scratch.touched, root, (state[SLOT], rank, horizon[slot_end]))
            state[HORIZON] = horizon[rank]
            near = begin(out_start, out_edges, reach, path, state, edge)
            while near or walk(out_start, out_edges, out_cycles, reach, path, state) > 0:
                near = False
                if closes(index.pair_start, index.pair_rank, reach, path, state):
                    tally = record(tally, path, state[DEPTH], list_limit)
            size[VISITED] += state[SEEN]
            size[TRUNCATED] += state[SEEN] > state[BUDGET]
            edge = next_root(out_edges, in_edges, horizon, span, edge + 1)
    return tally
