"""The arrays and positions the compiled search works on; apart from the search so that nothing here needs numba."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Narrow: TypeAlias = NDArray[np.int32]
Wide: TypeAlias = NDArray[np.int64]

HOPS = 2
FILTER = (1 << 12) - 1
FOREVER = 2**31 - 1
FULL = 4096
# Columns of `out_edges`, `in_edges`, `reach` and `path`; cells of `state` and of `Tally.size`.
END, RANK, NEXT = 0, 1, 2
BACK, PAIR = 2, 3
STAMP, LATEST, SECOND, CLOSING = range(4)
NODE, ARRIVED, EDGE, CURSOR, BELOW, FIRST, LAST = range(7)
HORIZON, SLOT, SHORTEST, LONGEST, BUDGET, SEEN, DEPTH, FUEL = range(8)
LOOPS, LISTED, VISITED, TRUNCATED, UNLISTED, ROOM, UNNAMED = range(7)
# Columns of the edges that a stream takes in.
TAIL, HEAD, WHEN, EDGE_ID, CLOSES = range(5)
# Cells of the desk of a stream: how far it is, its bounds, the space used in both pools, and where in memory its
# arrays are and how many rows they have. Then why it paused.
DONE, STEP, WRITTEN, INCOMPLETE, SPAN, LEAST, MOST, WORK, LIMIT, OUT_USED, IN_USED = range(11)
OUT_SPANS, OUT_POOL, IN_SPANS, IN_POOL, TABLE, PATH, FOUND, ROWS, DESK = range(11, 28, 2)
ALL_IN, OUTGOING_FULL, INCOMING_FULL, LIST_FULL = range(4)


class Index(NamedTuple):
    """Edges by tail, by head and by (head, tail), each in time order, and the reach of each rank.

    `out_edges` rows are (head, rank, position of the first out-edge of the head that is later); a row of rank FOREVER
    ends the edges of each node. `in_edges` rows are (tail, rank, position of the last in-edge of the tail that is
    earlier, bundle); a row of rank -1 begins the edges of each node and one of FOREVER ends them. `begins` rows are
    the first out-edge of a node and the row before its first in-edge.
    """

    begins: Narrow
    out_edges: Narrow
    in_edges: Narrow
    pair_start: Narrow
    pair_rank: Narrow
    horizon: Narrow
    slot_end: Narrow


class Tally(NamedTuple):
    """What was found; `loop_nodes`, `table` and `listed` are replaced by larger arrays as they fill.

    `size[ROOM]` bounds the distinct loops; cycles on further ones are counted in `size[UNNAMED]` too.
    """

    size: Wide
    by_length: Wide
    out_cycles: Wide
    pair_steps: Wide
    loop_nodes: Narrow
    loop_cycles: Wide
    table: Wide
    listed: Wide


class Scratch(NamedTuple):
    """Working memory of one search.

    `reach` has per node: slot stamp, latest departure towards the root within one hop and within two, closing bundle;
    `filtered`, which fits the first cache, the stamp of the last slot that opened a row for such a number.
    `path` has per depth: node, arrival rank and edge, next out-edge, cycles found below, and the bundle [first, last)
    of edges that close it. `state` holds the bounds and the position of the walk, `kept` the first edges of one slot.
    """

    reach: Narrow
    filtered: Narrow
    path: Wide
    state: Wide
    kept: Narrow
