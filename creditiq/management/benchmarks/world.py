"""Records of the simulated economy per second, and how its cost grows: whole up to a block, in blocks beyond."""

from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from wallets.services import simulated_records

MONTHS, SEED = 36, 1
BLOCK = 1_000
PEER = 250
"""Businesses of the small world whose pace, extended linearly, is the peer: a ratio of 1 is linear growth."""


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Growing populations; the ratio is linear growth over ours, the figures are of the largest."""
    timings: list[Timing] = []
    counts: list[int] = []
    for size in sizes or [250, 1_000, 4_000]:
        made: list[int] = []
        timings.append(held(_contest(size, made), rounds))
        counts.append(made[-1])
    per_second = [round(count / timing.ours) for count, timing in zip(counts, timings, strict=True)]
    return report(
        "world",
        timings,
        rounds,
        {
            "peer_is": f"a world of {PEER} businesses, extended linearly",
            "months": MONTHS,
            "block": BLOCK,
            "records": counts,
            "records_per_second": per_second[-1],
            "records_per_second_by_size": per_second,
            "seconds_per_1000_businesses": [round(1_000 * timing.ours / timing.size, 3) for timing in timings],
        },
    )


def _contest(size: int, made: list[int]) -> Contest:
    def ours() -> None:
        made.append(simulated_records(businesses=size, months=MONTHS, seed=SEED, block=BLOCK))

    def peer() -> None:
        simulated_records(businesses=PEER, months=MONTHS, seed=SEED, block=BLOCK)

    return Contest(size, ours=ours, peer=peer, share=PEER / size)
