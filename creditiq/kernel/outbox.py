"""The transactional outbox: write with the change, hand over on commit, sweep what was lost."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta

import structlog
from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from creditiq.kernel.models import Delivery, DeliveryState, OutboxEvent

log = structlog.get_logger()

LEASE = timedelta(seconds=10)
"""How long a hand-over may stay unanswered before the relay repeats it."""
MOST_ATTEMPTS = 3
"""Starts without an end after which a delivery is set aside for a person (reliability.md §7)."""
SWEEP_SIZE = 200


def write(*, topic: str, payload: Mapping[str, int | str], tasks: Sequence[str]) -> list[Delivery]:
    """Store the event and one delivery per task. Refuses to run outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("publish() belongs inside the transaction that makes the news")
    event = OutboxEvent.objects.create(name=topic, payload=dict(payload))
    return Delivery.objects.bulk_create([Delivery(event=event, task=task, due_at=Now() + LEASE) for task in tasks])


def hand_over(deliveries: Iterable[Delivery]) -> None:
    """Send each delivery to the broker. One that is away is asked once, not for each: the relay repeats the rest."""
    for delivery in deliveries:
        task = current_app.tasks.get(delivery.task)
        if task is None:
            _set_aside(delivery)
            continue
        arguments = {**delivery.event.payload, "topic": delivery.event.name}
        try:
            task.apply_async(kwargs=arguments, task_id=str(delivery.pk), retry=False)
        except (OperationalError, OSError) as error:
            log.warning("outbox.broker_away", delivery=str(delivery.pk), error=type(error).__name__)
            return


def _set_aside(delivery: Delivery) -> None:
    """A task that this version does not know (renamed, removed): for a person, and out of the way of the others."""
    log.error("outbox.unknown_task", delivery=str(delivery.pk), task=delivery.task)
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.DEAD, error="NotRegistered")


def relay() -> int:
    """Repeat what is past its lease; set aside what was started too often. Returns how many were repeated."""
    with transaction.atomic(durable=True):
        due = list(
            Delivery.objects.due()
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .order_by("due_at", "pk")[:SWEEP_SIZE]
        )
        spent = [delivery.pk for delivery in due if delivery.attempts >= MOST_ATTEMPTS]
        again = [delivery for delivery in due if delivery.attempts < MOST_ATTEMPTS]
        Delivery.objects.filter(pk__in=spent).update(state=DeliveryState.DEAD)
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in again]).update(due_at=Now() + LEASE)
    hand_over(again)
    return len(again)


@contextmanager
def _bookkeeping() -> Iterator[None]:
    """A short transaction that does not wait for the disk.

    If the database machine dies at once, the last of these notes are lost; then work is repeated, and every task may
    run twice. What a task itself stores is never written like this.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")
        yield


def begin(delivery_id: str, lease: timedelta) -> bool:
    """Take a delivery on. False when it is finished or set aside already: a duplicate, harmless.

    One that was started often enough is set aside here: the broker hands what killed its worker straight to the next
    one, long before the relay looks.
    """
    rows = Delivery.objects.filter(pk=uuid.UUID(delivery_id))
    with _bookkeeping():
        fresh = rows.pending().filter(attempts__lt=MOST_ATTEMPTS)
        if fresh.update(attempts=F("attempts") + 1, due_at=Now() + lease):
            return True
        if rows.pending().update(state=DeliveryState.DEAD):
            log.error("outbox.set_aside", delivery=delivery_id)
    return not rows.exists()


def finish(delivery_id: str) -> None:
    """The task has done its work."""
    with _bookkeeping():
        Delivery.objects.filter(pk=uuid.UUID(delivery_id)).update(state=DeliveryState.DONE, error="")


def fail(delivery_id: str, error: Exception) -> None:
    """The task raised: keep the kind of error (its text may quote evidence); the relay tries again, ever later."""
    Delivery.objects.filter(pk=uuid.UUID(delivery_id)).update(
        error=type(error).__name__, due_at=Now() + F("attempts") * Value(LEASE)
    )


def replay(delivery_id: uuid.UUID) -> None:
    """Give a delivery that was set aside a fresh start."""
    Delivery.objects.dead().filter(pk=delivery_id).update(
        state=DeliveryState.PENDING, attempts=0, due_at=Now(), error=""
    )
