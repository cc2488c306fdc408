"""How sure we are that a business knowingly takes part in a ring: a logistic model of five monotone quantities."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log1p
from typing import NamedTuple

# Fitted on simulated truth with every sign constrained: tests/fraud/fit_confidence.py, which also prints reliability.
INTERCEPT = -1.68
RECURRENCE = 1.60
RETENTION = 4.52
CONCENTRATION = 7.15
HOP_HOURS = -1.50
GOODS_SUPPORT = -4.61


class Reliability(NamedTuple):
    """Of the members of rings told a confidence between `low` and `high`: how many, the mean told, the share guilty."""

    low: float
    high: float
    accounts: int
    told: float
    guilty: float


RELIABILITY = (
    Reliability(0.0, 0.1, 477, 0.0101, 0.0),
    Reliability(0.1, 0.25, 18, 0.157, 0.1667),
    Reliability(0.25, 0.5, 8, 0.3745, 0.5),
    Reliability(0.5, 0.75, 10, 0.6492, 0.8),
    Reliability(0.75, 0.9, 25, 0.8327, 1.0),
    Reliability(0.9, 1.0, 2487, 0.997, 1.0),
)
"""Five held-out simulated worlds, screened every fortnight; the same script prints it."""


@dataclass(frozen=True, slots=True)
class RingReading:
    """A ring as seen from one member.

    `recurrence` is the weighted number of edge-disjoint cycles through it in the ring window, `retention` their mean
    smallest ÷ largest hop, `concentration` the share of its own transfers that took part, `hop_hours` the median
    pace, `goods_support` the share of the ring's payments that documents explain.
    """

    recurrence: float
    retention: float
    concentration: float
    hop_hours: float
    goods_support: float

    def terms(self) -> tuple[float, float, float, float, float]:
        """The quantities on the scale of the model: recurrence and hours by log(1 + x)."""
        return (
            log1p(self.recurrence),
            self.retention,
            self.concentration,
            log1p(self.hop_hours),
            self.goods_support,
        )


def confidence(reading: RingReading) -> float:
    """Calibrated probability 1 / (1 + e^−z), z linear in the terms.

    >>> weak = RingReading(1, 0.4, 0.02, 20, 1.0)
    >>> strong = RingReading(8, 0.9, 0.6, 4, 0.0)
    >>> confidence(weak) < 0.1 < 0.9 < confidence(strong)
    True
    """
    return 1 / (1 + exp(-INTERCEPT - sum(log_odds(reading))))


def log_odds(reading: RingReading) -> tuple[float, ...]:
    """What each quantity adds to the log-odds, in the order of the reading's fields."""
    weights = (RECURRENCE, RETENTION, CONCENTRATION, HOP_HOURS, GOODS_SUPPORT)
    return tuple(weight * term for weight, term in zip(weights, reading.terms(), strict=True))
