"""One table of (from, event, to, capability) drives services, API, pages and tests."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from creditiq.kernel.errors import ApplicationError


class ForbiddenTransition(ApplicationError):
    """The object is not in a state from which this event leads anywhere."""

    code = "forbidden_transition"


@dataclass(frozen=True)
class Transition:
    """One permitted step; `capability` names who may take it, `guard` names the rule to check first."""

    source: str
    event: str
    target: str
    capability: str
    guard: str = ""


class TransitionTable:
    """The permitted steps of one kind of object.

    >>> table = TransitionTable([Transition("open", "close", "closed", "work")])
    >>> table.follow("open", "close").target
    'closed'
    """

    def __init__(self, transitions: Iterable[Transition]) -> None:
        self._by_step = {(step.source, step.event): step for step in transitions}

    def __iter__(self) -> Iterator[Transition]:
        return iter(self._by_step.values())

    def follow(self, source: str, event: str) -> Transition:
        """The step that `event` takes from `source`. Raises ForbiddenTransition, naming what is possible."""
        step = self._by_step.get((source, event))
        if step is None:
            possible = ", ".join(self.events_from(source)) or "nothing"
            raise ForbiddenTransition(f"“{event}” is not possible while {source}; possible: {possible}.")
        return step

    def events_from(self, source: str) -> tuple[str, ...]:
        """The events that lead somewhere from `source`, in table order."""
        return tuple(event for state, event in self._by_step if state == source)
