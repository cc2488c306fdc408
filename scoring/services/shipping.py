"""The version that ships with the code, so that a new house can score before it has trained anything."""

import json
import shutil
from datetime import datetime
from pathlib import Path

from scoring.engine import artefacts
from scoring.engine.features import catalogue
from scoring.services.training import Developed, Development, Tell, TrainingReport, develop, register

SHIPPED = Path(__file__).resolve().parents[1] / "artefacts"
FIGURES = "figures.json"
"""Beside the version, not of it: what its training told."""


def register_shipped(*, at: datetime) -> TrainingReport | None:
    """Register the shipped version when it reads the features of today; None when there is none that does.

    Raises BrokenArtefacts for files that are not what their manifest names.
    """
    for folder in sorted(path.parent for path in SHIPPED.glob(f"*/{artefacts.MANIFEST}")):
        packed = artefacts.read(folder)
        if lock_of(packed) == catalogue.lock_digest():
            figures: dict[str, object] = json.loads((folder / FIGURES).read_bytes())
            return register(developed=Developed(packed, figures), at=at)
    return None


def lock_of(packed: artefacts.Artefacts) -> object:
    """Digest of the features a version was trained on."""
    return packed.document("calibration.json").get("lock")


def ship(*, world: Development, tell: Tell) -> Path:
    """Train as ever and put the version where the code ships it, in place of the one before."""
    developed = develop(world=world, tell=tell)
    folder = SHIPPED / developed.packed.digest[:8]
    for stale in SHIPPED.glob("*/"):
        shutil.rmtree(stale)
    artefacts.write(developed.packed, folder)
    figures = json.dumps(dict(developed.figures), sort_keys=True, indent=1)
    (folder / FIGURES).write_text(f"{figures}\n", encoding="utf-8")
    return folder
