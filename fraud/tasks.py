"""Fraud's ears. Each task calls the service of the same name and may run twice."""

from celery import shared_task

from creditiq.kernel.clock import now
from creditiq.kernel.tasks import DeliveredTask
from fraud import services


@shared_task(base=DeliveredTask)
def screen_business(*, business_id: int, **_: object) -> None:
    services.screen_business(business_id=business_id, as_of=now())


@shared_task(ignore_result=True)
def screen_population(**_: object) -> None:
    """Nightly: the full scan."""
    services.screen_population(as_of=now())
