"""Which steps of the demo are done, so that a broken-off first run goes on where it stopped."""

import json
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from accounts.models import Business
from accounts.selectors import platform

STEPS = (
    "people",
    "businesses",
    "records",
    "consents",
    "policies",
    "model",
    "screening",
    "scores",
    "applications",
    "loans",
    "monitoring",
    "oversight",
)


def is_complete() -> bool:
    """Whether this database has the whole demo, and VAR the model it needs."""
    return Business.objects.exists() and set(STEPS) <= set(done())


def done() -> list[str]:
    """Steps that this database has seen end. Notes of another database count for nothing."""
    with suppress(FileNotFoundError, json.JSONDecodeError):
        notes = json.loads(_file().read_text())
        if notes["database"] == _database():
            return list(notes["steps"])
    return []


def note(step: str) -> None:
    """The step has ended."""
    _file().write_text(json.dumps({"database": _database(), "steps": [*done(), step]}))


def _file() -> Path:
    return settings.VAR / "demo.json"


def _database() -> str:
    """The platform's public id: drawn when a database is migrated, so no two share it."""
    return str(platform().uuid)
