"""The facts a rule may name: their types, their words, and how they are read off a screening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from fraud.engine.population import NETWORK
from fraud.engine.typologies.findings import Finding
from fraud.engine.typologies.registry import TYPOLOGIES

FactType: TypeAlias = Literal["number", "text", "boolean"]
Value: TypeAlias = float | str | bool | None

FACTS: Mapping[str, FactType] = {
    **dict.fromkeys(NETWORK, "number"),
    **{f"typology.{name}": "number" for name in TYPOLOGIES},
    "findings": "number",
    "screening_complete": "boolean",
    "sector": "text",
    "state_code": "number",
    "constitution": "text",
}
"""Network values; the score of each typology (0: not found) and the number found; what the register says."""


def facts_of(
    network: Mapping[str, float | None], findings: Iterable[Finding], *, complete: bool, register: Mapping[str, Value]
) -> dict[str, Value]:
    """The facts of one business at one screening; a network value that is missing stays missing.

    >>> facts = facts_of({}, [Finding(1, "structuring", 0.9, (), ())], complete=True, register={})
    >>> facts["typology.structuring"], facts["findings"], facts["pagerank_score"]
    (0.9, 1.0, None)
    """
    scores = {f"typology.{name}": 0.0 for name in TYPOLOGIES}
    scores |= {f"typology.{finding.typology}": finding.score for finding in findings}
    known: dict[str, Value] = {name: network.get(name) for name in NETWORK}
    known |= scores
    known["findings"] = float(sum(score > 0 for score in scores.values()))
    known["screening_complete"] = complete
    return known | {name: register.get(name) for name in ("sector", "state_code", "constitution")}
