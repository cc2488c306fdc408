"""The policy applied to the facts: the verdict with the exact document that is stored and replayed."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NotRequired, TypedDict

from accounts.models import Business, PolicyVersion
from creditiq.kernel.hashing import canonical_json
from lending.engine.dossier import Dossier, Room
from lending.engine.record import filed, written
from lending.engine.verdict import Verdict, evaluate
from lending.models import Decision, LoanApplication
from lending.selectors.dossiers import Then, dossier
from lending.selectors.policies import PolicyInForce, policy_at, policy_of
from lending.selectors.standings import standing_again
from scoring.models import ScoreRun


@dataclass(frozen=True)
class Assessed:
    """One evaluation. `document` is canonical JSON of the dossier, the policy version and the verdict."""

    run: ScoreRun | None
    policy: PolicyVersion | None
    at: datetime
    verdict: Verdict
    document: str

    @property
    def sha256(self) -> str:
        """Digest of the document."""
        return hashlib.sha256(self.document.encode()).hexdigest()


def assess(
    *,
    business: Business,
    run: ScoreRun | None,
    at: datetime,
    application: LoanApplication | None = None,
    from_records: bool = False,
) -> Assessed:
    """Evaluate the business, or its application, on the score `run` by the policy in force at `at`.

    What is decided on is read `from_records`; pages may use the flows kept for the score.
    """
    facts = dossier(business=business, run=run, at=at, application=application, from_records=from_records)
    rules = policy_at(at)
    verdict = evaluate(facts, rules.policy)
    document = _document(facts, rules, verdict, at, run.sha256 if run else "")
    return Assessed(run=run, policy=rules.row, at=at, verdict=verdict, document=document)


class _StoredFraud(TypedDict):
    screening: int | None


class _StoredRoom(TypedDict):
    name: str
    cap: str
    used: str


class _StoredDossier(TypedDict):
    fraud: _StoredFraud
    rooms: NotRequired[list[_StoredRoom]]


class _Stored(TypedDict):
    """What a replay takes from the stored document: which screening was read, and what the bank had lent by then.

    Everything else is read again.
    """

    dossier: _StoredDossier


def reassess(decision: Decision, *, score_sha256: str) -> str:
    """The document of a stored decision, rebuilt from the records; `score_sha256` is that of the rebuilt score."""
    application, at = decision.application, decision.at
    stored: _Stored = json.loads(decision.snapshot)
    facts = dossier(
        business=application.business,
        run=decision.score_run,
        at=at,
        application=application,
        from_records=True,
        then=Then(
            fraud=standing_again(
                business_id=application.business_id, screening_id=stored["dossier"]["fraud"]["screening"], at=at
            ),
            rooms=tuple(
                Room(room["name"], Decimal(room["cap"]), Decimal(room["used"]))
                for room in stored["dossier"].get("rooms", [])
            ),
        ),
    )
    rules = policy_of(decision.policy)
    return _document(facts, rules, evaluate(facts, rules.policy), at, score_sha256)


def _document(facts: Dossier, rules: PolicyInForce, verdict: Verdict, at: datetime, score_sha256: str) -> str:
    return canonical_json(
        {
            "at": at,
            "score_sha256": score_sha256,
            "dossier": filed(facts),
            "policy": {"version": rules.version, "sha256": rules.digest},
            "verdict": written(verdict),
        }
    ).decode()
