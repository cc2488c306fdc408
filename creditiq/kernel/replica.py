"""A read replica for lists and reports; whoever has just changed something reads from the primary."""

from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.core.cache import cache
from django.db import connections, models, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError

PRIMARY, REPLICA = "default", "replica"
READS = frozenset({"GET", "HEAD"})


class Reading:
    """One request that may read from the replica; who asks is known once a door has looked."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.database = ""
        self.deciding = False

    def choose(self) -> str:
        """Decided once the person is known; until then, and while that is found out, the primary."""
        if not self.database and not self.deciding:
            self.deciding = True
            try:
                person = getattr(self.request, "user", None)
                if person is not None and person.is_authenticated:
                    self.database = PRIMARY if wrote_lately(person.pk) else REPLICA
            finally:
                self.deciding = False
        return self.database or PRIMARY


_reading: ContextVar[Reading | None] = ContextVar("creditiq.replica", default=None)


class ReplicaRouter:
    """Reads of a request that may go to the replica do; writes, transactions and everything else stay."""

    def db_for_read(self, model: type[models.Model], **hints: object) -> str | None:
        """The replica, outside a transaction, when the request allows it."""
        reading = _reading.get()
        if reading is None or transaction.get_connection(PRIMARY).in_atomic_block:
            return None
        return reading.choose()

    def db_for_write(self, model: type[models.Model], **hints: object) -> str:
        """Always the primary, also for rows that were read from the replica."""
        return PRIMARY

    def allow_relation(self, one: models.Model, other: models.Model, **hints: object) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool | None:
        """The replica gets its tables from the primary."""
        return False if db == REPLICA else None


class ReplicaReads:
    """Lets the lists and reports of REPLICA_PAGES read from the replica, and remembers who changed something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if REPLICA not in connections.settings:
            return self.get_response(request)
        token = _reading.set(None)
        try:
            response = self.get_response(request)
        finally:
            _reading.reset(token)
        person = getattr(request, "user", None)
        if request.method not in READS and person is not None and person.is_authenticated:
            note_write(person.pk)
        return response

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """The address is known now."""
        match = request.resolver_match
        if REPLICA in connections.settings and request.method in READS and match is not None:
            _reading.set(Reading(request) if match.view_name in settings.REPLICA_PAGES else None)


def note_write(person: int) -> None:
    """Somebody changed something: for a while they read what they wrote."""
    try:
        cache.set(_mark(person), True, settings.REPLICA_LAG_SECONDS)
    except (RedisError, OSError):
        return  # then `wrote_lately` cannot ask either, and answers yes


def wrote_lately(person: int) -> bool:
    """Whether the person changed something in the last seconds; without a cache nobody knows, so yes."""
    try:
        return cache.get(_mark(person)) is not None
    except (RedisError, OSError):
        return True


def _mark(person: int) -> str:
    return f"wrote:{person}"
