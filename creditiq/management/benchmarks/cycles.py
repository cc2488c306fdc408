"""Temporal cycles per second, and how often faster than networkx on the same edges."""

import networkx
import numpy as np

from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from fraud.engine.graph import Ints, TemporalGraph, build_graph
from fraud.engine.temporal_cycles import CycleSearch, find_cycles

DAY = 86_400
WINDOW = 15 * DAY
EDGES_PER_WINDOW = 3.3
INSIDE = 0.8
CLUSTER = 500
LONGEST = 6
AGAINST_PEER = 4_000
"""Edges that networkx is given: on more it takes minutes."""


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Ours on growing graphs, and against the peer on a small one."""
    small = held(_contest(min([AGAINST_PEER, *sizes])), rounds)
    grown = [_alone(size, rounds) for size in sizes or [20_000, 100_000, 400_000]]
    speed = {str(timing.size): round(timing.size / timing.ours) for timing in grown}
    found = find_cycles(_graph(*_edges(grown[-1].size)), CycleSearch(WINDOW, LONGEST))
    return report(
        "cycles",
        [small],
        rounds,
        {
            "peer_is": "networkx.simple_cycles(length_bound=6), then the test of time",
            "edges_per_second": speed,
            "cycles": found.cycles,
            "cycles_per_second": round(found.cycles / grown[-1].ours),
        },
    )


def _alone(size: int, rounds: int) -> Timing:
    tail, head, moment = _edges(size)

    def ours() -> int:
        return find_cycles(_graph(tail, head, moment), CycleSearch(WINDOW, LONGEST)).cycles

    return held(Contest(size, ours, lambda: None), rounds)


def _contest(size: int) -> Contest:
    tail, head, moment = _edges(size)

    def ours() -> int:
        return find_cycles(_graph(tail, head, moment), CycleSearch(WINDOW, LONGEST)).cycles

    def peer() -> int:
        static = networkx.DiGraph(zip(tail.tolist(), head.tolist(), strict=True))
        return sum(1 for _ in networkx.simple_cycles(static, length_bound=LONGEST))

    return Contest(size, ours, peer)


def _edges(size: int) -> tuple[Ints, Ints, Ints]:
    """The synthetic flow of performance.md §1: 80 % inside clusters of 500, 3.3 out-edges per node and window."""
    random = np.random.default_rng(size)
    nodes = max(size // 20, CLUSTER)
    span = int(size / nodes / EDGES_PER_WINDOW * WINDOW)
    tail = random.integers(0, nodes, size)
    near = tail - tail % CLUSTER + random.integers(0, CLUSTER, size)
    inside = (random.random(size) < INSIDE) & (near < nodes)
    head = np.where(inside, near, random.integers(0, nodes, size))
    return tail, head, random.integers(0, span, size)


def _graph(tail: Ints, head: Ints, moment: Ints) -> TemporalGraph:
    return build_graph(tail, head, moment)
