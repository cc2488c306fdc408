"""A recording of a conversation with a source, played back without a network.

A recording is JSON: `seed` (our keys come from it), `at` (when it was made) and `exchanges`, each a `request`
{method, path, query, headers, body} with its `answer` {status, headers, body}. A question must be one of the recorded
ones, member by member; only what its `varies` names (`body.app_key`, `headers.txn`) may differ, and must be there. What
was not recorded is not answered: the play stops loudly.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wallets.engine.connectors.protocol import Answer, Question, written


class NotRecorded(AssertionError):
    """The connector asked something else than when the recording was made."""


def drawn(seed: str, purpose: str, count: int) -> bytes:
    """The octets that a recording draws for a purpose: the same ones every time."""
    return hashlib.shake_256(f"{seed}|{purpose}".encode()).digest(count)


@dataclass(frozen=True)
class Recording:
    """A `Line` that plays a recording."""

    seed: str
    at: datetime
    exchanges: tuple[Mapping[str, object], ...]

    @classmethod
    def read(cls, content: bytes) -> "Recording":
        """From the text of a file."""
        told = json.loads(content)
        return cls(told["seed"], datetime.fromisoformat(told["at"]), tuple(told["exchanges"]))

    def draw(self, purpose: str, count: int) -> bytes:
        """In place of chance."""
        return drawn(self.seed, purpose, count)

    def ask(self, question: Question) -> Answer:
        """The recorded answer. Raises NotRecorded, saying what differs from the nearest recorded question."""
        asked = as_recorded(question)
        differences = []
        for exchange in self.exchanges:
            request = _table(exchange["request"])
            found = _differing(asked, request, _names(exchange.get("varies")))
            if not found:
                return _answer(_table(exchange["answer"]))
            differences.append((len(found), f"{request['method']} {request['path']}: {', '.join(found)}"))
        nearest = min(differences, default=(0, "nothing is recorded"))[1]
        raise NotRecorded(f"{question.method} {question.path} is not in the recording; nearest is {nearest}")


def as_recorded(question: Question) -> dict[str, object]:
    """A question in the form of the file."""
    body = json.loads(question.body) if question.body else None
    headers, query = dict(question.headers), dict(question.query)
    return {"method": question.method, "path": question.path, "headers": headers, "query": query, "body": body}


def _differing(asked: Mapping[str, object], recorded: Mapping[str, object], varies: frozenset[str]) -> list[str]:
    """Which members differ; those that vary differ only when one side lacks them."""
    ours, theirs = _flat(asked), _flat(recorded)
    names = sorted(ours.keys() | theirs.keys())
    return [
        name for name in names
        if (name in ours) != (name in theirs) or (name not in varies and ours[name] != theirs[name])
    ]  # fmt: skip


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in table.items():
        path = f"{prefix}{name}"
        found |= _flat(value, f"{path}.") if isinstance(value, dict) else {path: value}
    return found


def _answer(told: Mapping[str, object]) -> Answer:
    body = told["body"]
    content = body.encode() if isinstance(body, str) else written(_table(body))
    headers = {str(name): str(value) for name, value in _table(told.get("headers", {})).items()}
    return Answer(int(str(told["status"])), headers, content)


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise NotRecorded("the recording is broken: an object is missing")
    return value


def _names(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()
