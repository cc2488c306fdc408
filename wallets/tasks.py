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


@shared_task(ignore_result=True)
def give_up_readings(**_: object) -> None:
    """Every minute: refuse the files whose reading was set aside."""
    services.give_up_readings(at=now())


@shared_task(base=ReadingTask, soft_time_limit=270, time_limit=290)
def fetch_source(*, connection_id: int, **_: object) -> None:
    services.fetch_source(connection_id=connection_id, clock=now)


@shared_task(ignore_result=True)
def move_sources(**_: object) -> None:
    """Every minute: forget what ran out, ask again where an answer was being prepared."""
    services.move_sources(at=now())


@shared_task(base=ReadingTask, soft_time_limit=270, time_limit=290)
def sync_wallet(*, wallet_id: int, **_: object) -> None:
    """Some pages of a wallet's history; a long one asks for itself again."""
    if Flag.objects.is_on(FlagName.BLOCKCHAIN):
        services.sync_wallet(wallet_id=wallet_id, at=now())


@shared_task(base=DeliveredTask)
def look_over_wallet(*, wallet_id: int, **_: object) -> None:
    """A wallet's evidence changed: whether its holder should hear of something."""
    if Flag.objects.is_on(FlagName.BLOCKCHAIN):
        services.look_over_wallet(wallet_id=wallet_id, at=now())


@shared_task(base=ReadingTask, soft_time_limit=270, time_limit=290)
def look_over_wallets(*, first_id: int = 0, last_id: int = 0, **_: object) -> None:
    """A list of addresses changed: every wallet against it, a page at a time."""
    if not Flag.objects.is_on(FlagName.BLOCKCHAIN):
        return
    if last_id:
        services.look_over_wallets(at=now(), first_id=first_id, last_id=last_id)
    else:
        services.plan_looking_over()


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


@shared_task(base=DeliveredTask)
def send_transactions(*, transaction_id: int, **_: object) -> None:
    """A transaction waits: sign and send whatever does; twice is harmless."""
    services.send_transactions(at=now())


@shared_task(ignore_result=True)
def move_transactions(**_: object) -> None:
    """Every minute: what became of our transactions, and what is still to be sent."""
    moment = now()
    services.watch_transactions(at=moment)
    services.send_transactions(at=moment)


@shared_task(ignore_result=True)
def anchor_audit_root(**_: object) -> None:
    """Every morning at four: the audit trail's new checkpoints under one root, onto the chain."""
    services.anchor_audit_root(at=now())


@shared_task(ignore_result=True)
def publish_attestation_roots(**_: object) -> None:
    """When a UTC day is over: the root of what was attested on it."""
    services.publish_attestation_roots(at=now())
