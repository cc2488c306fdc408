"""From the features of a comparison to a probability that two names are of one bearer.

A published logistic for people and one for everything else, fitted on made-up pairs (tests/fraud/fit_names.py).
The margin is never cut, so two probabilities are equal only when all their evidence is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fraud.engine.names.comparison import FEATURES, Comparison, compare
from fraud.engine.names.normalise import Kind, Name, read_name

VERSION = "names-1"
NAMELESS = -20.0
"""The margin of a name without a letter or digit we can read: nothing speaks for it."""
THRESHOLD = 0.5
"""From here on a pair counts as a match."""

PERSON = {
    "intercept": -1.762, "covered_more": 2.683, "whole": 0.409, "conflict": -10.655, "clash": -5.203,
    "worst": -0.5, "forms": -0.6, "foreign": 0.691, "surprise": 0.4, "whole_close": 2.0, "replaced": -3.0,
}  # fmt: skip
ORGANISATION = {
    "intercept": -6.689, "covered_less": 5.617, "covered_more": 2.086, "whole": 0.243,
    "conflict": -12.906, "omitted": -6.058, "worst": -1.5, "forms": -4.5, "foreign": 3.037,
    "surprise": 0.4, "whole_close": 2.5, "replaced": -2.2, "numbers": -4.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """A comparison with its margin (log-odds) and what each feature adds to it."""

    comparison: Comparison
    margin: float
    parts: dict[str, float]

    @property
    def probability(self) -> float:
        """The logistic of the margin."""
        return logistic(self.margin)


def logistic(margin: float) -> float:
    """Strictly rising wherever a float can tell: margins stay below 30."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, margin))))


def judge(one: Name, other: Name) -> Verdict:
    """The published model on two names."""
    comparison = compare(one, other)
    if not one.words or not other.words:
        return Verdict(comparison, NAMELESS, {"nameless": NAMELESS})
    model = PERSON if "person" in (one.kind, other.kind) else ORGANISATION
    parts = {name: model.get(name, 0.0) * value for name, value in zip(FEATURES, comparison.features, strict=True)}
    return Verdict(comparison, model["intercept"] + sum(parts.values()), parts)


def judge_texts(one: str, other: str, kind: Kind) -> Verdict:
    """The same on names as written; of an unknown kind, the surer reading counts.

    >>> judge_texts("Sergei Lavrov", "Лавров Сергей", "person").probability > THRESHOLD
    True
    """
    if kind == "unknown":
        return max((judge_texts(one, other, read) for read in ("person", "organisation")), key=lambda v: v.margin)
    return judge(read_name(one, kind), read_name(other, kind))
