"""Issue a score: load what is known, compute, store, audit, publish."""

import json
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Business, ConsentAct
from accounts.services import record_uses
from creditiq.kernel.clock import micros
from creditiq.kernel.errors import ApplicationError
from creditiq.kernel.events import publish
from creditiq.kernel.hashing import canonical_json
from scoring.engine.appraisal import Appraisal
from scoring.engine.explain import top_reasons
from scoring.engine.scorecard import UnableToExplain
from scoring.events import ScoreIssued
from scoring.models import RequestState, ScoreRequest, ScoreRun
from scoring.services.cards import BrokenModel, NoChampion
from scoring.services.dossiers import Standing, appraise_one, seen, standing_of
from scoring.services.shadows import in_service, keep_shadows, shadow_answers


class UnableToScore(ApplicationError):
    """The model could not answer; nothing was stored."""

    code = "unable_to_score"


def score_business(
    *,
    business_id: int,
    as_of: datetime,
    request_id: int | None = None,
    screening_id: int | None = None,
    consent_id: int | None = None,
) -> ScoreRun:
    """Issue a new answer from the evidence known at `as_of`; the same cause twice gives the earlier run.

    The cause is a request, a screening, a consent that ended, or else the moment. Completes every request that
    waited for the business. Raises UnableToScore.
    """
    cause = _cause(as_of, request=request_id, screening=screening_id, consent=consent_id)
    earlier = ScoreRun.objects.of(business_id).filter(cause=cause).first()
    if earlier is not None:
        return earlier
    business = Business.register.get(pk=business_id)
    waiting = ScoreRequest.objects.waiting().filter(business=business, requested_at__lte=as_of)
    waiting.update(state=RequestState.PROCESSING)
    try:
        standing = standing_of(business, in_service().serving_for(business), as_of)
        appraisal = appraise_one(standing)
    except (NoChampion, BrokenModel, UnableToExplain) as error:
        waiting.update(state=RequestState.FAILED, error="The score could not be computed; the team was told.")
        raise UnableToScore(f"Business {business_id} cannot be scored: {error}") from error
    return _issue(standing, appraisal, cause)


def _cause(as_of: datetime, **causes: int | None) -> str:
    named = (f"{kind}:{key}" for kind, key in causes.items() if key is not None)
    return next(named, f"as_of:{micros(as_of)}")


def _issue(standing: Standing, appraisal: Appraisal, cause: str) -> ScoreRun:
    told = shadow_answers([seen(standing, appraisal)], standing.policy.bands)[0] if appraisal.explanation else ()
    with transaction.atomic(durable=True):
        run, new = ScoreRun.objects.get_or_create(
            business=standing.business, cause=cause, defaults=run_fields(standing, appraisal)
        )
        if new:
            if standing.consent is not None:
                record_uses(
                    consent_ids=[standing.consent.pk], act=ConsentAct.SCORE, target=f"score:{run.uuid}", at=run.as_of
                )
            keep_shadows([(run, told)])
            audit.record("score.issued", target=run, at=standing.as_of, payload={"snapshot": run.sha256})
            publish(ScoreIssued(score_id=run.pk, business_id=run.business_id))
        _answer_waiting(run)
    return run


def _answer_waiting(run: ScoreRun) -> None:
    """Everybody who asked before the evidence was read has their answer now."""
    waiting = ScoreRequest.objects.waiting().filter(business_id=run.business_id, requested_at__lte=run.as_of)
    waiting.update(state=run.status, run=run)


def run_fields(standing: Standing, appraisal: Appraisal) -> dict[str, object]:
    """The columns of a run. Numbers come from the snapshot itself, so that page and replay agree."""
    issued = json.loads(appraisal.snapshot)
    fields: dict[str, object] = {
        "as_of": standing.as_of,
        "status": appraisal.status,
        "vector": issued["vector"],
        "gaps": [asdict(gap) for gap in appraisal.sufficiency.gaps],
        "coverage": appraisal.sufficiency.coverage,
        "maturity_months": appraisal.sufficiency.months,
        "model_version": standing.version,
        "answered_by": standing.answered_by,
        "lock": standing.version.lock,
        "screening_id": standing.screening_id,
        "consent": standing.consent,
        "policy_version": standing.policy_version,
        "snapshot": appraisal.snapshot,
        "sha256": appraisal.sha256,
    }
    if appraisal.explanation is None:
        return fields
    answer = json.loads(canonical_json(appraisal.shown))
    top = {reason.code for reason in top_reasons(appraisal.explanation.reasons)}
    return fields | {
        **asdict(appraisal.explanation.assessment.score),
        "score_without_amnesty": appraisal.without_amnesty.score if appraisal.without_amnesty else None,
        "imputed": issued.get("imputed", {}),
        "base_points": answer["base_points"],
        "contributions": {part["feature"]: part["points"] for part in answer["parts"]},
        "waterfall": answer["parts"],
        "reasons": [reason | {"top": reason["code"] in top} for reason in answer["reasons"]],
        "path": answer["path"],
    }
