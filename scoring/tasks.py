"""Scoring's ears. Each task calls the service of the same name and may run twice."""

import structlog
from celery import shared_task
from celery.signals import worker_process_init

from creditiq.kernel.clock import now
from creditiq.kernel.tasks import DeliveredTask
from scoring import services
from scoring.selectors.outcomes import matured_outcomes

log = structlog.get_logger()


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
    services.requeue_requests(at=now())


@shared_task(ignore_result=True)
def monitor_model(**_: object) -> None:
    """Every week: has the world moved, and how did its loans go? A house with too few scores has nothing to read."""
    moment = now()
    outcomes = [services.Outcome(one.gstin, one.since, one.defaulted) for one in matured_outcomes(moment)]
    try:
        services.monitor_model(as_of=moment, outcomes=outcomes)
    except (services.NoChampion, services.UnableToMonitor) as nothing:
        log.info("scoring.nothing_to_monitor", why=str(nothing))


@shared_task(ignore_result=True)
def take_up_policy(**_: object) -> None:
    """Every few minutes: a scoring policy that went live reads everybody's score."""
    services.take_up_policy(at=now())


@worker_process_init.connect
def warm(**_: object) -> None:
    """A worker loads the champion and the feature engine before its first task."""
    services.warm()
