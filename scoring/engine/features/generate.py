"""Writes the derived files of `lock.py` from the declarations. Loads ibis: for the lock command and tests only."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from scoring.engine.features.catalogue import Entry
from scoring.engine.features.lock import CATALOGUE_FILE, GRAIN_MARK, LOCK_FILE, SQL_FILE
from scoring.engine.features.registry import Feature
from scoring.engine.features.statement import definition, features, grain_statements


def files() -> dict[str, str]:
    """Wanted text of each derived file, by file name."""
    entries = [entry_of(feature) for feature in features()]
    grains = grain_statements().items()
    return {
        LOCK_FILE.name: "".join(f"{entry.name} {entry.digest}\n" for entry in entries),
        SQL_FILE.name: "".join(f"{GRAIN_MARK}{name}\n{text}\n" for name, text in grains),
        CATALOGUE_FILE.name: json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=1) + "\n",
    }


def entry_of(feature: Feature) -> Entry:
    """The catalogue entry of a declaration."""
    return Entry(
        name=feature.name,
        label=feature.label,
        doc=feature.doc,
        family=feature.family.value,
        unit=feature.unit.value,
        grain=feature.grain.name,
        window_days=feature.window_days,
        risk=feature.risk.value,
        actionable=feature.actionable,
        low=feature.low,
        high=feature.high,
        empty=feature.empty,
        population=feature.population,
        informative=feature.informative,
        digest=hashlib.sha256(definition(feature).encode()).hexdigest(),
    )


def write(folder: Path = LOCK_FILE.parent) -> list[str]:
    """Write the files that changed; their names."""
    changed = []
    for name, text in files().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
