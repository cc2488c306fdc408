"""Temporal cycles per second, and how often faster than networkx on the same edges."""

import time
from statistics import median

import networkx
import numpy as np

from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from fraud.engine.graph import Ints, TemporalGraph, build_graph
from fraud.engine.sliding_window import SlidingWindow
from fraud.engine.temporal_cycles import CycleSearch, find_cycles

DAY = 86_400
WINDOW = 15 * DAY
EDGES_PER_WINDOW = 3.3
INSIDE = 0.8
CLUSTER = 500
LONGEST = 6
STREAMED = 100_000
WRITTEN = 10_000
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
            "two_threads": round(_two_threads(grown[-1].size, rounds), 2),
            "streaming": _streaming(min(STREAMED, grown[-1].size)),
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


def _two_threads(size: int, rounds: int) -> float:
    """How many times faster two threads search than one, index included; the median of the rounds."""
    graph = _graph(*_edges(size))
    ratios = []
    for _ in range(rounds):
        seconds = []
        for threads in (1, 2):
            started = time.perf_counter()
            find_cycles(graph, CycleSearch(WINDOW, LONGEST, threads=threads))
            seconds.append(time.perf_counter() - started)
        ratios.append(seconds[0] / seconds[1])
    return median(ratios)


def _streaming(size: int) -> dict[str, float]:
    """Microseconds per edge of a stream that writes out every cycle, and whether it counts what the batch counts."""
    edges = [column.tolist() for column in _edges(size)]
    rows = sorted(zip(*edges, strict=True), key=lambda row: row[2])
    stream = SlidingWindow(CycleSearch(WINDOW, LONGEST, list_limit=WRITTEN))
    cycles, taken = 0, []
    for tail, head, moment in rows:
        started = time.perf_counter()
        cycles += stream.observe(tail, head, moment).count
        taken.append((time.perf_counter() - started) * 1e6)
    batch = find_cycles(_graph(*_edges(size)), CycleSearch(WINDOW, LONGEST)).cycles
    p50, p99 = np.percentile(taken, [50, 99])
    return {"edges": size, "p50_us": round(p50, 1), "p99_us": round(p99, 1), "equal": cycles == batch}


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
