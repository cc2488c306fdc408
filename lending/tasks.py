"""Work that lending does when news arrives."""

from datetime import timedelta

from celery import shared_task

from creditiq.kernel.clock import IST, now
from creditiq.kernel.tasks import DeliveredTask
from lending import services


@shared_task(base=DeliveredTask)
def redecide_open_applications(*, business_id: int, **_: object) -> None:
    """Evaluate the open applications of a business on its new score."""
    services.redecide_open_applications(business_id=business_id, as_of=now())


@shared_task(base=DeliveredTask)
def forget(*, business_id: int, consent_id: int, **_: object) -> None:
    services.forget(business_id=business_id, consent_id=consent_id, at=now())


@shared_task(base=DeliveredTask)
def run_eod(**_: object) -> None:
    """Close yesterday."""
    moment = now()
    services.run_eod(on=moment.astimezone(IST).date() - timedelta(days=1), at=moment)


@shared_task(base=DeliveredTask)
def prove_books(**_: object) -> None:
    """Prove the books of the closed day."""
    services.prove_books(at=now())
