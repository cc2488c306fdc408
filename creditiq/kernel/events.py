"""Events: facts an app announces upwards. `creditiq/wiring.py` says which tasks hear them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import partial
from typing import Protocol

from django.db import transaction

from creditiq.kernel import outbox
from creditiq.kernel.hot import HotRead


@dataclass(frozen=True)
class Event:
    """Base of all events. A subclass is a frozen dataclass that holds ids only, never numbers or texts."""

    @classmethod
    def topic(cls) -> str:
        """`<app>.<EventName>`: the name on the outbox, on the websocket and in page triggers."""
        return f"{cls.__module__.partition('.')[0]}.{cls.__name__}"

    def payload(self) -> dict[str, int | str]:
        """The ids, as the keyword arguments of the tasks that hear this event."""
        return asdict(self)


class Hearer(Protocol):
    """What the wiring table lists: a Celery task."""

    name: str


Flow = Mapping[type[Event], Sequence[Hearer]]
Forgets = Mapping[type[Event], Sequence[HotRead]]
_forgets: dict[type[Event], tuple[HotRead, ...]] = {}
_flow: dict[type[Event], tuple[Hearer, ...]] = {}
_captured: ContextVar[list[Event] | None] = ContextVar("captured_events", default=None)


class UnwiredEvent(LookupError):
    """An event was published that the wiring table does not know."""


def connect(flow: Flow) -> None:
    """Install the wiring table; called once when Django is ready."""
    _flow.clear()
    _flow.update({event: tuple(tasks) for event, tasks in flow.items()})


def connect_forgets(forgets: Forgets) -> None:
    """Install the table of kept answers that events end; called once when Django is ready."""
    _forgets.clear()
    _forgets.update({event: tuple(reads) for event, reads in forgets.items()})


def publish(event: Event) -> None:
    """Announce `event`: written with the caller's transaction, handed to Celery when that commits."""
    if type(event) not in _flow:
        raise UnwiredEvent(f"{event.topic()} is not in creditiq/wiring.py")
    captured = _captured.get()
    if captured is not None:
        captured.append(event)
    tasks = _flow[type(event)]
    deliveries = outbox.write(topic=event.topic(), payload=event.payload(), tasks=[task.name for task in tasks])
    for read in _forgets.get(type(event), ()):
        read.hear(event.payload())  # whoever changed it reads the change; once more when others can see it
        transaction.on_commit(partial(read.hear, event.payload()), robust=True)
    transaction.on_commit(lambda: outbox.hand_over(deliveries), robust=True)


@contextmanager
def capture_events() -> Iterator[list[Event]]:
    """Collect what is published inside the block; nothing is held back."""
    events: list[Event] = []
    token = _captured.set(events)
    try:
        yield events
    finally:
        _captured.reset(token)
