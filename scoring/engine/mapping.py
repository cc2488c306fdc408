"""How a calibrated log-odds reads as a score: 660 + 40·log₂(odds/30), odds = (1 − PD)/PD.

Every 40 points double the odds of staying good; 660 stands for odds of 30 to 1.
The reading is linear in the log-odds, so contributions in points add up exactly.
"""

import math
from decimal import ROUND_HALF_UP, Decimal

from scoring.engine.bands import SCORE_HIGH, SCORE_LOW

ANCHOR_SCORE = 660.0
ANCHOR_ODDS = 30.0
POINTS_TO_DOUBLE = 40.0

POINTS_PER_LOG_ODDS = -POINTS_TO_DOUBLE / math.log(2.0)
POINTS_AT_EVEN_ODDS = ANCHOR_SCORE - POINTS_TO_DOUBLE * math.log2(ANCHOR_ODDS)


def points_of(log_odds: float) -> float:
    """Unrounded, unclipped points of the log-odds of default ln(PD/(1 − PD)).

    >>> [round(points_of(math.log(pd / (1 - pd)))) for pd in (0.01, 0.02, 0.05, 0.10, 0.20, 0.40)]
    [729, 688, 634, 591, 544, 487]
    """
    return POINTS_AT_EVEN_ODDS + POINTS_PER_LOG_ODDS * log_odds


def pd_of(points: float) -> float:
    """The probability of default that reads as `points`; the inverse of `points_of`.

    >>> round(pd_of(660.0), 6) == round(1 / 31, 6)
    True
    """
    odds = ANCHOR_ODDS * math.exp2((points - ANCHOR_SCORE) / POINTS_TO_DOUBLE)
    return 1.0 / (1.0 + odds)


def linear_score(pd: float) -> int:
    """What an older system's linear map makes of a probability of default: 900 − 600·PD, for those who move over.

    >>> [linear_score(pd) for pd in (0.05, 0.10, 0.33, 0.50)]
    [870, 840, 702, 600]
    """
    return rounded(round(float(SCORE_HIGH) - 600.0 * pd, 6))


def clip(points: float) -> float:
    """Points held inside 300–900."""
    return min(max(points, float(SCORE_LOW)), float(SCORE_HIGH))


def rounded(points: float) -> int:
    """The published integer: clipped, then rounded half up.

    >>> rounded(649.5), rounded(12.0), rounded(1000.0)
    (650, 300, 900)
    """
    return int(Decimal(repr(clip(points))).quantize(Decimal(1), rounding=ROUND_HALF_UP))
