"""Which version scores a business, and what the versions in shadow would have said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import structlog

from accounts.models import Business
from scoring.engine.bands import Bands
from scoring.engine.scorecard import UnableToExplain
from scoring.engine.trial import challenged
from scoring.models import ModelVersion, ScoreRun, ShadowScore
from scoring.services.cards import BrokenModel, card_of, champion

log = structlog.get_logger()


@dataclass(frozen=True)
class InService:
    """The champion, and the challenger that scores its share of the businesses."""

    champion: ModelVersion
    challenger: ModelVersion | None

    def version_for(self, business: Business) -> ModelVersion:
        """By the hash of the business's public id, so that the same business always meets the same version."""
        rival = self.challenger
        chosen = rival is not None and challenged(str(business.uuid), rival.digest, rival.split)
        return rival if rival is not None and chosen else self.champion


def in_service() -> InService:
    """Who scores now; a challenger of other features than the champion's waits. Raises NoChampion."""
    serving = champion()
    return InService(serving, ModelVersion.objects.challenging().filter(lock=serving.lock).first())


@dataclass(frozen=True)
class Told:
    """A version's number for one vector."""

    version: ModelVersion
    score: int
    pd: float
    band: str


def shadow_answers(vectors: Sequence[Mapping[str, float | None]], bands: Bands) -> list[tuple[Told, ...]]:
    """What every version in shadow says to each vector, in `bands`; one that cannot is told to the log and left out."""
    told: list[tuple[Told, ...]] = [() for _ in vectors]
    if not vectors:
        return told
    names = tuple(vectors[0])
    matrix = np.array([[np.nan if row[name] is None else row[name] for name in names] for row in vectors], dtype=float)
    for version in ModelVersion.objects.shadowing().order_by("pk"):
        try:
            card = card_of(version).under(bands)
            assessments = card.assess(card.complete(names, matrix))
        except (BrokenModel, UnableToExplain) as broken:
            log.warning("scoring.shadow_is_silent", version=version.version, why=str(broken))
            continue
        for place, found in enumerate(assessments):
            told[place] += (Told(version, found.score.score, found.score.pd, found.score.band),)
    return told


def keep_shadows(answers: Sequence[tuple[ScoreRun, tuple[Told, ...]]]) -> None:
    """Store them beside their runs, inside the caller's transaction; twice changes nothing."""
    rows = [
        ShadowScore(run=run, version=told.version, score=told.score, pd=told.pd, band=told.band)
        for run, answer in answers
        for told in answer
    ]
    ShadowScore.objects.bulk_create(rows, ignore_conflicts=True)
