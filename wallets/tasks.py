"""Work on evidence that happens after the answer was sent."""

from datetime import timedelta

from celery import shared_task

from accounts.models import Flag, FlagName
from creditiq.kernel.clock import now
from creditiq.kernel.tasks import DeliveredTask
from wallets import services


class ReadingTask(DeliveredTask):
    """Reading a million lines may take minutes on a busy machine; the relay waits longer before it assumes a loss."""

    abstract = True
    lease = timedelta(minutes=5)


@shared_task(base=ReadingTask, soft_time_limit=270, time_limit=290)
def parse_upload(*, upload_id: int, **_: object) -> None:
    services.parse_upload(upload_id=upload_id, at=now())


@shared_task(base=ReadingTask, soft_time_limit=270, time_limit=290)
def sync_wallet(*, wallet_id: int, **_: object) -> None:
    """Some pages of a wallet's history; a long one asks for itself again."""
    if Flag.objects.is_on(FlagName.BLOCKCHAIN):
        services.sync_wallet(wallet_id=wallet_id, at=now())


@shared_task(base=DeliveredTask)
def forget(*, business_id: int, **_: object) -> None:
    services.forget(business_id=business_id, at=now())


@shared_task(ignore_result=True, soft_time_limit=3_300, time_limit=3_600)
def write_lake(**_: object) -> None:
    """Nightly: what was learned since the last time goes into the Parquet lake."""
    services.write_lake(as_of=now())


@shared_task(ignore_result=True, soft_time_limit=250, time_limit=280)
def check_endpoints(**_: object) -> None:
    """Every five minutes: whether the configured nodes answer, and are of the chains they are configured for."""
    if Flag.objects.is_on(FlagName.BLOCKCHAIN):
        services.check_endpoints(at=now())
