"""Rebuild what was scored and decided, from the evidence as known then, and compare byte for byte."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import Business, User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import InvalidInput, NotVisible
from lending.engine.record import differences
from lending.models import Decision
from lending.selectors.assessments import reassess
from lending.selectors.lookups import visible_decision, visible_score_run
from scoring import services as scoring
from scoring.models import ScoreRun


@dataclass(frozen=True)
class Difference:
    """One place where stored and rebuilt disagree; values as in the JSON."""

    path: str
    stored: object
    rebuilt: object


@dataclass(frozen=True)
class Replay:
    """The comparison. `subject` is the public id of what was replayed; identical means equal to the byte."""

    kind: str
    subject: str
    identical: bool
    stored_sha256: str
    rebuilt_sha256: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Subject:
    """What is to be replayed: a decision, a score, or the newest score of a business at a moment. Public ids."""

    decision: UUID | None = None
    score: UUID | None = None
    business: UUID | None = None
    as_of: datetime | None = None


def replay(*, subject: Subject, by: User, at: datetime) -> Replay:
    """Replay what the person may see and leave an audit entry with the answer.

    Raises Forbidden, NotVisible, and InvalidInput when the subject names nothing.
    """
    require(by, Capability.REPLAY)
    answer = _replay(subject, by, at)
    payload = {"identical": answer.identical, "rebuilt": answer.rebuilt_sha256}
    with transaction.atomic(durable=True):
        audit.record("replay.run", target=f"{answer.kind}:{answer.subject}", at=at, by=by, payload=payload)
    return answer


def _replay(subject: Subject, by: User, at: datetime) -> Replay:
    if subject.decision is not None:
        return replay_decision(decision=visible_decision(user=by, decision_id=subject.decision, at=at))
    if subject.score is not None:
        return replay_score(run=visible_score_run(user=by, score_id=subject.score))
    if subject.business is None or subject.as_of is None:
        raise InvalidInput(
            "Name a decision, a score, or a business with a moment.", field="decision_id", rule="replay.nothing"
        )
    business = Business.objects.visible_to(by, at).filter(uuid=subject.business).first()
    if business is None:
        raise NotVisible
    return replay_as_of(business=business, as_of=subject.as_of)


def replay_score(*, run: ScoreRun) -> Replay:
    """Rebuild a score from the evidence known at its as_of and its stored model version."""
    stored, rebuilt = bytes(run.snapshot), scoring.replay_score(run)
    return Replay(
        kind="score",
        subject=str(run.uuid),
        identical=stored == rebuilt and run.sha256 == _sha256(rebuilt),
        stored_sha256=run.sha256,
        rebuilt_sha256=_sha256(rebuilt),
        differences=_differences("score", stored, rebuilt),
    )


def replay_decision(*, decision: Decision) -> Replay:
    """Rebuild the score behind a decision and then the dossier and verdict of its moment; both must agree."""
    score = replay_score(run=decision.score_run) if decision.score_run else None
    stored = decision.snapshot.encode()
    rebuilt = reassess(decision, score_sha256=score.rebuilt_sha256 if score else "").encode()
    found = (*(score.differences if score else ()), *_differences("decision", stored, rebuilt))
    same = stored == rebuilt and decision.sha256 == _sha256(rebuilt)
    return Replay(
        kind="decision",
        subject=str(decision.uuid),
        identical=same and (score is None or score.identical),
        stored_sha256=decision.sha256,
        rebuilt_sha256=_sha256(rebuilt),
        differences=found,
    )


def replay_as_of(*, business: Business, as_of: datetime) -> Replay:
    """Rebuild the score that was the newest of a business at `as_of`. Raises NotVisible when there was none."""
    run = ScoreRun.objects.of(business.pk).known_at(as_of).newest_first().first()
    if run is None:
        raise NotVisible("There was no score of this business at that moment.")
    return replay_score(run=run)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _differences(part: str, stored: bytes, rebuilt: bytes) -> tuple[Difference, ...]:
    found = differences(json.loads(stored), json.loads(rebuilt), part)
    return tuple(Difference(path=path, stored=old, rebuilt=new) for path, old, new in found)
