"""The published model of the 0–900 score: weights, anchors, medians and limits in one versioned document."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from creditiq.kernel.hashing import digest
from wallets.engine.parameters.reading import Rule

HERE = Path(__file__).parent / "models"
SERVING = "onchain-1"


@dataclass(frozen=True)
class Model:
    """One version; `hash` is the SHA-256 of the canonical JSON of `document`."""

    version: str
    hash: str
    fewest_coverage: float
    fewest_transactions: int
    youngest_days: int
    rules: tuple[Rule, ...]
    document: Mapping[str, object]


def from_document(document: Mapping[str, object]) -> Model:
    """A model from its published document. Raises ValueError when the weights are not 100."""
    rows = document["parameters"]
    if not isinstance(rows, list):
        raise ValueError("parameters must be a list")
    rules = tuple(_rule(row) for row in rows)
    if round(sum(rule.weight for rule in rules), 9) != 100:
        raise ValueError("the weights must sum to 100")
    return Model(
        version=str(document["version"]),
        hash=digest(dict(document)),
        fewest_coverage=float(str(document["fewest_coverage"])),
        fewest_transactions=int(str(document["fewest_transactions"])),
        youngest_days=int(str(document["youngest_days"])),
        rules=rules,
        document=document,
    )


def _rule(row: Mapping[str, object]) -> Rule:
    anchors, logarithmic = row["anchors"], row["logarithmic"]
    if not isinstance(anchors, dict) or not isinstance(logarithmic, list):
        raise ValueError("anchors must be an object and logarithmic a list")
    return Rule(
        number=int(str(row["number"])),
        key=str(row["key"]),
        name=str(row["name"]),
        group=str(row["group"]),
        weight=float(str(row["weight"])),
        bonus=bool(row["bonus"]),
        median=float(str(row["median"])),
        anchors={name: (float(low), float(middle), float(high)) for name, (low, middle, high) in anchors.items()},
        logarithmic=frozenset(logarithmic),
    )


@cache
def serving() -> Model:
    """The version that is used now."""
    return from_document(json.loads((HERE / f"{SERVING}.json").read_text(encoding="utf-8")))
