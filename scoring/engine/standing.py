"""Where a value stands among healthy firms: a percentile read off their five quantiles."""

from itertools import pairwise

from scoring.engine.peers import SHARES, Quantiles


def percentile(value: float | None, quantiles: Quantiles) -> int | None:
    """Share of healthy firms below `value`, in whole per cent; 5 and 95 stand for beyond the outer tenths.

    >>> percentile(3.0, (1.0, 2.0, 3.0, 4.0, 5.0)), percentile(0.0, (1.0, 2.0, 3.0, 4.0, 5.0))
    (50, 5)
    """
    if value is None or quantiles is None:
        return None
    if value < quantiles[0]:
        return 5
    if value > quantiles[-1]:
        return 95
    inside = [
        low_share + (high_share - low_share) * ((value - low) / (high - low) if high > low else 0.5)
        for (low_share, low), (high_share, high) in pairwise(zip(SHARES, quantiles, strict=True))
        if low <= value <= high
    ]
    return round(100 * sum(inside) / len(inside))
