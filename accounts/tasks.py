"""Work that accounts does when news arrives."""

from celery import shared_task

from accounts import inbox, services
from creditiq.kernel.clock import now
from creditiq.kernel.tasks import DeliveredTask


@shared_task(base=DeliveredTask)
def push(*, topic: str, business_id: int, **_: object) -> None:
    """Tell open pages of a business what happened; twice is harmless."""
    inbox.push(topic=topic, business_id=business_id)


@shared_task(base=DeliveredTask)
def send_mail(*, mail_id: int, **_: object) -> None:
    """Send one letter; a letter that is sent stays sent."""
    services.send_mail(mail_id=mail_id, at=now())


@shared_task(ignore_result=True)
def forget_expired_families(**_: object) -> None:
    """Every hour: delete API sessions that nobody can use any more."""
    services.forget_expired_families(at=now())


@shared_task(ignore_result=True)
def expire_consents(**_: object) -> None:
    """Every few minutes: close consents and requests whose time is over."""
    services.expire_consents(at=now())


@shared_task(ignore_result=True)
def expire_requests(**_: object) -> None:
    """Every few minutes: close requests for approval whose time is over."""
    services.expire_requests(at=now())


@shared_task(ignore_result=True)
def checkpoint_audit(**_: object) -> None:
    """Every hour: a Merkle root over what the audit chains gained."""
    services.checkpoint_audit(at=now())


@shared_task(ignore_result=True)
def verify_audit(**_: object) -> None:
    """Every night: recompute the whole audit trail."""
    services.verify_audit(at=now())
