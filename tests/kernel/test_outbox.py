"""News is written with the change it tells of, delivered at least once, and acted on once."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from celery import current_app
from django.db import transaction
from django.db.models.functions import Now

from creditiq.celery import app
from creditiq.kernel import events, outbox
from creditiq.kernel.models import Delivery, DeliveryState, OutboxEvent
from creditiq.kernel.tasks import DeliveredTask


@dataclass(frozen=True)
class BellRang(events.Event):
    """A fact for these tests only."""

    bell_id: int


heard: list[int] = []


@app.task(base=DeliveredTask, name="tests.kernel.hear")
def hear(*, bell_id: int, **_: object) -> None:
    if bell_id < 0:
        raise ValueError("no such bell")
    heard.append(bell_id)


@pytest.fixture(autouse=True)
def _wired(monkeypatch: pytest.MonkeyPatch) -> None:
    heard.clear()
    monkeypatch.setitem(events._flow, BellRang, (hear,))


def ring(bell_id: int) -> Delivery:
    with transaction.atomic():
        events.publish(BellRang(bell_id=bell_id))
    return Delivery.objects.get()


def run(delivery: Delivery) -> None:
    """What a worker does with the message of a delivery."""
    hear.apply(kwargs=dict(delivery.event.payload), task_id=str(delivery.pk), throw=False)
    delivery.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_news_of_a_change_that_is_rolled_back_is_never_told() -> None:
    with transaction.atomic():
        events.publish(BellRang(bell_id=1))
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        events.publish(BellRang(bell_id=1))


@pytest.mark.django_db(transaction=True)
def test_an_event_without_a_line_in_the_wiring_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(events._flow, BellRang)
    with pytest.raises(events.UnwiredEvent), transaction.atomic():
        events.publish(BellRang(bell_id=1))


@pytest.mark.django_db(transaction=True)
def test_a_delivery_is_done_once_however_often_its_message_arrives() -> None:
    delivery = ring(7)
    run(delivery)
    run(delivery)
    assert heard == [7]
    assert delivery.state == DeliveryState.DONE


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    delivery = ring(8)
    assert delivery.state == DeliveryState.PENDING
    Delivery.objects.update(due_at=Now() - timedelta(seconds=1))
    assert outbox.relay() == 1


@pytest.mark.django_db(transaction=True)
def test_work_that_keeps_failing_is_set_aside_after_three_starts_and_can_be_replayed() -> None:
    delivery = ring(-1)
    for _ in range(outbox.MOST_ATTEMPTS):
        run(delivery)
    Delivery.objects.update(due_at=Now() - timedelta(seconds=1))
    assert outbox.relay() == 0
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DEAD
    assert delivery.error == "ValueError"
    outbox.replay(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 0)


@pytest.mark.django_db(transaction=True)
def test_a_task_that_no_event_started_runs_as_well() -> None:
    hear.apply(kwargs={"bell_id": 3}, task_id=str(uuid.uuid4()))
    assert heard == [3]


@pytest.mark.django_db(transaction=True)
def test_a_topic_names_the_app_and_the_event() -> None:
    delivery = ring(5)
    assert delivery.event.name == "tests.BellRang"
    assert delivery.event.payload == {"bell_id": 5}


@pytest.mark.django_db(transaction=True)
def test_a_delivery_to_a_task_nobody_knows_is_set_aside_and_does_not_hold_up_the_others() -> None:
    event = OutboxEvent.objects.create(name="old", payload={})
    Delivery.objects.create(event=event, task="gone.since.the.last.version", due_at=Now() - timedelta(minutes=2))
    Delivery.objects.create(
        event=OutboxEvent.objects.create(name="new", payload={"bell_id": 7}), task=hear.name,
        due_at=Now() - timedelta(minutes=1),
    )  # fmt: skip
    assert outbox.relay() == 2
    aside = Delivery.objects.get(task="gone.since.the.last.version")
    assert (aside.state, aside.error) == (DeliveryState.DEAD, "NotRegistered")
    assert Delivery.objects.get(task=hear.name).state == DeliveryState.PENDING
