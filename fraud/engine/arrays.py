"""The arrays and positions the compiled search works on; apart from the search so that nothing here needs numba."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Narrow: TypeAlias = NDArray[np.int32]
Wide: TypeAlias = NDArray[np.int64]

HOPS = 3
# Columns of `out_edges` and `in_edges`, of `reach`, and of `path`; cells of `state` and of `Tally.size`.
END, RANK = 0, 1
STAMP, LATEST, CLOSING = 0, 1, HOPS + 1
NODE, ARRIVED, EDGE, CURSOR, STOP, BELOW, FIRST, LAST = range(8)
HORIZON, SLOT, SHORTEST, LONGEST, BUDGET, SEEN, DEPTH = range(7)
LOOPS, LISTED, VISITED, TRUNCATED, UNLISTED = range(5)


class Index(NamedTuple):
    """Edges by tail, by head and by (tail, head), each in time order, and the reach of each rank.

    `out_edges` rows are (head, rank), `in_edges` rows (tail, rank); `in_pair` is the bundle of each in-edge.
    """

    out_start: Wide
    out_edges: Narrow
    in_start: Wide
    in_edges: Narrow
    in_pair: Narrow
    pair_start: Wide
    pair_rank: Narrow
    horizon: Narrow
    slot_end: Narrow


class Tally(NamedTuple):
    """What was found; `loop_nodes`, `table` and `listed` are replaced by larger arrays as they fill."""

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

    `reach` has per node: slot stamp, latest departure towards the root within 1..HOPS hops, closing bundle.
    `path` has per depth: node, arrival rank and edge, next out-edge and the end of them, cycles found below, and
    the bundle [first, last) of edges that close it. `state` holds the bounds and the position of the walk.
    """

    reach: Narrow
    touched: Wide
    path: Wide
    state: Wide
