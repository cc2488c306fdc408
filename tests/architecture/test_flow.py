"""Every event is in the wiring table, and every wired task exists, takes ids and may run twice."""

import inspect

import pytest
from celery import current_app
from django.utils.module_loading import import_string

from creditiq.kernel.events import Event
from creditiq.kernel.tasks import DeliveredTask
from creditiq.wiring import FLOW
from tests.architecture.sources import APPS

TASKS = sorted({task.name for tasks in FLOW.values() for task in tasks})


def _events() -> set[type[Event]]:
    for app in APPS:
        import_string(f"{app}.events.Event")
    return set(Event.__subclasses__())


def test_every_event_is_wired() -> None:
    product = {event for event in _events() if event.__module__.partition(".")[0] in APPS}
    assert product == set(FLOW)


@pytest.mark.parametrize("name", TASKS)
def test_a_wired_task_is_known_to_celery_and_delivered_through_the_outbox(name: str) -> None:
    assert isinstance(current_app.tasks[name], DeliveredTask)


@pytest.mark.parametrize("name", TASKS)
def test_a_wired_task_takes_keywords_only_and_tolerates_more(name: str) -> None:
    parameters = inspect.signature(current_app.tasks[name].run).parameters.values()
    assert {parameter.kind for parameter in parameters} <= {
        inspect.Parameter.KEYWORD_ONLY,
        inspect.Parameter.VAR_KEYWORD,
    }
    assert any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters)


def test_events_carry_ids_only() -> None:
    fields = [
        (event.__name__, name) for event in FLOW for name in event.__dataclass_fields__ if not name.endswith("_id")
    ]
    assert fields == []
