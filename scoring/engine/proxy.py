"""The rules by which the source system labelled firms, held against outcomes that really came.

The source system started every firm at 0.5 and added or took a fixed amount for each rule that held, with missing
read as 0; above 0.5 the firm was labelled bad, and the model was trained on that label. Here the same sum stands as
one more opinion beside the model. Its luck (normal noise of 0.05) is left out: noise is no rule. Three limits are
told in our units: the payment ratio is a logarithm here, PageRank is multiplied by the number of firms, and the
structuring index is a z-score instead of a share.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.engine.sample import Sample

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

START: Final = 0.5
LEAST: Final = 0.05
MOST: Final = 0.95
PAGERANK: Final = "pagerank_score"


@dataclass(frozen=True)
class Condition:
    """`feature` strictly above or below `limit`; a missing value counts as 0, as it did there."""

    feature: str
    side: str
    limit: float

    def holds(self, sample: Sample) -> Flags:
        """(n,): where it holds; nowhere when the sample lacks the feature."""
        if self.feature not in sample.names:
            return np.zeros(len(sample), dtype=np.bool_)
        column = np.nan_to_num(sample.matrix[:, sample.names.index(self.feature)], nan=0.0)
        if self.feature == PAGERANK:
            column = column / max(np.unique(sample.business).size, 1)
        return np.asarray(column > self.limit if self.side == "above" else column < self.limit, dtype=np.bool_)

    def __str__(self) -> str:
        return f"{self.feature} {self.side} {self.limit:g}"


@dataclass(frozen=True)
class Rule:
    """All `conditions` together add `weight` to the risk."""

    weight: float
    conditions: tuple[Condition, ...]

    def holds(self, sample: Sample) -> Flags:
        """(n,): where every condition holds."""
        held = np.array([condition.holds(sample) for condition in self.conditions])
        return np.asarray(held.all(axis=0), dtype=np.bool_)

    def __str__(self) -> str:
        return f"{self.weight:+.2f} when {' and '.join(str(condition) for condition in self.conditions)}"


def _rule(weight: float, *conditions: tuple[str, str, float]) -> Rule:
    return Rule(weight, tuple(Condition(*condition) for condition in conditions))


RULES: Final[tuple[Rule, ...]] = (
    _rule(0.45, ("fraud_ring_flag", "above", 0.5)),
    _rule(-0.15, ("filing_compliance_rate", "above", 0.8), ("gst_30d_value", "above", 0.0)),
    _rule(0.20, ("filing_compliance_rate", "below", 0.3)),
    _rule(-0.10, ("upi_inbound_outbound_ratio_30d", "above", math.log(1.5))),
    _rule(0.15, ("upi_hhi_30d", "above", 0.6)),
    _rule(-0.10, ("cash_buffer_days", "above", 30.0)),
    _rule(0.15, ("cash_buffer_days", "below", 5.0), ("cash_buffer_days", "above", 0.0)),
    _rule(0.10, ("data_maturity_flag", "below", 1.0)),
    _rule(-0.08, ("months_active_gst", "above", 18.0)),
    _rule(0.12, ("months_active_gst", "below", 3.0)),
    _rule(0.12, ("debit_failure_rate_90d", "above", 0.2)),
    _rule(-0.08, ("statutory_payment_regularity_score", "above", 0.7)),
    _rule(0.15, ("gst_upi_receivables_gap", "above", 0.6)),
    _rule(0.20, ("ewb_smurfing_index", "above", 3.0)),
    _rule(0.25, (PAGERANK, "above", 0.1)),
)
"""The first is capped at 0.95 where it is added; the whole is kept between 0.05 and 0.95."""


def proxy_chances(sample: Sample) -> Floats:
    """(n,): what the rules say of each row, told as if it were a chance of default."""
    first, *others = RULES
    told = np.full(len(sample), START)
    told = np.where(first.holds(sample), np.minimum(told + first.weight, MOST), told)
    for rule in others:
        told = told + rule.weight * rule.holds(sample)
    return np.asarray(np.clip(told, LEAST, MOST), dtype=np.float64)
