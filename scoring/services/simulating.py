"""What another scoring policy would make of everybody: nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scoring.engine.appraisal import Appraisal
from scoring.engine.policy import ScoringPolicy
from scoring.services.everybody import everybody


@dataclass(frozen=True)
class Numbers:
    """One answer in short; score, pd and band are empty where evidence is insufficient."""

    status: str
    score: int | None
    pd: float | None
    band: str


@dataclass(frozen=True)
class Rescored:
    """One business under the policy in force and under the other."""

    business_id: int
    before: Numbers
    after: Numbers


def rescore(*, document: Mapping[str, object], as_of: datetime) -> list[Rescored]:
    """Everybody under the policy in force and under `document`. Raises NoChampion, InvalidInput."""
    other, found = ScoringPolicy.from_document(document), everybody(as_of)
    if not found.standings:
        return []
    places = range(len(found.standings))
    now = found.appraised(places, found.policy, found.relief(found.policy.relief))
    then = found.appraised(places, other, found.relief(other.relief))
    return [
        Rescored(standing.business.pk, _numbers(before), _numbers(after))
        for (standing, before), (_, after) in zip(now, then, strict=True)
    ]


def _numbers(appraisal: Appraisal) -> Numbers:
    if appraisal.explanation is None:
        return Numbers(appraisal.status, None, None, "")
    score = appraisal.explanation.assessment.score
    return Numbers(appraisal.status, score.score, score.pd, score.band)
