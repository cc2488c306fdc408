"""Compiled search for temporal cycles.

The algorithm is that of performance.md §1: time-sorted CSR, a binary search in the (tail, head) bundle to close,
backward latest-departure tables shared by neighbouring first edges, an iterative depth-first search. Every edge knows
the first edge that can follow it and the last that can come before it, so that nothing is looked for on the way.
Ranks stand for times; -1 means "cannot". Hot loops take arrays that count no references (`jit.narrow`).
"""

import numpy as np

from fraud.engine.arrays import (
    ARRIVED,
    BACK,
    BELOW,
    BUDGET,
    CLOSING,
    CURSOR,
    DEPTH,
    EDGE,
    END,
    FILTER,
    FIRST,
    FOREVER,
    FUEL,
    FULL,
    HOPS,
    HORIZON,
    LAST,
    LATEST,
    LISTED,
    LONGEST,
    LOOPS,
    NEXT,
    NODE,
    PAIR,
    RANK,
    ROOM,
    SECOND,
    SEEN,
    SHORTEST,
    SLOT,
    STAMP,
    TRUNCATED,
    UNLISTED,
    UNNAMED,
    VISITED,
    Index,
    Narrow,
    Scratch,
    Tally,
    Wide,
)  # fmt: skip
from fraud.engine.kernels.jit import compiled, narrow, wide


@compiled
def after(values: Narrow, start: int, stop: int, limit: int) -> int:
    """First position in values[start:stop] whose value exceeds `limit`."""
    while start < stop:
        middle = (start + stop) // 2
        if values[middle] > limit:
            stop = middle
        else:
            start = middle + 1
    return start


@compiled
def touch(reach: Narrow, filtered: Narrow, node: int, slot: int) -> None:
    """Open the table row of `node` for this slot."""
    if reach[node, STAMP] != slot:
        reach[node, STAMP] = slot
        reach[node, LATEST] = reach[node, SECOND] = -1
        filtered[node & FILTER] = slot


@compiled
def mark(in_edges: Narrow, reach: Narrow, filtered: Narrow, root: int, latest: int, bounds: tuple[int, int]) -> None:
    """Fill the latest-departure table: for one and for two hops, departures after `since`; `bounds` is (slot, since).

    `latest` is the last in-edge of the root that counts. Edges are read from the latest to the earliest, so that the
    first one of a node towards the root is the one that counts.
    """
    slot, since = bounds
    at = latest
    while in_edges[at, RANK] > since:
        node, rank = in_edges[at, END], in_edges[at, RANK]
        touch(reach, filtered, node, slot)
        if reach[node, LATEST] < 0:
            reach[node, LATEST], reach[node, CLOSING] = rank, in_edges[at, PAIR]
            reach[node, SECOND] = max(reach[node, SECOND], rank)
            before = in_edges[at, BACK]
            while in_edges[before, RANK] > since:
                tail = in_edges[before, END]
                if tail != root:
                    touch(reach, filtered, tail, slot)
                    reach[tail, SECOND] = max(reach[tail, SECOND], in_edges[before, RANK])
                before -= 1
        at -= 1


@compiled
def hash_loop(path: Wide, length: int, turn: int) -> np.uint64:
    """Mixed 64-bit hash of the node sequence read from position `turn`."""
    value = np.uint64(length)
    for place in range(length):
        value = (value ^ np.uint64(path[(turn + place) % length, NODE])) * np.uint64(0x9E3779B97F4A7C15)
        value ^= value >> np.uint64(29)
    return value


@compiled
def same_loop(row: Narrow, path: Wide, length: int, turn: int) -> bool:
    """Whether the stored loop `row` is the path read from position `turn`."""
    for place in range(length):
        if row[place] != path[(turn + place) % length, NODE]:
            return False
    return length == len(row) or row[length] < 0


@compiled
def count_loop(tally: Tally, path: Wide, length: int, cycles: int) -> None:
    """Add `cycles` to the loop of this path, which starts at its smallest node; a new one needs room."""
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
    if loop == len(tally.loop_nodes):
        tally.size[UNNAMED] += cycles
        return
    tally.table[slot] = loop
    for place in range(length):
        tally.loop_nodes[loop, place] = path[(turn + place) % length, NODE]
    tally.loop_cycles[loop] = cycles
    tally.size[LOOPS] = loop + 1


@compiled
def grown_loops(tally: Tally) -> Tally:
    """The tally with twice the room for loops, as far as ROOM."""
    room, width = tally.loop_nodes.shape
    wanted = min(room * 2, tally.size[ROOM])
    nodes = np.full((wanted, width), -1, np.int32)
    nodes[:room] = tally.loop_nodes
    cycles = np.zeros(wanted, np.int64)
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


@compiled
def with_room(tally: Tally, wanted: int, limit: int) -> Tally:
    """The tally with room for one more loop and, up to `limit`, for `wanted` more listed cycles."""
    if tally.size[LOOPS] == len(tally.loop_nodes) < tally.size[ROOM]:
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


@compiled
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


@compiled
def closes(pair_start: Narrow, pair_rank: Narrow, reach: Narrow, path: Wide, state: Wide) -> bool:
    """Find the bundle of edges that close the path; whether there is any."""
    at = path[state[DEPTH]]
    pair = reach[at[NODE], CLOSING]
    stop = pair_start[pair + 1]
    at[FIRST] = after(pair_rank, pair_start[pair], stop, at[ARRIVED])
    at[LAST] = after(pair_rank, at[FIRST], stop, state[HORIZON])
    return bool(at[LAST] > at[FIRST])


@compiled
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


@compiled
def arrive(out_edges: Narrow, path: Wide, depth: int, edge: int) -> None:
    """Put the head of `edge` at `depth` of the path, its cursor on the first later out-edge."""
    path[depth, NODE], path[depth, ARRIVED], path[depth, EDGE] = out_edges[edge, END], out_edges[edge, RANK], edge
    path[depth, CURSOR], path[depth, BELOW] = out_edges[edge, NEXT], 0


@compiled
def visits(path: Wide, depth: int, node: int) -> bool:
    """Whether `node` is on the path up to `depth`."""
    place = depth
    while place >= 0 and path[place, NODE] != node:
        place -= 1
    return place >= 0


@compiled
def retreat(out_cycles: Wide, path: Wide, depth: int) -> None:
    """Leave the last node: its cycles belong to the edge that led there and to the node before."""
    below = path[depth, BELOW]
    if below:
        out_cycles[path[depth, EDGE]] += below
        path[depth - 1, BELOW] += below


@compiled
def walk(out_edges: Narrow, out_cycles: Wide, reach: Narrow, path: Wide, state: Wide) -> int:
    """Go on with the search until a node with an edge to the root is reached; its depth, 0 at the end.

    Over the budget the walk only retreats; the caller sees it by state[SEEN] > state[BUDGET].
    """
    depth, seen, horizon, slot = state[DEPTH], state[SEEN], state[HORIZON], state[SLOT]
    longest, shortest, budget = state[LONGEST], state[SHORTEST], state[BUDGET]
    while depth > 0:
        at, left = path[depth, CURSOR], longest - depth - 1
        if left < 1 or out_edges[at, RANK] > horizon or seen > budget:
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
        arrive(out_edges, path, depth, at)
        if known and reach[node, LATEST] > rank and depth + 1 >= shortest:
            break
    state[DEPTH], state[SEEN] = depth, seen
    return int(depth)


@compiled
def begin(out_edges: Narrow, reach: Narrow, path: Wide, state: Wide, edge: int) -> bool:
    """Start the path with out position `edge`; whether it may be closed at once (only cycles of two)."""
    arrive(out_edges, path, 1, edge)
    state[DEPTH], state[SEEN] = 1, 0
    node = path[1, NODE]
    known = reach[node, STAMP] == state[SLOT]
    return bool(state[SHORTEST] == 2 and known and reach[node, LATEST] > path[1, ARRIVED])


@compiled
def returns(reach: Narrow, filtered: Narrow, node: int, rank: int, slot: int) -> bool:
    """Whether money that arrives at `node` at `rank` can reach the root within HOPS hops."""
    return bool(filtered[node & FILTER] == slot and reach[node, STAMP] == slot and reach[node, SECOND] > rank)


@compiled
def scout_last(edges: Narrow, reach: Narrow, filtered: Narrow, at: int, state: Wide) -> bool:
    """Whether one of the edges from position `at` to the horizon leads to where money can return."""
    horizon, slot, start, found = state[HORIZON], state[SLOT], at, False
    while not found and edges[at, RANK] <= horizon:
        found = returns(reach, filtered, edges[at, END], edges[at, RANK], slot)
        at += 1
    state[FUEL] -= at - start
    return found


@compiled
def scout_next(edges: Narrow, reach: Narrow, filtered: Narrow, at: int, state: Wide) -> bool:
    """The same for one or two edges; out of fuel it answers yes, and the walk keeps the accounts."""
    horizon, slot, found = state[HORIZON], state[SLOT], False
    while not found and edges[at, RANK] <= horizon:
        found = state[FUEL] < 0 or returns(reach, filtered, edges[at, END], edges[at, RANK], slot)
        found = found or scout_last(edges, reach, filtered, edges[at, NEXT], state)
        at += 1
    return found


@compiled
def scout_far(edges: Narrow, reach: Narrow, filtered: Narrow, at: int, state: Wide) -> bool:
    """The same for one to three edges."""
    horizon, slot, found = state[HORIZON], state[SLOT], False
    while not found and edges[at, RANK] <= horizon:
        found = state[FUEL] < 0 or returns(reach, filtered, edges[at, END], edges[at, RANK], slot)
        found = found or scout_next(edges, reach, filtered, edges[at, NEXT], state)
        at += 1
    return found


@compiled
def scout(edges: Narrow, reach: Narrow, filtered: Narrow, edge: int, state: Wide) -> bool:
    """Whether the first edge can begin a cycle at all: reading ahead is cheaper than walking, and mostly says no.

    Cycles longer than HOPS and four more edges are walked without a look.
    """
    hops = state[LONGEST] - HOPS - 1
    state[FUEL] = FULL
    found = hops > 3 or returns(reach, filtered, edges[edge, END], edges[edge, RANK], state[SLOT])
    if not found and hops == 3:
        found = scout_far(edges, reach, filtered, edges[edge, NEXT], state)
    elif not found and hops == 2:
        found = scout_next(edges, reach, filtered, edges[edge, NEXT], state)
    elif not found and hops == 1:
        found = scout_last(edges, reach, filtered, edges[edge, NEXT], state)
    return found


@compiled
def group(
    out_edges: Narrow, in_edges: Narrow, horizon: Narrow, slot_end: Narrow, kept: Narrow, at: tuple[int, int]
) -> int:
    """Write the first edges of one node and slot that an in-edge follows inside the window to `kept`; their number.

    `at` is (position of the first of them, position of the node's first in-edge that may follow). kept[-1] gets the
    two positions where the next group goes on, kept[-2] the node's last in-edge that can follow.
    """
    edge, coming = at
    end = slot_end[out_edges[edge, RANK]]
    count = 0
    while out_edges[edge, RANK] <= end:
        rank = out_edges[edge, RANK]
        while in_edges[coming, RANK] <= rank:
            coming += 1
        if in_edges[coming, RANK] <= horizon[rank]:
            kept[count, 0], kept[count, 1] = edge, rank
            count += 1
        edge += 1
    latest = coming
    while count and in_edges[latest, RANK] <= horizon[kept[count - 1, 1]]:
        latest += 1
    kept[-1, 0], kept[-1, 1], kept[-2, 0] = edge, coming, latest - 1
    return count


@compiled
def search(index: Index, scratch: Scratch, tally: Tally, part: tuple[int, int], list_limit: int) -> Tally:
    """All cycles whose first edge leaves a node in [part[0], part[1]); the tally."""
    out_edges, in_edges, begins = narrow(index.out_edges), narrow(index.in_edges), narrow(index.begins)
    horizon, slot_end, kept = narrow(index.horizon), narrow(index.slot_end), narrow(scratch.kept)
    reach, path, state = narrow(scratch.reach), wide(scratch.path), wide(scratch.state)
    filtered, size = narrow(scratch.filtered), wide(tally.size)
    pair_start, pair_rank, out_cycles = narrow(index.pair_start), narrow(index.pair_rank), wide(tally.out_cycles)
    for root in range(part[0], part[1]):
        path[0, NODE] = root
        edge, coming = begins[root, 0], begins[root, 1] + 1
        while out_edges[edge, RANK] < FOREVER:
            count = group(out_edges, in_edges, horizon, slot_end, kept, (edge, coming))
            edge, coming = kept[-1, 0], kept[-1, 1]
            state[SLOT] += 1
            if count:
                mark(in_edges, reach, filtered, root, kept[-2, 0], (state[SLOT], kept[0, 1]))
            for place in range(count):
                state[HORIZON] = horizon[kept[place, 1]]
                if scout(out_edges, reach, filtered, kept[place, 0], state):
                    near = begin(out_edges, reach, path, state, kept[place, 0])
                    while near or walk(out_edges, out_cycles, reach, path, state) > 0:
                        near = False
                        if closes(pair_start, pair_rank, reach, path, state):
                            tally = record(tally, path, state[DEPTH], list_limit)
                    size[VISITED] += state[SEEN]
                    size[TRUNCATED] += state[SEEN] > state[BUDGET]
    return tally
