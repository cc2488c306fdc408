"""What the house itself knows of its state, for the health page and, number by number, for the metrics."""

import shutil
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache

import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Max, Min, Q, Subquery
from django.db.models.functions import Now
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.models import User
from creditiq.kernel import health
from creditiq.kernel.models import Delivery
from creditiq.kernel.wall import named
from creditiq.settings.env import numbered
from fraud.models import WatchlistSource
from lending.models import Decision
from scoring.models import DriftReading, ModelVersion, ScoreRun, Verdict
from wallets.models import ChainEndpoint

QUEUES = ("default", "scoring", "fraud", "lending", "chain", "notify")
GIGABYTE = 2**30
WORKERS_REMEMBERED = 5
"""Seconds for which the answer of the workers' roll-call stands."""
ACTIVE = timedelta(days=1)
"""Who signed in within this is active."""


@lru_cache(maxsize=1)
def broker() -> redis.Redis:
    """The server that carries the queues; it must answer within two seconds."""
    address, once = numbered(settings.REDIS_URL, 0), Retry(NoBackoff(), 1)
    return redis.from_url(address, socket_connect_timeout=2, socket_timeout=2, retry=once)


def queue_depths() -> dict[str, int]:
    """Messages waiting per queue, and those taken but not finished under `taken`."""
    server = broker()
    try:
        return {**{queue: server.llen(queue) for queue in QUEUES}, "taken": server.hlen("unacked")}
    except redis.RedisError:
        return {}


def workers() -> int:
    """How many workers answer a roll-call of half a second; none while Valkey, which carries the answers, is away."""
    try:
        count = cache.get("workers")
        if count is None:
            count = len(current_app.control.ping(timeout=0.5) or ())
            cache.set("workers", count, WORKERS_REMEMBERED)
    except (redis.RedisError, OperationalError, OSError):
        return 0
    return int(count)


def outbox() -> Mapping[str, object]:
    """Deliveries on their way, past their lease, set aside, and the age of the oldest on its way in seconds."""
    waiting = Delivery.objects.pending().aggregate(age=Now() - Min("event__published_at"), pending=Count("pk"))
    age = waiting["age"]
    return {
        "pending": waiting["pending"],
        "late": Delivery.objects.due().count(),
        "dead": Delivery.objects.dead().count(),
        "lag_seconds": round(age.total_seconds(), 3) if age else 0.0,
    }


def _queues() -> Mapping[str, object]:
    depths = queue_depths()
    return {"ok": bool(depths), "waiting": sum(depths.values()), **depths}


def _model() -> Mapping[str, object]:
    version = ModelVersion.objects.serving().first()
    if version is None:
        return {"ok": False, "version": None}
    return {"ok": version.folder.is_dir(), "version": version.version}


def _drift() -> Mapping[str, object]:
    """The newest monitoring of the model that serves: figures to watch and to act on, and the highest value of each."""
    readings = DriftReading.objects.filter(version__in=ModelVersion.objects.serving())
    newest = readings.filter(as_of=Subquery(readings.order_by("-as_of").values("as_of")[:1]))
    verdicts = newest.aggregate(
        watch=Count("pk", filter=Q(verdict=Verdict.WATCH)), act=Count("pk", filter=Q(verdict=Verdict.ACT))
    )
    figures = newest.filter(value__isnull=False).values_list("metric").annotate(highest=Max("value"))
    return {**verdicts, **dict(figures.order_by("metric"))}


def _work() -> Mapping[str, object]:
    return {
        "scores": named(ScoreRun.objects.all()).count(),
        "decisions": named(Decision.objects.all()).count(),
        "active_users": named(User.objects.filter(last_login__gte=Now() - ACTIVE)).count(),
    }


def _disk() -> Mapping[str, object]:
    usage = shutil.disk_usage(settings.VAR)
    return {"free_gb": round(usage.free / GIGABYTE, 2), "used_share": round(usage.used / usage.total, 3)}


def _pool() -> Mapping[str, object]:
    """Connections of this process to PostgreSQL; without a pool there is one per thread and nothing waits."""
    pool = getattr(connection, "pool", None)  # PostgreSQL's has one; Django's common type does not say so
    if pool is None:
        return {"size": 0, "available": 0, "requests_waiting": 0}
    figures = pool.get_stats()
    return {
        "size": figures["pool_size"],
        "available": figures["pool_available"],
        "requests_waiting": figures["requests_waiting"],
    }


def _chain() -> Mapping[str, object]:
    """Nodes that were asked, those that answered well, and when the last one was asked."""
    asked = ChainEndpoint.objects.filter(checked_at__isnull=False)
    found = asked.aggregate(nodes=Count("pk"), healthy=Count("pk", filter=Q(healthy=True)), last=Max("checked_at"))
    last = found["last"]
    return {
        "ok": not found["nodes"] or found["healthy"] > 0,
        "nodes": found["nodes"],
        "healthy": found["healthy"],
        "checked_at": last.isoformat() if last else None,
    }


def _lists() -> Mapping[str, object]:
    """The version of every watchlist that names are held against."""
    return {source.name: source.version for source in WatchlistSource.objects.order_by("name")}


def _caps() -> Mapping[str, object]:
    return {
        "upload_mb": settings.MAX_UPLOAD_BYTES // 2**20,
        "duckdb": settings.DUCKDB_MEMORY_LIMIT,
        "graph_mb": settings.GRAPH_WINDOW_MEMORY_MB,
        "worker_mb": settings.WORKER_MEMORY_LIMIT_MB,
    }


READINGS: Mapping[str, health.Check] = {
    "queues": _queues,
    "outbox": outbox,
    "model": _model,
    "drift": _drift,
    "work": _work,
    "disk": _disk,
    "pool": _pool,
    "chain": _chain,
    "lists": _lists,
    "caps": _caps,
}


def register() -> None:
    """Our own readings, beside those of the apps."""
    for name, reading in READINGS.items():
        health.register(name, reading)
