"""Compiled search for the cycles that one new edge closes: the batch search in the mirror.

Each node keeps its edges of the window in one contiguous, time-ordered chunk of a shared pool; linked lists fall off
the cache (performance.md §1). From the head of the new edge an earliest-arrival table is filled for one and two hops,
from its tail the search walks back in time.
"""

from fraud.engine.arrays import (
    ALL_IN,
    CLOSES,
    DONE,
    EDGE_ID,
    FOUND,
    HEAD,
    IN_POOL,
    IN_SPANS,
    IN_USED,
    INCOMING_FULL,
    INCOMPLETE,
    LEAST,
    LIMIT,
    LIST_FULL,
    MOST,
    OUT_POOL,
    OUT_SPANS,
    OUT_USED,
    OUTGOING_FULL,
    PATH,
    ROWS,
    SPAN,
    STEP,
    TABLE,
    TAIL,
    WHEN,
    WORK,
    WRITTEN,
    Wide,
)
from fraud.engine.kernels.jit import compiled, placed, wide

NODE, TIME, ID = range(3)
START, COUNT, ROOM = range(3)
STAMP, FIRST, SECOND = range(3)
AT, BOUND, CURSOR, EDGE = range(4)
NEVER = 2**62
LEAST_ROOM = 4


@compiled
def push(spans: Wide, pool: Wide, desk: Wide, used: int, row: tuple[int, int, int, int]) -> bool:
    """Append an edge to a node's chunk, after dropping what left the window; False when the pool is full.

    `row` is (node, other end, time, id), `used` the cell of the desk that says how much of the pool is taken.
    """
    node, since = row[0], row[2] - desk[SPAN]
    start, count, room = spans[node, START], spans[node, COUNT], spans[node, ROOM]
    while count and pool[start, TIME] < since:
        start, count, room = start + 1, count - 1, room - 1
    fits = True
    if count == room:
        wanted = max(LEAST_ROOM, 2 * count)
        fits = desk[used] + wanted <= len(pool)
        if fits:
            for place in range(count):
                pool[desk[used] + place] = pool[start + place]
            start, room = desk[used], wanted
            desk[used] += wanted
    if fits:
        pool[start + count, NODE], pool[start + count, TIME], pool[start + count, ID] = row[1], row[2], row[3]
        count += 1
    spans[node, START], spans[node, COUNT], spans[node, ROOM] = start, count, room
    return fits


@compiled
def repack(spans: Wide, pool: Wide, room: Wide, since: int) -> int:
    """Copy what is still in the window to `room`, chunk by chunk with as much space again; the space used."""
    used = 0
    for node in range(len(spans)):
        start, count = spans[node, START], spans[node, COUNT]
        while count and pool[start, TIME] < since:
            start, count = start + 1, count - 1
        for place in range(count):
            room[used + place] = pool[start + place]
        spans[node, START], spans[node, COUNT] = used, count
        spans[node, ROOM] = 2 * count
        used += 2 * count
    return used


@compiled
def arrive(table: Wide, node: int, column: int, time: int, stamp: int) -> bool:
    """Note an arrival at a node; whether it is the first of this search in that column."""
    if table[node, STAMP] != stamp:
        table[node, STAMP] = stamp
        table[node, FIRST] = table[node, SECOND] = NEVER
    fresh = bool(table[node, column] == NEVER)
    table[node, column] = min(table[node, column], time)
    return fresh


@compiled
def mark(spans: Wide, pool: Wide, table: Wide, edge: tuple[int, int, int, int], stamp: int) -> None:
    """Earliest arrivals from the head of `edge` = (tail, head, time, since) within one and within two hops."""
    _, head, time, since = edge
    for place in range(spans[head, START], spans[head, START] + spans[head, COUNT]):
        node, left = pool[place, NODE], pool[place, TIME]
        if since <= left < time and arrive(table, node, FIRST, left, stamp):
            arrive(table, node, SECOND, left, stamp)
            for onward in range(spans[node, START], spans[node, START] + spans[node, COUNT]):
                if left < pool[onward, TIME] < time and pool[onward, NODE] != head:
                    arrive(table, pool[onward, NODE], SECOND, pool[onward, TIME], stamp)


@compiled
def visits(path: Wide, depth: int, node: int) -> bool:
    """Whether `node` is on the path up to `depth`."""
    place = depth
    while place >= 0 and path[place, AT] != node:
        place -= 1
    return place >= 0


@compiled
def reachable(table: Wide, node: int, time: int, left: int, stamp: int) -> bool:
    """Whether the head can reach the node before `time` within `left` hops; more than two hops are not looked up."""
    column = SECOND if left >= 2 else FIRST
    return bool(left > 2 or (table[node, STAMP] == stamp and table[node, column] < time))


@compiled
def enter(spans: Wide, pool: Wide, path: Wide, depth: int, step: tuple[int, int, int]) -> None:
    """Put a node on the path, its cursor on its last in-edge before the bound; `step` is (node, bound, edge id)."""
    node, bound, edge = step
    last = spans[node, START] + spans[node, COUNT] - 1
    while last >= spans[node, START] and pool[last, TIME] >= bound:
        last -= 1
    path[depth, AT], path[depth, BOUND], path[depth, CURSOR], path[depth, EDGE] = node, bound, last, edge


@compiled
def note(found: Wide, count: int, path: Wide, depth: int, first: int) -> None:
    """Write out one cycle as edge ids in time order, without the closing edge, while there is room."""
    if count < len(found):
        found[count, 0] = first
        for place in range(depth):
            found[count, place + 1] = path[depth - place, EDGE]


@compiled
def closed(spans: Wide, pool: Wide, table: Wide, path: Wide, found: Wide, asked: tuple[int, ...]) -> tuple[int, bool]:
    """Cycles that the edge closes, and whether the budget sufficed.

    `asked` is (tail, head, time, since, stamp, shortest, longest, budget). Rows of `found` start as -1.
    """
    tail, head, time, since, stamp, shortest, longest, budget = asked
    enter(spans, pool, path, 0, (tail, time, -1))
    depth, count, seen = 0, 0, 0
    while depth >= 0 and seen <= budget:
        node, at = path[depth, AT], path[depth, CURSOR]
        if at < spans[node, START] or pool[at, TIME] < since:
            depth -= 1
            continue
        path[depth, CURSOR] = at - 1
        seen += 1
        other, moment = pool[at, NODE], pool[at, TIME]
        left = longest - depth - 2
        if other == head:
            if depth + 2 >= shortest:
                note(found, count, path, depth, pool[at, ID])
                count += 1
        elif left >= 1 and reachable(table, other, moment, left, stamp) and not visits(path, depth, other):
            depth += 1
            enter(spans, pool, path, depth, (other, moment, pool[at, ID]))
    return count, depth < 0


@compiled
def written(found: Wide, first: int, last: int, edge: int) -> None:
    """End each of these rows with the edge that closes them."""
    for row in range(first, last):
        place = 0
        while found[row, place] >= 0:
            place += 1
        found[row, place] = edge


@compiled
def look(side: tuple[Wide, Wide, Wide, Wide], work: tuple[Wide, Wide, Wide], desk: Wide, row: Wide) -> int:
    """Count and list what one edge closes; its cycles, or -1 when the list must grow first.

    `side` is (spans, pool) of leaving and of coming edges, `work` (table, path, list of cycles).
    """
    table, path, found = work
    tail, head, time, edge = row[TAIL], row[HEAD], row[WHEN], row[EDGE_ID]
    since, first, limit = time - desk[SPAN], desk[WRITTEN], desk[LIMIT]
    mark(side[0], side[1], table, (tail, head, time, since), edge)
    room = found[first : first + limit]
    asked = (tail, head, time, since, edge, desk[LEAST], desk[MOST], desk[WORK])
    count, complete = closed(side[2], side[3], table, path, room, asked)
    if count > len(room) and len(room) < limit:
        return -1
    last = first + min(count, limit)
    written(found, first, last, edge)
    desk[WRITTEN], desk[STEP] = last, 1
    desk[INCOMPLETE] += not complete
    return count


@compiled
def follow(desk: Wide) -> int:
    """Take in edges in time order from where the desk stands until all are in or some memory must grow; which.

    The desk (cells of `arrays`) names every array by its address: a call that hands over one array costs a tenth of
    one that hands over nine, which is what one edge at a time pays for. Rows are (tail, head, time, edge, its
    cycles), the last filled in here.
    """
    desk = wide(desk)
    rows, found = placed(desk, ROWS, CLOSES + 1), placed(desk, FOUND, desk[MOST])
    outgoing, leaving = placed(desk, OUT_SPANS, ROOM + 1), placed(desk, OUT_POOL, ID + 1)
    incoming, coming = placed(desk, IN_SPANS, ROOM + 1), placed(desk, IN_POOL, ID + 1)
    work = placed(desk, TABLE, SECOND + 1), placed(desk, PATH, EDGE + 1), found
    while desk[DONE] < len(rows):
        at = desk[DONE]
        tail, head, time, edge = rows[at, TAIL], rows[at, HEAD], rows[at, WHEN], rows[at, EDGE_ID]
        if tail == head:
            rows[at, CLOSES] = 0
        else:
            if desk[STEP] == 0:
                rows[at, CLOSES] = look((outgoing, leaving, incoming, coming), work, desk, rows[at])
                if rows[at, CLOSES] < 0:
                    return LIST_FULL
            if desk[STEP] == 1 and not push(outgoing, leaving, desk, OUT_USED, (tail, head, time, edge)):
                return OUTGOING_FULL
            desk[STEP] = 2
            if not push(incoming, coming, desk, IN_USED, (head, tail, time, edge)):
                return INCOMING_FULL
        desk[STEP] = 0
        desk[DONE] = at + 1
    desk[DONE] = 0
    return ALL_IN
