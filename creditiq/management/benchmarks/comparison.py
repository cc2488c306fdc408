"""Two ways to do the same work, timed in turn: only their ratio within one run means anything on a shared machine."""

import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Contest:
    """Ours and the peer on one input; `share` is the part of the work the peer was given, the rest is linear."""

    size: int
    ours: Callable[[], object]
    peer: Callable[[], object]
    share: float = 1.0


@dataclass(frozen=True)
class Timing:
    """Median seconds of both, and the ratios of the rounds."""

    size: int
    ours: float
    peer: float
    ratios: tuple[float, ...]


def held(contest: Contest, rounds: int) -> Timing:
    """Run both once to warm up, then `rounds` times in turn."""
    contest.ours()
    pairs = [(_seconds(contest.ours), _seconds(contest.peer) / contest.share) for _ in range(rounds)]
    return Timing(
        size=contest.size,
        ours=statistics.median(ours for ours, _ in pairs),
        peer=statistics.median(peer for _, peer in pairs),
        ratios=tuple(peer / ours for ours, peer in pairs),
    )


def report(name: str, timings: Sequence[Timing], rounds: int, more: Mapping[str, object]) -> dict[str, object]:
    """The JSON of completeness.md: seconds by size, the ratio on the largest, memory of this process."""
    last = timings[-1]
    return {
        "name": name,
        "sizes": [timing.size for timing in timings],
        "rounds": rounds,
        "ours": [round(timing.ours, 6) for timing in timings],
        "peer": [round(timing.peer, 6) for timing in timings],
        "ratio_median": round(statistics.median(last.ratios), 2),
        "ratio_min": round(min(last.ratios), 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        **more,
    }


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
