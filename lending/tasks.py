"""Work that lending does when news arrives."""

from celery import shared_task

from creditiq.kernel.clock import now
from creditiq.kernel.tasks import DeliveredTask
from lending import services


@shared_task(base=DeliveredTask)
def redecide_open_applications(*, business_id: int, **_: object) -> None:
    """Evaluate the open applications of a business on its new score."""
    services.redecide_open_applications(business_id=business_id, as_of=now())


@shared_task(base=DeliveredTask)
def forget(*, business_id: int, consent_id: int, **_: object) -> None:
    services.forget(business_id=business_id, consent_id=consent_id, at=now())
