"""Is the product alive, is it ready, how is it: the doors for load balancers, monitors and operators."""

import secrets
import shutil
from collections.abc import Callable, Mapping
from functools import lru_cache

import psutil
import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from kombu.exceptions import OperationalError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, can
from creditiq.kernel import health
from creditiq.kernel.models import Delivery
from creditiq.settings.env import numbered
from lending.models import Decision
from scoring.models import ModelVersion, ScoreRun

QUEUES = ("default", "scoring", "fraud", "lending", "chain", "notify")
GIGABYTE = 2**30
WORKERS_REMEMBERED = 5
"""Seconds for which the answer of the workers' roll-call stands."""


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Whether requests can be served now: database, Valkey, migrations."""
    checks = {name: "ok" if check() else "failing" for name, check in READINESS.items()}
    ready = set(checks.values()) == {"ok"}
    return JsonResponse({"status": "ready" if ready else "waiting", "checks": checks}, status=200 if ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' page, for a monitor with the token or a person who may see health."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = bool(settings.METRICS_TOKEN) and secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if not known and not can(request.user, Capability.VIEW_HEALTH):
        return HttpResponse("Metrics need the monitor's token.\n", status=401, content_type="text/plain")
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


class HealthOut(serializers.Serializer[Mapping[str, object]]):
    status = serializers.CharField()
    version = serializers.CharField()


class HealthView(APIView):
    """The cheap answer for anybody."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(operation_id="health", responses=HealthOut, tags=["health"])
    def get(self, _request: Request) -> Response:
        """Status and version."""
        return Response({"status": "ok", "version": settings.VERSION})


class DetailedHealthOut(serializers.Serializer[Mapping[str, object]]):
    """Connections and figures at the top, and every reading that the parts of the house registered, by name."""

    status = serializers.CharField(help_text="ok, or degraded when something does not answer or says it is not well")
    version = serializers.CharField()
    redis_connected = serializers.BooleanField()
    database = serializers.BooleanField()
    workers = serializers.IntegerField()
    worker_queue_depth = serializers.IntegerField()
    outbox_late = serializers.IntegerField(help_text="deliveries past their lease")
    model_loaded = serializers.BooleanField(help_text="a model version serves and its artefacts are there")
    model_digest = serializers.CharField(allow_null=True)
    system_ram_used_gb = serializers.FloatField()
    system_ram_total_gb = serializers.FloatField()
    readings = serializers.DictField(child=serializers.DictField())


class DetailedHealthView(APIView):
    """Everything the product knows of its own state."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_HEALTH

    @extend_schema(operation_id="health_detailed", responses=DetailedHealthOut, tags=["health"])
    def get(self, _request: Request) -> Response:
        """Connections, workers, queues, memory, and each app's reading."""
        memory = psutil.virtual_memory()
        answers = {name: check() for name, check in READINESS.items()}
        readings = health.readings()
        serving = ModelVersion.objects.serving().first()
        well = all(reading.get("ok", True) for reading in readings.values())
        body = {
            "status": "ok" if all(answers.values()) and well else "degraded",
            "version": settings.VERSION,
            "redis_connected": answers["valkey"],
            "database": answers["database"],
            "workers": workers(),
            "worker_queue_depth": sum(queue_depths().values()),
            "outbox_late": Delivery.objects.due().count(),
            "model_loaded": serving is not None and serving.folder.is_dir(),
            "model_digest": serving.digest if serving else None,
            "system_ram_used_gb": round((memory.total - memory.available) / GIGABYTE, 2),
            "system_ram_total_gb": round(memory.total / GIGABYTE, 2),
            "readings": readings,
        }
        return Response(body)


def database_answers() -> bool:
    """One round trip."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def valkey_answers() -> bool:
    """One round trip."""
    try:
        return bool(_broker().ping())
    except redis.RedisError:
        return False


def migrations_applied() -> bool:
    """Whether the schema is this version's; once true it is not asked again."""
    return database_answers() and _schema_is_current()


@lru_cache(maxsize=1)
def _schema_is_current() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


READINESS: Mapping[str, Callable[[], bool]] = {
    "database": database_answers,
    "valkey": valkey_answers,
    "migrations": migrations_applied,
}


@lru_cache(maxsize=1)
def _broker() -> redis.Redis:
    return redis.from_url(numbered(settings.REDIS_URL, 0), socket_connect_timeout=2, socket_timeout=2)


def queue_depths() -> dict[str, int]:
    """Messages waiting per queue, and those taken but not finished under `taken`."""
    broker = _broker()
    try:
        return {**{queue: broker.llen(queue) for queue in QUEUES}, "taken": broker.hlen("unacked")}
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


def _queues() -> Mapping[str, object]:
    depths = queue_depths()
    busy = {queue: depth for queue, depth in depths.items() if depth}
    return {"ok": bool(depths), "waiting": sum(depths.values()), **busy}


def _outbox() -> Mapping[str, object]:
    return {
        "pending": Delivery.objects.pending().count(),
        "late": Delivery.objects.due().count(),
        "dead": Delivery.objects.dead().count(),
    }


def _model() -> dict[str, object]:
    version = ModelVersion.objects.serving().first()
    if version is None:
        return {"ok": False, "version": None}
    return {"ok": version.folder.is_dir(), "version": version.version}


def _work() -> Mapping[str, object]:
    return {"scores": ScoreRun.objects.count(), "decisions": Decision.objects.count()}


def _disk() -> Mapping[str, object]:
    usage = shutil.disk_usage(settings.VAR)
    return {"free_gb": round(usage.free / GIGABYTE, 2), "used_share": round(usage.used / usage.total, 3)}


def _caps() -> Mapping[str, object]:
    return {
        "upload_mb": settings.MAX_UPLOAD_BYTES // 2**20,
        "duckdb": settings.DUCKDB_MEMORY_LIMIT,
        "graph_mb": settings.GRAPH_WINDOW_MEMORY_MB,
        "worker_mb": settings.WORKER_MEMORY_LIMIT_MB,
    }


READINGS: Mapping[str, health.Check] = {
    "queues": _queues,
    "outbox": _outbox,
    "model": _model,
    "work": _work,
    "disk": _disk,
    "caps": _caps,
}


def register() -> None:
    """Our own readings, beside those of the apps."""
    for name, reading in READINGS.items():
        health.register(name, reading)
