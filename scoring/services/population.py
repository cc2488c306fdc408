"""Score everybody in one vectorised pass: the same rows as the live path, bit for bit."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import ConsentAct
from accounts.services import record_uses
from creditiq.kernel.clock import micros
from scoring.engine.appraisal import Appraisal
from scoring.models import ScoreRun
from scoring.services.dossiers import Standing, seen
from scoring.services.everybody import everybody
from scoring.services.scoring import run_fields
from scoring.services.shadows import keep_shadows, shadow_answers

BATCH = 100
Tell = Callable[[int, int], object]


def score_population(*, as_of: datetime, tell: Tell = lambda _done, _total: None) -> int:
    """Score every business with a live consent to the platform; what this as_of already has stays.

    Measured in one pass, issued batch by batch: stopped half-way, the same call goes on where it stopped. `tell`
    hears after every batch how many of how many are scored. One audit entry for the act. Returns how many runs are
    new. Raises NoChampion.
    """
    found, cause = everybody(as_of), f"as_of:{micros(as_of)}"
    if not found.standings:
        return 0
    relief = found.relief(found.policy.relief)
    issued = set(ScoreRun.objects.filter(cause=cause).values_list("business_id", flat=True))
    left = [place for place, standing in enumerate(found.standings) if standing.business.pk not in issued]
    for start in range(0, len(left), BATCH):
        chosen = left[start : start + BATCH]
        _store(list(found.appraised(chosen, found.policy, relief)), cause, as_of)
        tell(len(issued) + start + len(chosen), len(found.standings))
    new = ScoreRun.objects.filter(cause=cause).count() - len(issued)
    with transaction.atomic(durable=True):
        payload = {"runs": len(found.standings), "new": new}
        audit.record("score.population", target=cause, at=as_of, payload=payload)
    return new


def _store(answers: list[tuple[Standing, Appraisal]], cause: str, as_of: datetime) -> None:
    """One batch, whole or not at all; a run that somebody else issued meanwhile stays."""
    runs = [
        ScoreRun(business=standing.business, cause=cause, **run_fields(standing, appraisal))
        for standing, appraisal in answers
    ]
    consents = [run.consent_id for run in runs if run.consent_id is not None]
    numbered = [(run.business_id, each) for run, each in zip(runs, answers, strict=True) if run.score]
    shown = [seen(standing, appraisal) for _, (standing, appraisal) in numbered]
    told = dict(
        zip(
            [key for key, _ in numbered],
            shadow_answers(shown, answers[0][0].policy.bands),
            strict=True,
        )
    )
    with transaction.atomic(durable=True):
        ScoreRun.objects.bulk_create(runs, ignore_conflicts=True)
        if any(told.values()):
            stored = ScoreRun.objects.filter(cause=cause, business_id__in=told).only("pk", "business_id")
            keep_shadows([(run, told[run.business_id]) for run in stored])
        record_uses(consent_ids=consents, act=ConsentAct.SCORE, target=cause, at=as_of)
