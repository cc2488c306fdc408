"""How long calls took, kept as counts below a few bounds: small, additive, and good enough for a percentile."""

from bisect import bisect_left
from collections.abc import Mapping

BOUNDS_MS = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000)


def bound_of(milliseconds: float) -> int:
    """The smallest bound that a call did not exceed; the last one for whatever took longer.

    >>> bound_of(0.4), bound_of(20), bound_of(20.1), bound_of(999_999)
    (5, 20, 50, 60000)
    """
    return BOUNDS_MS[min(bisect_left(BOUNDS_MS, milliseconds), len(BOUNDS_MS) - 1)]


def percentile(counts: Mapping[int, int], share: float) -> int | None:
    """The bound that `share` of the calls did not exceed, nearest rank; None without calls.

    >>> percentile({5: 90, 100: 9, 2_000: 1}, 0.95), percentile({5: 1}, 0.5), percentile({}, 0.5)
    (100, 5, None)
    """
    total, seen = sum(counts.values()), 0
    for bound in sorted(counts):
        seen += counts[bound]
        if total and seen >= share * total:
            return bound
    return None
