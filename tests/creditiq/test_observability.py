"""Logs tell what happened, never about whom; probes and metrics answer whom they should."""

import errno

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from psycopg_pool import PoolTimeout
from redis.exceptions import ConnectionError
from rest_framework.test import APIClient

from creditiq import readings
from creditiq.observability import REMOVED, scrub
from creditiq.settings.env import broker, numbered
from creditiq.urls import server_error


@pytest.mark.parametrize(
    "secret",
    [
        "27AAPFU0939F1ZV",
        "AAPFU0939F",
        "+91 9876543210",
        "9876543210",
        "1234 5678 9012",
        "eyJhbGciOiJI.eyJzdWIiOiIx.c2ln",
    ],
)
def test_identifiers_and_tokens_never_reach_a_log_line(secret: str) -> None:
    line = scrub(None, "info", {"event": f"saw {secret}!", "nested": {"list": [secret]}, "token": "anything"})
    assert secret not in str(line)
    assert line["token"] == REMOVED


def test_amounts_ids_and_times_stay_readable_in_the_logs() -> None:
    line = {"event": "scored business 1234567890123 at 2026-11-20T05:16:38Z", "seconds": 0.25}
    assert scrub(None, "info", dict(line)) == line


def test_one_address_serves_django_celery_and_channels() -> None:
    assert numbered("redis://:pw@host:6379", 2) == "redis://:pw@host:6379/2"
    assert numbered("unix:///v/s/valkey.sock", 1) == "unix:///v/s/valkey.sock?db=1"
    assert broker("unix:///v/s/valkey.sock", 0) == "redis+socket:///v/s/valkey.sock?virtual_host=0"


@pytest.mark.django_db
def test_the_probes_answer_without_anybody_signed_in(client: Client) -> None:
    assert client.get("/livez").status_code == 200
    ready = client.get("/readyz")
    assert ready.json() == {"status": "ready", "checks": {"database": "ok", "valkey": "ok", "migrations": "ok"}}
    assert client.get("/api/v1/health").json() == {"status": "ok", "version": "0.1.0"}


@pytest.mark.django_db
def test_the_front_door_speaks_html_to_browsers_and_json_to_programs(client: Client) -> None:
    assert client.get("/", headers={"Accept": "application/json"}).json()["status"] == "ok"
    assert client.get("/", headers={"Accept": "text/html"}).status_code == 302


@pytest.mark.django_db
def test_metrics_need_the_monitors_token(client: Client, settings: object) -> None:
    settings.METRICS_TOKEN = "the-monitors-token"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer something else"}).status_code == 401
    page = client.get("/metrics", headers={"Authorization": "Bearer the-monitors-token"})
    assert b"creditiq_outbox_pending" in page.content
    assert b"django_http_requests_total" in page.content


@pytest.mark.django_db
def test_detailed_health_is_for_those_who_may_see_it() -> None:
    answer = APIClient().get("/api/v1/health/detailed")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_the_depth_of_the_queues_is_the_true_one(services: object) -> None:
    assert set(readings.queue_depths()) == {*readings.QUEUES, "taken"}


def test_a_full_disk_is_a_507(rf: RequestFactory) -> None:
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError:
        answer = server_error(rf.post("/api/v1/evidence/uploads"))
    assert (answer.status_code, answer["Content-Type"]) == (507, "application/problem+json")


@pytest.mark.parametrize("failure", [OperationalError("gone"), PoolTimeout("none left"), ConnectionError("gone")])
def test_a_service_that_is_away_is_a_503_that_says_when_to_come_back(failure: Exception, rf: RequestFactory) -> None:
    try:
        raise failure
    except (OperationalError, PoolTimeout, ConnectionError):
        answer = server_error(rf.get("/api/v1/features"))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
