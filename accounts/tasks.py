"""Work that accounts does when news arrives."""

from datetime import timedelta

from celery import shared_task

from accounts import inbox, services
from accounts.services import breaches, calling, usage, webhooks
from creditiq.kernel.clock import now
from creditiq.kernel.database_clock import database_now
from creditiq.kernel.tasks import DeliveredTask

JOB_LEASE = timedelta(minutes=3)
"""Longer than the hard time limit of a task, so that no second worker takes a job that still runs."""


@shared_task(base=DeliveredTask)
def push(*, topic: str, business_id: int, **_: object) -> None:
    """Tell open pages of a business what happened; twice is harmless."""
    inbox.push(topic=topic, business_id=business_id)


@shared_task(base=DeliveredTask)
def send_mail(*, mail_id: int, **_: object) -> None:
    """Send one letter; a letter that is sent stays sent."""
    services.send_mail(mail_id=mail_id, at=now())


@shared_task(base=DeliveredTask)
def tell_members(*, topic: str, business_id: int, **ids: int | str) -> None:
    """Put an event into the trays of everybody who speaks for its business; twice is harmless."""
    services.tell_members(topic=topic, business_id=business_id, ids=ids, at=now())


@shared_task(base=DeliveredTask)
def tell_maker(*, approval_id: int, **_: object) -> None:
    """Tell whoever asked for an approval what became of it."""
    services.tell_maker(approval_id=approval_id, at=now())


@shared_task(base=DeliveredTask)
def push_person(*, topic: str, user_id: int, **_: object) -> None:
    """Tell open pages of a person that their tray changed."""
    inbox.push_person(topic=topic, user_id=user_id)


@shared_task(base=DeliveredTask)
def push_house(*, topic: str, **_: object) -> None:
    """Tell open pages about the models that something changed there."""
    inbox.push_house(topic=topic)


@shared_task(base=DeliveredTask)
def tell_governors(*, topic: str, **ids: int | str) -> None:
    """Put news of the models into the trays of everybody who governs them; twice is harmless."""
    services.tell_governors(topic=topic, ids=ids, at=now())


@shared_task(base=DeliveredTask)
def announce(*, topic: str, **ids: int | str) -> None:
    """Put news down for every webhook that asked for it; twice is harmless."""
    webhooks.announce(topic=topic, ids=ids, at=now())


@shared_task(base=DeliveredTask, lease=calling.CALL_LEASE)
def send_webhook(*, delivery_id: int, **_: object) -> None:
    """Call a webhook once; what fails is tried again by the clock."""
    calling.send_webhook(delivery_id=delivery_id, at=now())


@shared_task(ignore_result=True)
def flush_usage(**_: object) -> None:
    """Every few seconds: write down what keys were used for."""
    usage.flush_usage(at=now())


@shared_task(ignore_result=True)
def retry_webhooks(**_: object) -> None:
    """Every minute: hand over calls whose time has come."""
    calling.retry_webhooks(at=now())


@shared_task(base=DeliveredTask, lease=JOB_LEASE)
def tell_more_affected(*, breach_id: int, by_id: int, **_: object) -> None:
    """Tell the next of the people whom a breach touches."""
    breaches.tell_more_affected(breach_id=breach_id, by_id=by_id, at=now())


@shared_task(base=DeliveredTask, lease=JOB_LEASE)
def run_job(*, job_id: int, **_: object) -> None:
    """Do the work of a job."""
    services.run_job(job_id=job_id, at=now(), clock=now)


@shared_task(ignore_result=True)
def start_job(*, work: str, **_: object) -> None:
    """By the clock: start work as a job, once a business day."""
    services.start_daily_job(work=work, at=now())


@shared_task(ignore_result=True)
def send_reminders(**_: object) -> None:
    """Every morning at nine: tell of what is due, and of consents that end soon."""
    services.send_reminders(at=now())
    services.warn_of_ending_consents(at=now())


@shared_task(ignore_result=True)
def warn_of_breach_clocks(**_: object) -> None:
    """Every hour: tell administrators of breaches whose 72 hours end soon, or are over."""
    breaches.warn_of_breach_clocks(at=now())


@shared_task(ignore_result=True)
def forget_expired_families(**_: object) -> None:
    """Every hour: delete API sessions that nobody can use any more."""
    services.forget_expired_families(at=now())


@shared_task(ignore_result=True)
def expire_consents(**_: object) -> None:
    """Every few minutes: close consents and requests whose time is over."""
    services.expire_consents(at=database_now())


@shared_task(ignore_result=True)
def expire_requests(**_: object) -> None:
    """Every few minutes: close requests for approval whose time is over."""
    services.expire_requests(at=database_now())


@shared_task(ignore_result=True)
def checkpoint_audit(**_: object) -> None:
    """Every hour: a Merkle root over what the audit chains gained."""
    services.checkpoint_audit(at=now())


@shared_task(ignore_result=True)
def verify_audit(**_: object) -> None:
    """Every night: recompute the whole audit trail, as a job that people can watch."""
    services.start_daily_job(work=services.verify_audit_as_job.name, at=now())


@shared_task(ignore_result=True)
def forget_answers(**_: object) -> None:
    """Every hour: delete answers kept for Idempotency-Keys that are a day old."""
    services.forget_answers(at=now())


@shared_task(ignore_result=True)
def check_kyc(**_: object) -> None:
    """Every night: identity checks that are due soon, or ran out."""
    services.check_kyc(at=now())


@shared_task(ignore_result=True)
def freeze_monthly_reports(**_: object) -> None:
    """On the first of a month: identity checks and audit of the month before, frozen."""
    services.freeze_monthly_reports(at=now())


@shared_task(ignore_result=True)
def plan_retention(**_: object) -> None:
    """Every night: a dry run of what is past its time, for two administrators to release, once a week."""
    services.plan_weekly_retention(at=now())


@shared_task(ignore_result=True)
def chase_data_requests(**_: object) -> None:
    """Every night: requests about data whose time is nearly over, and dry runs that wait."""
    services.chase_data_requests(at=now())


@shared_task(ignore_result=True)
def watch_house(**_: object) -> None:
    """Every few minutes: which parts of the house fail their check; what changed is told."""
    services.watch_house(at=now())
