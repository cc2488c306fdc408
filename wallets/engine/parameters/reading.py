"""What a parameter says of a ledger, and the rule it is judged by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wallets.engine.ledger import Ledger
from wallets.engine.parameters.transforms import log_ramp, ramp

Anchors = tuple[float, float, float]


@dataclass(frozen=True)
class Rule:
    """The row of the published model: weight of 100, median of the reference population, anchors by quantity."""

    number: int
    key: str
    name: str
    group: str
    weight: float
    bonus: bool
    median: float
    anchors: Mapping[str, Anchors] = field(default_factory=dict)
    logarithmic: frozenset[str] = frozenset()

    def judge(self, quantity: str, x: float | None) -> float | None:
        """The transform of one quantity; None for an unknown one."""
        if x is None:
            return None
        anchors = self.anchors[quantity]
        return log_ramp(x, anchors) if quantity in self.logarithmic else ramp(x, anchors)


@dataclass(frozen=True)
class Reading:
    """Raw quantities by name, the judgement in [0, 1] (None: nothing to judge) and the covered share of it."""

    values: Mapping[str, float | None]
    score: float | None
    coverage: float


Parameter = Callable[[Ledger, Rule], Reading]


def judged(rule: Rule, values: Mapping[str, float | None], coverage: float) -> Reading:
    """The mean of the judgements of the quantities that have anchors and are known; nothing known, nothing covered."""
    scores = [score for name in rule.anchors if (score := rule.judge(name, values[name])) is not None]
    if not scores:
        return Reading(values, None, 0.0)
    return Reading(values, sum(scores) / len(scores), coverage * len(scores) / len(rule.anchors))
