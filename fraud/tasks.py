"""Fraud's ears. Each task calls the service of the same name and may run twice."""

from celery import shared_task
from celery.signals import worker_process_init
from django.conf import settings

from creditiq.kernel.clock import now
from creditiq.kernel.database_clock import database_now
from creditiq.kernel.tasks import DeliveredTask
from fraud import services


@shared_task(base=DeliveredTask)
def screen_business(*, business_id: int, **_: object) -> None:
    services.screen_business(business_id=business_id, as_of=now())


@shared_task(base=DeliveredTask)
def take_up(*, business_id: int, consent_id: int, **_: object) -> None:
    services.take_up(business_id=business_id, consent_id=consent_id, as_of=now())


@shared_task(base=DeliveredTask)
def forget(*, business_id: int, consent_id: int, **_: object) -> None:
    services.forget(business_id=business_id, consent_id=consent_id, at=now())


@shared_task(base=DeliveredTask)
def screen_customer(*, business_id: int, **_: object) -> None:
    """Onboarding: the names of a customer against all lists."""
    services.screen_customer(business_id=business_id, at=now())


@shared_task(base=DeliveredTask)
def screen_against_changes(*, delta_id: int, **_: object) -> None:
    """A list changed: all customers against what is new on it."""
    services.screen_against_changes(delta_id=delta_id, at=now())


@shared_task(ignore_result=True)
def load_watchlists(**_: object) -> None:
    """Nightly: the list files that the operator configured; those that did not change change nothing."""
    services.load_configured_watchlists(paths=settings.WATCHLIST_FILES, at=now())


@shared_task(ignore_result=True)
def end_what_passed(**_: object) -> None:
    """Every half hour: snoozed alerts come back and freezes end when their day has passed."""
    services.end_what_passed(at=database_now())


@shared_task(ignore_result=True)
def escalate_late_cases(**_: object) -> None:
    """Every quarter of an hour: cases past their time."""
    services.escalate_late_cases(at=now())


@shared_task(base=DeliveredTask)
def open_case_of_claim(*, business_id: int, by_id: int, **_: object) -> None:
    """A claim on a business is disputed: somebody of the platform looks into it."""
    services.open_case_of_claim(business_id=business_id, by_id=by_id, at=now())


@shared_task(base=DeliveredTask)
def open_case_of_wallet(*, warning_id: int, **_: object) -> None:
    """A wallet meets a list of sanctions: somebody of the platform looks into it."""
    services.open_case_of_wallet(warning_id=warning_id, at=now())


@shared_task(ignore_result=True)
def freeze_monthly_monitoring(**_: object) -> None:
    """On the first of a month: transaction monitoring of the month before, frozen."""
    services.freeze_monthly_monitoring(at=now())


@shared_task(ignore_result=True)
def screen_population(**_: object) -> None:
    """Nightly: the full scan, slab by slab."""
    services.begin_sweep(as_of=now())


@shared_task(base=DeliveredTask)
def search_slab(*, slab_id: int, **_: object) -> None:
    """One slab of a full scan."""
    services.search_slab(slab_id=slab_id, at=now())


@shared_task(base=DeliveredTask)
def finish_sweep(*, sweep_id: int, **_: object) -> None:
    """All slabs are done: everybody is screened."""
    services.finish_sweep(sweep_id=sweep_id)


@worker_process_init.connect
def warm(**_: object) -> None:
    """A worker loads the compiled search before its first task."""
    services.warm()
