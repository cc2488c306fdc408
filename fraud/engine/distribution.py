"""How the values of e-way bills are spread around the ₹50,000 line, against what no structuring would give."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fraud.engine.graph import Ints
from fraud.engine.smurfing import LINE, LOW

Floats = npt.NDArray[np.float64]
BIN = 2_500 * 100
FIRST, LAST = 20_000 * 100, 80_000 * 100
DEGREE = 2
LEAST = 12
"""Fewer bills outside the band than this say nothing about a trend."""


class Bin(NamedTuple):
    """Bills of ₹ [low, high), in paise; `expected` by the neighbouring values, None when there are too few to say."""

    low: int
    high: int
    bills: int
    expected: float | None
    just_under: bool

    @property
    def low_rupees(self) -> int:
        return self.low // 100

    @property
    def high_rupees(self) -> int:
        return self.high // 100


def distribution(value_paise: Ints) -> tuple[Bin, ...]:
    """Bills per ₹2,500 from ₹20,000 to ₹80,000 with the curve expected in the absence of structuring.

    The curve is a polynomial of degree 2 through the counts outside [₹45,000, ₹50,000), the way bunching at a
    threshold is measured (Chetty, Friedman, Olsen and Pistaferri 2011); negative values are cut at zero.

    >>> bins = distribution(np.array([3_000_000] * 20 + [4_600_000] * 9))
    >>> [one.bills for one in bins if one.just_under]
    [9, 0]
    """
    edges = np.arange(FIRST, LAST + BIN, BIN)
    counts = np.histogram(value_paise, bins=edges)[0]
    # numpy closes the last bin; a bill of exactly the upper edge lies outside ours
    counts[-1] -= int((value_paise == LAST).sum())
    band = (edges[:-1] >= LOW) & (edges[:-1] < LINE)
    curve = _curve(counts, band)
    return tuple(
        Bin(int(low), int(low) + BIN, int(bills), None if curve is None else float(curve[at]), bool(band[at]))
        for at, (low, bills) in enumerate(zip(edges[:-1], counts, strict=True))
    )


def _curve(counts: Ints, band: npt.NDArray[np.bool_]) -> Floats | None:
    outside = ~band
    if int(counts[outside].sum()) < LEAST:
        return None
    at = np.linspace(-1.0, 1.0, len(counts))
    fitted = np.polynomial.Polynomial.fit(at[outside], counts[outside].astype(float), DEGREE, domain=[-1, 1])
    curve: Floats = np.maximum(fitted(at), 0.0)
    return curve
