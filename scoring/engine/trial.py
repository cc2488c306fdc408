"""A fair trial of two models: who is scored by which, and how many it takes to tell them apart."""

import hashlib
import math
from statistics import NormalDist

POWER = 0.8
LEVEL = 0.05


def share_of(business: str, trial: str) -> float:
    """Where a business stands in [0, 1) for a trial: SHA-256 of both names, so the split needs no memory.

    >>> share_of("a", "x") == share_of("a", "x"), share_of("a", "x") == share_of("a", "y")
    (True, False)
    """
    digest = hashlib.sha256(f"{trial}:{business}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2.0**64


def challenged(business: str, trial: str, split: float) -> bool:
    """Whether the challenger scores this business."""
    return share_of(business, trial) < split


def businesses_needed(rate: float, difference: float, split: float) -> int:
    """Businesses in both arms together that show a difference of two default rates with power 80 % at 5 %.

    Two-sided test of two proportions without continuity correction (Fleiss, Levin, Paik 2003, §4.2), the arms in
    the proportion split : 1 − split. ValueError when rate, difference or split leave no two different arms.

    >>> businesses_needed(0.10, 0.05, 0.5)
    869
    """
    other = rate - difference
    if not (0 < rate < 1 and 0 < other < 1 and 0 < split < 1 and difference):
        raise ValueError("rate, rate − difference and split lie between 0 and 1, and the difference is not 0")
    normal = NormalDist()
    pooled = split * other + (1.0 - split) * rate
    chance = normal.inv_cdf(1.0 - LEVEL / 2) * math.sqrt(pooled * (1.0 - pooled) / (split * (1.0 - split)))
    found = normal.inv_cdf(POWER) * math.sqrt(other * (1.0 - other) / split + rate * (1.0 - rate) / (1.0 - split))
    return math.ceil(((chance + found) / difference) ** 2)


def power_of(rate: float, difference: float, split: float, businesses: int) -> float:
    """Chance that a trial of this size shows the difference; the reverse of `businesses_needed`.

    >>> round(power_of(0.10, 0.05, 0.5, 869), 2)
    0.8
    """
    other, normal = rate - difference, NormalDist()
    pooled = split * other + (1.0 - split) * rate
    chance = normal.inv_cdf(1.0 - LEVEL / 2) * math.sqrt(pooled * (1.0 - pooled) / (split * (1.0 - split)))
    spread = math.sqrt(other * (1.0 - other) / split + rate * (1.0 - rate) / (1.0 - split))
    return normal.cdf((abs(difference) * math.sqrt(businesses) - chance) / spread)
