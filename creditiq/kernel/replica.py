"""A read replica for lists and reports; whoever has just changed something reads from the primary."""

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connections, models, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError

PRIMARY, REPLICA = "default", "replica"
READS = frozenset({"GET", "HEAD"})
LOOK_SECONDS = 2
CURRENT = "replica:current"
LAG = "SELECT COALESCE(EXTRACT(EPOCH FROM now() - pg_last_xact_replay_timestamp()), 0)"
"""Seconds behind; what is no standby replays nothing and is never behind."""


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
                    own = wrote_lately(person.pk) or not is_current()
                    self.database = PRIMARY if own else REPLICA
            finally:
                self.deciding = False
        return self.database or PRIMARY


_reading: ContextVar[Reading | None] = ContextVar("creditiq.replica", default=None)


class ReplicaRouter:
    """Reads of a request that may go to the replica do; writes, transactions and everything else stay."""

    def db_for_read(self, model: type[models.Model], **hints: object) -> str | None:
        """The replica, outside a transaction, when the request allows it."""
        reading = _reading.get()
        if reading is None:
            return None
        # By name: without an answer Django would stay where a related row came from, be it the replica.
        return PRIMARY if transaction.get_connection(PRIMARY).in_atomic_block else reading.choose()

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
        _note_writer(request)  # again: a program is known only now, and a slow view has used the first mark up
        return response

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """The address is known now; who may change something reads from the primary from now on."""
        if REPLICA not in connections.settings:
            return
        _note_writer(request)
        match = request.resolver_match
        if request.method in READS and match is not None:
            _reading.set(Reading(request) if match.view_name in settings.REPLICA_PAGES else None)


def _note_writer(request: HttpRequest) -> None:
    person = getattr(request, "user", None) if request.method not in READS else None
    if person is not None and person.is_authenticated:
        note_write(person.pk)


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


def is_current() -> bool:
    """Whether the replica answers and is at most REPLICA_LAG_SECONDS behind; looked at every LOOK_SECONDS."""
    try:
        known = cache.get(CURRENT)
        if known is None:
            known = _answers_in_time()
            cache.set(CURRENT, known, LOOK_SECONDS)
    except (RedisError, OSError):
        return False
    return bool(known)


def _answers_in_time() -> bool:
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(LAG)
            row: tuple[float] = cursor.fetchone()
    except Error:
        with suppress(Error):  # the next look begins with a new connection
            connections[REPLICA].close()
        return False
    allowed: float = settings.REPLICA_LAG_SECONDS
    return float(row[0]) <= allowed


def _mark(person: int) -> str:
    return f"wrote:{person}"
