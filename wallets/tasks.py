"""Work on evidence that happens after the answer was sent."""

from datetime import timedelta

from celery import shared_task

from creditiq.kernel.clock import now
from creditiq.kernel.tasks import DeliveredTask
from wallets import services


class ReadingTask(DeliveredTask):
    """Reading a large file may take a minute; the relay waits longer before it assumes a loss."""

    abstract = True
    lease = timedelta(minutes=5)


@shared_task(base=ReadingTask)
def parse_upload(*, upload_id: int, **_: object) -> None:
    services.parse_upload(upload_id=upload_id, at=now())
