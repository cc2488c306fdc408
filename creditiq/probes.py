"""Is the product alive, is it ready, how is it: the doors for load balancers, monitors and operators."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache

import psutil
import psycopg
import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, can
from creditiq.kernel import health
from creditiq.kernel.clock import now
from creditiq.readings import GIGABYTE, broker, queue_depths, workers
from scoring.models import ModelVersion

CONTACT_STANDS = timedelta(days=180)
"""For how long a copy of security.txt may be believed (RFC 9116 wants less than a year)."""


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Whether requests can be served now: database, Valkey, migrations."""
    checks = {name: "ok" if well else "failing" for name, well in readiness().items()}
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


@require_safe
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness (RFC 9116)."""
    until = (now() + CONTACT_STANDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, hi",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


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
    outbox_lag_seconds = serializers.FloatField(help_text="age of the oldest delivery on its way")
    stream_lag = serializers.IntegerField(help_text="entries of the evidence streams that nobody has taken")
    model_loaded = serializers.BooleanField(help_text="a model version serves and its artefacts are there")
    model_digest = serializers.CharField(allow_null=True)
    system_ram_used_gb = serializers.FloatField()
    system_ram_total_gb = serializers.FloatField()
    disk_free_gb = serializers.FloatField(allow_null=True)
    chain = serializers.DictField(help_text="nodes asked, nodes healthy, and when")
    list_versions = serializers.DictField(child=serializers.CharField(), help_text="version of every watchlist")
    readings = serializers.DictField(child=serializers.DictField())


class DetailedHealthView(APIView):
    """Everything the product knows of its own state."""

    permission_classes = (HasCapability,)
    capability = Capability.VIEW_HEALTH

    @extend_schema(operation_id="health_detailed", responses=DetailedHealthOut, tags=["health"])
    def get(self, _request: Request) -> Response:
        """Connections, workers, queues, memory, and each app's reading."""
        memory = psutil.virtual_memory()
        answers = readiness()
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
            "outbox_late": readings["outbox"].get("late", 0),
            "outbox_lag_seconds": readings["outbox"].get("lag_seconds", 0.0),
            "stream_lag": readings["streams"].get("lag", 0),
            "model_loaded": serving is not None and serving.folder.is_dir(),
            "model_digest": serving.digest if serving else None,
            "system_ram_used_gb": round((memory.total - memory.available) / GIGABYTE, 2),
            "system_ram_total_gb": round(memory.total / GIGABYTE, 2),
            "disk_free_gb": readings["disk"].get("free_gb"),
            "chain": readings["chain"],
            "list_versions": readings["lists"],
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


def database_is_silent() -> bool:
    """Whether no connection of its own gets a word out of the database within two seconds; a refusal is a word."""
    try:
        psycopg.connect(settings.DATABASE_URL, connect_timeout=2).close()
    except psycopg.errors.ConnectionTimeout:
        return True
    except psycopg.OperationalError:
        return False
    return False


def valkey_answers() -> bool:
    """One round trip."""
    try:
        return bool(broker().ping())
    except redis.RedisError:
        return False


def readiness() -> dict[str, bool]:
    """What answers. A database that is away is waited for once, not again for its migrations."""
    database = database_answers()
    return {"database": database, "valkey": valkey_answers(), "migrations": database and _schema_is_current()}


@lru_cache(maxsize=1)
def _schema_is_current() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
