"""The doors for monitors, also when what they report on is away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from rest_framework.test import APIClient

from creditiq import readings
from creditiq.kernel.models import Delivery, OutboxEvent
from scoring.models import DriftReading, ModelVersion, Verdict
from tests.factories.accounts import AdminFactory


def test_no_worker_is_counted_while_valkey_is_away() -> None:
    away = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/1"}}
    with override_settings(CACHES=away):
        assert readings.workers() == 0


@pytest.mark.django_db
def test_detailed_health_tells_everything_it_promises() -> None:
    client = APIClient()
    client.force_authenticate(AdminFactory())
    body = client.get("/api/v1/health/detailed").json()
    for name in (
        "redis_connected", "database", "workers", "worker_queue_depth", "outbox_late", "outbox_lag_seconds",
        "stream_lag", "model_loaded", "model_digest", "system_ram_used_gb", "system_ram_total_gb", "disk_free_gb",
        "chain", "list_versions",
    ):  # fmt: skip
        assert name in body
    assert body["redis_connected"] is True
    assert body["database"] is True
    assert body["disk_free_gb"] > 0


@pytest.mark.django_db
def test_the_outbox_tells_how_long_the_oldest_news_waits() -> None:
    assert readings.outbox()["lag_seconds"] == 0.0
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    event = OutboxEvent.objects.create(name="test", payload={}, published_at=long_ago)
    Delivery.objects.create(event=event, task="nobody.hears", due_at=long_ago)
    assert 299 < readings.outbox()["lag_seconds"] < 400


@pytest.mark.django_db
def test_the_metrics_tell_how_often_the_cache_knew(client: Client, settings: object) -> None:
    settings.METRICS_TOKEN = "the-monitors-token"
    cache.set("known", None)
    assert cache.get("known", "absent") is None
    assert cache.get("unknown", "absent") == "absent"
    page = client.get("/metrics", headers={"Authorization": "Bearer the-monitors-token"}).content.decode()
    assert 'creditiq_cache_reads_total{found="hit"}' in page
    assert 'creditiq_cache_reads_total{found="miss"}' in page


def test_whoever_finds_a_weakness_learns_whom_to_tell(client: Client) -> None:
    page = client.get("/.well-known/security.txt")
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in page.content.decode().splitlines())
    assert fields["Contact"].startswith("mailto:")
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)


@pytest.mark.django_db
def test_drift_of_the_serving_model_is_a_metric_per_figure(client: Client, settings: object) -> None:
    settings.METRICS_TOKEN = "the-monitors-token"
    serving = ModelVersion.objects.create(
        version="m1", digest="d", lock="l", metrics={}, card="", status="champion", installed=True
    )
    for days, value, verdict in ((7, 0.9, Verdict.ACT), (0, 0.12, Verdict.WATCH)):
        DriftReading.objects.create(
            version=serving, as_of=datetime(2026, 10, 31, tzinfo=UTC) - timedelta(days=days), metric="psi",
            subject="score", value=value, size=100, verdict=verdict,
        )  # fmt: skip
    page = client.get("/metrics", headers={"Authorization": "Bearer the-monitors-token"}).content.decode()
    assert "creditiq_drift_psi 0.12" in page
    assert "creditiq_drift_watch 1.0" in page
    assert "creditiq_drift_act 0.0" in page
