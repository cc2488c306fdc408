"""Keep the policy's verdict on open applications current."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from lending.models import Assessment, LoanApplication
from lending.selectors.assessments import Assessed, assess
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
        rows = [assessment(application, assessed) for application, assessed in evaluated]
        Assessment.objects.bulk_create(rows, ignore_conflicts=True)
        payload = {"applications": [application.number for application, _ in evaluated]}
        audit.record("applications.assessed", target=evaluated[0][0].business, at=as_of, payload=payload)
    return rows


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
