"""The glossary of features for pages, sentences and models: light, without the calculating engine.

Equal to the declarations (a test compares them); written by `manage.py lock_features`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from scoring.engine.features.lock import CATALOGUE_FILE, lock_digest

__all__ = ["MODEL_GRAIN", "Entry", "by_name", "entries", "informative", "lock_digest", "measured", "names"]

MODEL_GRAIN: Final = "model"


@dataclass(frozen=True, slots=True)
class Entry:
    """One feature as people and models see it. `risk` says how risk moves when the value grows.

    An `informative` one is measured and shown, and muted in the model.
    """

    name: str
    label: str
    doc: str
    family: str
    unit: str
    grain: str
    window_days: int | None
    risk: str
    actionable: bool
    low: float | None
    high: float | None
    empty: float | None
    population: bool
    informative: bool
    digest: str


@cache
def entries() -> tuple[Entry, ...]:
    """All features in column order, those computed with the model last."""
    return tuple(Entry(**entry) for entry in json.loads(CATALOGUE_FILE.read_text(encoding="utf-8")))


@cache
def by_name() -> Mapping[str, Entry]:
    """Entries by feature name."""
    return MappingProxyType({entry.name: entry for entry in entries()})


@cache
def names() -> tuple[str, ...]:
    """All column names in order, those computed with the model included."""
    return tuple(entry.name for entry in entries())


@cache
def informative() -> frozenset[str]:
    """Names of the columns that no model may weigh."""
    return frozenset(entry.name for entry in entries() if entry.informative)


@cache
def measured() -> tuple[Entry, ...]:
    """The features measured from evidence, in column order."""
    return tuple(entry for entry in entries() if entry.grain != MODEL_GRAIN)
