"""Counting what programs do: one increment in Valkey per call, written to the database every few seconds.

No call is lost when many end at once (the server adds), and none is counted twice when writing down breaks off: a
bundle is put aside under a name of its own, and the name is kept with what was written.
"""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import redis
import structlog
from django.conf import settings
from django.db import connection, transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.engine.latencies import bound_of
from accounts.models import ApiKey, UsageFlush
from creditiq.kernel import locks

log = structlog.get_logger()
OPEN = "creditiq.usage"
CLOSED = "creditiq.usage.closed."
REMEMBERED = timedelta(days=1)
APART = "|"
ADD = """
INSERT INTO accounts_keyusage (key_id, day, status, bound, operation, calls) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (key_id, day, operation, status, bound) DO UPDATE SET calls = accounts_keyusage.calls + EXCLUDED.calls
"""


@dataclass(frozen=True)
class Call:
    """One call of a program, ended."""

    key_id: int
    day: date
    operation: str
    status: int
    milliseconds: float


@lru_cache(maxsize=1)
def counters() -> redis.Redis:
    """The server that counts; a call waits for it half a second at most."""
    once = Retry(NoBackoff(), 1)
    bounds = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
    return redis.from_url(settings.COUNTERS_URL, decode_responses=True, retry=once, **bounds)


def count_call(*, call: Call) -> None:
    """One more. Without the counter the call is not counted, and goes on."""
    cell = (call.key_id, call.day, call.status // 100, bound_of(call.milliseconds), call.operation)
    try:
        counters().hincrby(OPEN, APART.join(map(str, cell)), 1)
    except (redis.RedisError, OSError) as error:
        log.warning("usage.counter_away", error=type(error).__name__)


def flush_usage(*, at: datetime) -> int:
    """Write down what was counted; how many calls. Bundles that an earlier flush left behind go with it."""
    server = counters()
    with suppress(redis.ResponseError):  # there is nothing to put aside
        server.rename(OPEN, f"{CLOSED}{uuid.uuid4()}")
    return sum(_write_down(server, str(name), at) for name in sorted(server.scan_iter(match=f"{CLOSED}*")))


def _write_down(server: redis.Redis, name: str, at: datetime) -> int:
    counted = {str(cell): int(calls) for cell, calls in server.hgetall(name).items()}
    cells = [(cell.split(APART, 4), calls) for cell, calls in counted.items()]
    written = 0
    with transaction.atomic(durable=True):
        locks.hold("accounts.usage", 0)
        _, is_new = UsageFlush.objects.get_or_create(name=name, defaults={"at": at})
        if is_new:
            keys = ApiKey.objects.filter(pk__in={cell[0] for cell, _ in cells}).values_list("pk", flat=True)
            known = set(map(str, keys))
            kept = [(cell, calls) for cell, calls in cells if cell[0] in known]
            with connection.cursor() as cursor:
                cursor.executemany(ADD, [(*cell, calls) for cell, calls in kept])
            written = sum(calls for _, calls in kept)
        UsageFlush.objects.filter(at__lt=at - REMEMBERED).delete()
    server.delete(name)
    return written
