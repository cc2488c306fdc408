"""A disclosed reason must be true of the model: repair it, and the score moves as was said.

Repair of what hurts: the value becomes that of healthy firms' best tenth. Of what helps: that of their worst. Reasons
of a refusal are told only when this was tried and held.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from scoring.engine.explain import RAISES_RISK, Reason
from scoring.engine.levers import within
from scoring.engine.paper_card import Card

MOST_ADVERSE: Final = 4
LEAST_EFFECT: Final = 0.5
"""Points: what rounds to nothing is no reason."""


def moves_as_said(card: Card, row: Sequence[float], reason: Reason, *, sector: str) -> bool:
    """Whether repairing the reason raises the score where it hurt, or lowers it where it helped."""
    if not reason.repairable:
        return False
    place = card.names.index(reason.feature)
    column = card.columns[place]
    quantiles = card.peers.quantiles(column.name, sector)
    if quantiles is None:
        return False
    hurts = reason.direction == RAISES_RISK
    best, worst = (quantiles[0], quantiles[-1]) if column.risk == "rises" else (quantiles[-1], quantiles[0])
    matrix = np.repeat(np.asarray(row, dtype=np.float64)[None, :], 2, axis=0)
    matrix[1, place] = within(column, best if hurts else worst)
    now, repaired = card.points(matrix)
    return repaired > now if hurts else repaired < now


def adverse_reasons(card: Card, row: Sequence[float], reasons: Sequence[Reason], *, sector: str) -> tuple[Reason, ...]:
    """At most four reasons that lowered the score, strongest first, each tried on the model and found true."""
    hurting = (reason for reason in reasons if reason.direction == RAISES_RISK and reason.points <= -LEAST_EFFECT)
    proven = [reason for reason in hurting if moves_as_said(card, row, reason, sector=sector)]
    return tuple(proven[:MOST_ADVERSE])
