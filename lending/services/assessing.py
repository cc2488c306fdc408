"""Keep the policy's verdict on open applications current."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from fraud import selectors as fraud
from lending.models import ApplicationState, Assessment, LoanApplication, Step
from lending.selectors.assessments import Assessed, assess
from lending.services.moving import follow, lock
from scoring import selectors as scoring


def redecide_open_applications(*, business_id: int, as_of: datetime) -> list[Assessment]:
    """Evaluate every open application of the business on its newest score.

    Adds verdicts and changes nothing a person decided. An application that has a verdict on that score keeps it.
    """
    run = scoring.latest_run(business_id=business_id)
    open_ones = LoanApplication.objects.undecided().filter(business=business_id)
    waiting = open_ones.exclude(assessments__score_run=run) if run else open_ones.none()
    evaluated = [
        (application, assess(business=application.business, run=run, at=as_of, application=application))
        for application in waiting.select_related("business", "product").order_by("pk")
    ]
    if not evaluated:
        return []
    with transaction.atomic(durable=True):
        for application, assessed in evaluated:
            go_on(lock(application), assessed, as_of)
        rows = [assessment(application, assessed) for application, assessed in evaluated]
        Assessment.objects.bulk_create(rows, ignore_conflicts=True)
        payload = {"applications": [application.number for application, _ in evaluated]}
        audit.record("applications.assessed", target=evaluated[0][0].business, at=as_of, payload=payload)
    return rows


def redecide_everybody(*, as_of: datetime) -> int:
    """The same for every business with an open application, after everybody was scored. Returns how many verdicts."""
    waiting = LoanApplication.objects.undecided().order_by("business_id").values_list("business_id", flat=True)
    return sum(len(redecide_open_applications(business_id=business, as_of=as_of)) for business in waiting.distinct())


def resume_screened(*, at: datetime) -> int:
    """Go on with applications that waited for the fraud desk, when it has decided. Returns how many went on."""
    waiting = LoanApplication.objects.filter(state=ApplicationState.SCREENING).select_related("business", "product")
    moved = 0
    for application in waiting.order_by("pk"):
        run = scoring.latest_run(business_id=application.business_id)
        assessed = assess(business=application.business, run=run, at=at, application=application)
        with transaction.atomic(durable=True):
            locked = lock(application)
            go_on(locked, assessed, at)
            moved += locked.state != application.state
    return moved


def go_on(application: LoanApplication, assessed: Assessed, at: datetime) -> None:
    """Take the product's own steps of a locked application as far as they lead.

    It waits in screening while a match is open or there is no score. Only hard policy, a confirmed ring, declines
    without a person.
    """
    if application.state == ApplicationState.SUBMITTED:
        follow(application, Step.SCREEN, by=None, at=at)
    standing = fraud.standing(business_id=application.business_id)
    if application.state == ApplicationState.SCREENING and _is_screened(standing) and assessed.run is not None:
        follow(application, Step.SCORE, by=None, at=at)
    if application.state == ApplicationState.SCORED:
        hard = "fraud.confirmed" in assessed.verdict.reasons
        follow(application, Step.AUTO_DECLINE if hard else Step.REVIEW, by=None, at=at)


def _is_screened(standing: fraud.Standing) -> bool:
    return standing.screening_id is not None and (standing.confirmed or not standing.held)


def assessment(application: LoanApplication, assessed: Assessed) -> Assessment:
    """The row that keeps an evaluation of an application; not saved."""
    working = application.product.facility == "working_capital"
    limit = assessed.verdict.limit.working_capital if working else assessed.verdict.limit.term_loan
    return Assessment(
        application=application,
        score_run=assessed.run,
        policy=assessed.policy,
        as_of=assessed.at,
        outcome=assessed.verdict.outcome,
        reasons=list(assessed.verdict.reasons),
        limit=limit.amount,
        document=assessed.document,
        sha256=assessed.sha256,
    )
