"""Scoring's ears. Each task calls the service of the same name and may run twice."""

from celery import shared_task
from celery.signals import worker_process_init

from accounts.services import start_daily_job
from creditiq.kernel.clock import now
from creditiq.kernel.database_clock import database_now
from creditiq.kernel.tasks import DeliveredTask
from scoring import services


@shared_task(base=DeliveredTask)
def score_business(*, business_id: int, screening_id: int | None = None, **_: object) -> None:
    services.score_business(business_id=business_id, as_of=now(), screening_id=screening_id)


@shared_task(base=DeliveredTask)
def answer_request(*, request_id: int, **_: object) -> None:
    services.answer_request(request_id=request_id, as_of=now())


@shared_task(base=DeliveredTask)
def forget(*, business_id: int, consent_id: int, **_: object) -> None:
    services.forget(business_id=business_id, consent_id=consent_id, at=now())


@shared_task(ignore_result=True)
def requeue_requests(**_: object) -> None:
    """Every few seconds: nobody waits for a message that was lost."""
    services.requeue_requests(at=database_now())


@shared_task(ignore_result=True)
def refresh_scores(**_: object) -> None:
    """Every Monday: everybody is scored anew and the model is read, as a job that people can watch."""
    start_daily_job(work=services.refresh_scores_as_job.name, at=now())


@shared_task(ignore_result=True)
def review_outcomes(**_: object) -> None:
    """Every quarter: the model's figures on the outcomes that are known."""
    services.review_outcomes(at=now())


@shared_task(ignore_result=True)
def list_due_validations(**_: object) -> None:
    """Every year: models that have to be validated again."""
    services.list_due_validations(at=now())


@shared_task(ignore_result=True)
def take_up_policy(**_: object) -> None:
    """Every few minutes: a scoring policy that went live reads everybody's score."""
    services.take_up_policy(at=now())


@worker_process_init.connect
def warm(**_: object) -> None:
    """A worker loads the champion and the feature engine before its first task."""
    services.warm()
