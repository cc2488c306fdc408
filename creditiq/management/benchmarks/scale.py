"""How costs grow over three sizes, and what that makes of the whole country (performance.md §6, decision 13)."""

from collections.abc import Sequence
from math import ceil

import numpy as np

from creditiq.management.benchmarks import cycles, explain, features

BUSINESSES = 15_000_000
PAYMENTS_A_SECOND = 7_700
"""India: GST registrations, and UPI payments on average."""
WINDOW_DAYS, EDGE_BYTES = 15, 40
MACHINE_BYTES = 256 * 2**30
"""Memory of one machine that shares the graph of a window."""


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Features of growing populations (`sizes`), explanations of as many rows, cycles among ten edges for each."""
    chosen = sorted(sizes or [1_000, 4_000, 16_000])
    measured = features.run(sizes=chosen, rounds=rounds)
    explained = explain.run(sizes=chosen, rounds=rounds)
    edges = [10 * size for size in chosen]
    searched = [cycles.alone(size, rounds).ours for size in edges]
    works = {
        "features": (chosen, _seconds(measured)),
        "explanations": (chosen, _seconds(explained)),
        "cycles": (edges, searched),
    }
    window = PAYMENTS_A_SECOND * 86_400 * WINDOW_DAYS * EDGE_BYTES
    country = {
        "businesses": BUSINESSES,
        "features_seconds": round(extrapolated(*works["features"], BUSINESSES)),
        "explanations_seconds": round(extrapolated(*works["explanations"], BUSINESSES)),
        "cycles_share_of_a_core": round(PAYMENTS_A_SECOND * searched[-1] / edges[-1], 4),
        "window_gb": round(window / 1e9),
        "machines_of_the_window": ceil(window / MACHINE_BYTES),
    }
    growth = {name: round(exponent(*work), 3) for name, work in works.items()}
    return measured | {"name": "scale", "growth": growth, "country": country}


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Power of the size by which time grows: the slope of log time over log size.

    >>> round(exponent([10, 100, 1000], [1.0, 10.0, 100.0]), 6)
    1.0
    """
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def extrapolated(sizes: Sequence[int], seconds: Sequence[float], size: int) -> float:
    """Seconds at `size`: from the largest that was measured, at least linearly.

    >>> extrapolated([10, 100], [1.0, 10.0], 1000)
    100.0
    """
    return round(seconds[-1] * (size / sizes[-1]) ** max(1.0, exponent(sizes, seconds)), 6)


def _seconds(report: dict[str, object]) -> list[float]:
    ours = report["ours"]
    return [float(one) for one in ours] if isinstance(ours, list) else []
