"""Temporal cycles per second, and how often faster than networkx and snapml on the same edges."""

import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module, metadata
from importlib.util import find_spec
from statistics import median
from typing import Protocol

import networkx
import numpy as np
import numpy.typing as npt

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
AGAINST_PEER = 5_000
"""Edges that networkx is given: six seconds a round; with 8,000 a round takes over a minute."""
BATCH = 4_096
"""Edges handed over at once where a stream comes in batches: snapml is at its quickest there."""
ONE_BY_ONE = 30_000
"""Edges handed over one at a time: enough to fill the window, below which nobody has much to look through."""
QUIET = ("vertex_stats", "fan", "degree", "scatter-gather", "lc-cycle")
"""What snapml computes besides temporal cycles unless told not to."""


class Preprocessor(Protocol):
    """What is asked of snapml's."""

    def set_params(self, params: dict[str, object]) -> object:
        """What to count."""

    def transform(self, features: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The edges with their counts, in further columns."""


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Ours on growing graphs, and against the peer on a small one."""
    small = held(_contest(min([AGAINST_PEER, *sizes])), rounds)
    grown = [alone(size, rounds) for size in sizes or [20_000, 200_000, 1_000_000]]
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
            "two_threads": _two_threads(grown[-1].size, rounds),
            "streaming": _streaming(min(STREAMED, grown[-1].size)),
            "snapml": _against_snapml(min(STREAMED, grown[-1].size), rounds),
            "cycles_per_second": round(found.cycles / grown[-1].ours),
        },
    )


def alone(size: int, rounds: int) -> Timing:
    """Ours, on so many edges of the usual kind."""
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


def _two_threads(size: int, rounds: int) -> dict[str, float]:
    """How many times faster two threads search than one, index included.

    The median of the rounds, the fastest of each (what a busy neighbour took least from), and processor seconds of
    two threads over those of one: what the second thread costs, whoever else works on the machine.
    """
    graph = _graph(*_edges(size))
    taken: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    find_cycles(graph, CycleSearch(WINDOW, LONGEST, threads=2))
    for _ in range(rounds):
        for threads, seconds in taken.items():
            started, worked = time.perf_counter(), time.process_time()
            find_cycles(graph, CycleSearch(WINDOW, LONGEST, threads=threads))
            seconds.append((time.perf_counter() - started, time.process_time() - worked))
    one, two = taken[1], taken[2]
    return {
        "ratio_median": round(median(a / b for (a, _), (b, _) in zip(one, two, strict=True)), 2),
        "ratio_of_fastest": round(min(one)[0] / min(two)[0], 2),
        "processor_seconds": round(median(b for _, b in two) / median(b for _, b in one), 2),
    }


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


def _against_snapml(size: int, rounds: int) -> dict[str, object]:
    """The stream against snapml's Graph Feature Preprocessor on one thread, in batches and edge by edge.

    Ours writes out every cycle and counts the same for any batch; snapml counts by length, and each batch otherwise.
    """
    if find_spec("snapml") is None:
        return {"present": False, "why": "peer absent: snapml is not installed (the extra `peers`)"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its other parts, which are not asked
            peer = import_module("snapml").GraphFeaturePreprocessor
    except (ImportError, OSError) as problem:
        return {"present": False, "why": f"peer absent: snapml does not load here ({problem})"}
    tail, head, moment = _edges(size)
    order = np.argsort(moment, kind="stable")
    rows = np.column_stack([np.arange(size), tail[order], head[order], moment[order]])
    batches = held(Contest(size, partial(_ours_streams, rows, BATCH), partial(_snapml, peer, rows, BATCH)), rounds)
    few = rows[:ONE_BY_ONE]
    single = held(Contest(len(few), partial(_ours_streams, few, 1), partial(_snapml, peer, few, 1)), rounds)
    return {
        "present": True,
        "version": metadata.version("snapml"),
        "batch": BATCH,
        "edges": size,
        "ours_us": round(1e6 * batches.ours / size, 2),
        "snapml_us": round(1e6 * batches.peer / size, 2),
        "ratio_median": round(median(batches.ratios), 2),
        "one_by_one_ratio_median": round(median(single.ratios), 2),
        "cycles": _ours_streams(rows, BATCH),
        "cycles_of_snapml": {str(batch): _snapml(peer, rows, batch) for batch in (BATCH // 32, BATCH)},
    }


def _ours_streams(rows: Ints, batch: int) -> int:
    """Cycles of a stream that comes in batches, all of them written out."""
    stream = SlidingWindow(CycleSearch(WINDOW, LONGEST, list_limit=WRITTEN))
    if batch == 1:
        return sum(stream.observe(tail, head, moment).count for _, tail, head, moment in rows.tolist())
    parts = (rows[start : start + batch] for start in range(0, len(rows), batch))
    return sum(len(stream.observe_all(part[:, 1], part[:, 2], part[:, 3]).cycles) for part in parts)


def _snapml(peer: Callable[[], Preprocessor], rows: Ints, batch: int) -> int:
    """Temporal cycles of at least three hops that snapml counts in the same stream; longer than six it counts too."""
    asked = {"temp-cycle": True, "temp-cycle_tw": WINDOW, "temp-cycle_bins": [3], "time_window": WINDOW}
    preprocessor = peer()
    preprocessor.set_params({"num_threads": 1, **dict.fromkeys(QUIET, False), **asked})
    parts = (rows[start : start + batch].astype(np.float64) for start in range(0, len(rows), batch))
    return sum(int(preprocessor.transform(part)[:, 4:].sum()) for part in parts)


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
