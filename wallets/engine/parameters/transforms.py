"""From a raw quantity to 0 … 1: three anchors (a, m, b) give 0, ½ and 1, piecewise linear, clipped (wallets.md §10)."""

from math import log, log1p


def ramp(x: float, anchors: tuple[float, float, float]) -> float:
    """Linear between the anchors; anchors that fall run downwards.

    >>> ramp(0.2, (0, 0.4, 0.9)), ramp(0.1, (0.3, 0.1, 0.02))
    (0.25, 0.5)
    """
    low, middle, high = anchors
    if low > high:
        return ramp(-x, (-low, -middle, -high))
    if x <= low:
        return 0.0
    if x >= high:
        return 1.0
    if x < middle:
        return 0.5 * (x - low) / (middle - low)
    return 0.5 + 0.5 * (x - middle) / (high - middle)


def log_ramp(x: float, anchors: tuple[float, float, float]) -> float:
    """Linear in ln x, or in ln(1 + x) when an anchor is 0.

    >>> round(log_ramp(365, (30, 365, 1460)), 3), log_ramp(0, (0, 5, 50))
    (0.5, 0.0)
    """
    if 0 in anchors:
        low, middle, high = (log1p(anchor) for anchor in anchors)
        return ramp(log1p(max(x, 0.0)), (low, middle, high))
    low, middle, high = (log(anchor) for anchor in anchors)
    return 0.0 if x <= 0 else ramp(log(x), (low, middle, high))


def plateau(x: float, inside: tuple[float, float], outside: float) -> float:
    """1 between the two inner points, 0 at ±`outside`, linear between.

    >>> plateau(0.0, (-0.1, 0.4), 1.4), plateau(1.4, (-0.1, 0.4), 1.4)
    (1.0, 0.0)
    """
    low, high = inside
    if x < low:
        return max(0.0, (x + outside) / (low + outside))
    if x > high:
        return max(0.0, (outside - x) / (outside - high))
    return 1.0
