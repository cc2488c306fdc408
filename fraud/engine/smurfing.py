"""Structuring: e-way bills kept just under the ₹50,000 line (features.md, `ewb_smurfing_index`)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from fraud.engine.graph import Ints

LAKH = 100_000 * 100
LOWER, LOW, LINE, UPPER = (round(share * LAKH) for share in (0.40, 0.45, 0.50, 0.55))
CHANCE = 1 / 3


@dataclass(frozen=True, slots=True)
class Structuring:
    """Bills just under the line against the bands on either side; `index` is None when no bill is near it."""

    bills: int
    under: int
    beside: int
    index: float | None

    @property
    def share(self) -> float:
        """Share of all bills that sit just under the line."""
        return self.under / self.bills if self.bills else 0.0


def structuring(value_paise: Ints) -> Structuring:
    """Excess of bills in [₹45k, ₹50k) over [₹40k, ₹45k) and [₹50k, ₹55k), as a binomial z-score.

    Without structuring a bill near the line falls in each of three bands of equal width with chance ⅓:
    z = (n − N/3) / √(N·⅓·⅔), N the bills of the three bands.

    >>> import numpy as np
    >>> structuring(np.array([46_000_00] * 9 + [42_000_00])).index
    3.801...
    """
    under = int(((value_paise >= LOW) & (value_paise < LINE)).sum())
    beside = int(((value_paise >= LOWER) & (value_paise < UPPER)).sum()) - under
    near = under + beside
    index = (under - near * CHANCE) / sqrt(near * CHANCE * (1 - CHANCE)) if near else None
    return Structuring(len(value_paise), under, beside, index)
