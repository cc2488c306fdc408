"""Which version scores a business, and what the versions in shadow would have said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import structlog

from accounts.models import Business
from scoring.engine.bands import Bands
from scoring.engine.completion import MissingColumn
from scoring.engine.estimating import read_rows
from scoring.engine.scorecard import UnableToExplain
from scoring.engine.trial import challenged
from scoring.engine.turnover import Cell
from scoring.models import AnsweredBy, ModelVersion, ScoreRun, ShadowScore
from scoring.selectors import stand_in
from scoring.services.cards import BrokenModel, NoChampion, card_of

log = structlog.get_logger()


@dataclass(frozen=True)
class Serving:
    """What answers: a version, by its model or by its points table (`AnsweredBy`)."""

    version: ModelVersion
    answered_by: str


@dataclass(frozen=True)
class InService:
    """The champion, or the points table in its place, and the challenger that scores its share of the businesses."""

    first: Serving
    challenger: ModelVersion | None

    def serving_for(self, business: Business) -> Serving:
        """By the hash of the business's public id, so that the same business always meets the same version."""
        rival = self.challenger
        chosen = rival is not None and challenged(str(business.uuid), rival.digest, rival.split)
        return Serving(rival, AnsweredBy.MODEL) if rival is not None and chosen else self.first


def in_service() -> InService:
    """Who scores now; a challenger of other features than the champion's waits. Raises NoChampion."""
    first = first_in_service()
    return InService(first, ModelVersion.objects.challenging().filter(lock=first.version.lock).first())


def first_in_service() -> Serving:
    """The champion; while it is suspended and no former one serves, the points table of the version that served last.

    Raises NoChampion where neither reads the features of today.
    """
    serving = ModelVersion.objects.serving().first()
    if serving is not None:
        return Serving(serving, AnsweredBy.MODEL)
    last = stand_in()
    if last is None:
        raise NoChampion("No model version is in service yet.")
    return Serving(last, AnsweredBy.SCORECARD)


@dataclass(frozen=True)
class Told:
    """A version's number for one vector."""

    version: ModelVersion
    score: int
    pd: float
    band: str


@dataclass(frozen=True)
class Seen:
    """A vector with whom its firm is compared, and the kinds of evidence the firm shares."""

    vector: Mapping[str, float | None]
    cell: Cell
    kinds: tuple[str, ...]


def shadow_answers(seen: Sequence[Seen], bands: Bands) -> list[tuple[Told, ...]]:
    """What every version in shadow says to each vector, in `bands`; one that cannot is told to the log and left out."""
    told: list[tuple[Told, ...]] = [() for _ in seen]
    if not seen:
        return told
    names = tuple(seen[0].vector)
    rows = [[np.nan if each.vector[name] is None else each.vector[name] for name in names] for each in seen]
    matrix = np.array(rows, dtype=float)
    for version in ModelVersion.objects.shadowing().order_by("pk"):
        try:
            card = card_of(version).under(bands)
            completed = card.complete(names, matrix, [each.cell for each in seen])
            assessments = read_rows(card, completed, [each.kinds for each in seen]).assess(card)
        except (BrokenModel, UnableToExplain, MissingColumn) as broken:
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
