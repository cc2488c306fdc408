"""Kept answers end with their events, answers travel compressed, connections are pooled, lists read from a replica."""

import gzip
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections, transaction
from django.db.utils import ConnectionHandler, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver

from accounts import selectors, services
from accounts.models import Notification, User
from creditiq.kernel import events
from creditiq.kernel import replica as replica_reads
from creditiq.kernel.hot import HotRead
from creditiq.kernel.replica import (
    CURRENT,
    PRIMARY,
    REPLICA,
    ReplicaReads,
    ReplicaRouter,
    is_current,
    note_write,
    wrote_lately,
)
from creditiq.settings.env import postgres
from creditiq.wiring import FLOW, FORGETS
from tests.accounts.conftest import signed_in
from tests.factories.accounts import AT, AdminFactory, OwnerFactory

LISTED = "/admin/people"


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def told(user: User, source: str) -> None:
    facts = {"what": "GSTR-3B", "business": "Mill", "day": "20 Nov 2026"}
    with transaction.atomic():
        services.tell(users=[user], topic="reminder.soon", source=source, at=AT, facts=facts)


@pytest.mark.django_db
def test_every_kept_answer_is_ended_by_each_of_its_events(django_capture_on_commit_callbacks: object) -> None:
    """The whole table: publishing the event, committed, makes the next question read anew."""
    assert FORGETS
    for event, reads in FORGETS.items():
        assert event in FLOW
        for read in reads:
            key = 7
            fields = dict.fromkeys(event.__dataclass_fields__, key)
            assert (read.of(key, lambda: 1), read.of(key, lambda: 2)) == (1, 1)
            with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
                events.publish(event(**fields))
                assert read.of(key, lambda: 3) == 3, "whoever changes it sees the change"
            assert read.of(key, lambda: 4) == 4


@pytest.mark.django_db
def test_the_bell_asks_the_database_once_and_again_after_each_piece_of_news(
    django_capture_on_commit_callbacks: object,
) -> None:
    user = OwnerFactory()
    with django_capture_on_commit_callbacks(execute=True):
        told(user, "one")
    assert selectors.tray(user=user).unread == 1
    with CaptureQueriesContext(connections[PRIMARY]) as asked:
        assert selectors.tray(user=user).unread == 1
    assert not any("COUNT(" in query["sql"] for query in asked.captured_queries)
    with django_capture_on_commit_callbacks(execute=True):
        told(user, "two")
    assert selectors.tray(user=user).unread == 2
    with django_capture_on_commit_callbacks(execute=True):
        services.read_notification(notification_id=Notification.objects.of(user).first().uuid, by=user, at=AT)
    assert selectors.tray(user=user).unread == 1
    with django_capture_on_commit_callbacks(execute=True):
        services.read_all_notifications(by=user, at=AT)
    assert selectors.tray(user=user).unread == 0


def test_an_answer_computed_before_the_change_and_stored_after_it_is_not_read(services: object) -> None:
    read = HotRead("test", event_field="user_id", seconds=60)

    def changed_meanwhile() -> int:
        read.forget(1)
        return 10

    assert read.of(1, changed_meanwhile) == 10
    assert read.of(1, lambda: 11) == 11


def test_without_a_cache_the_answer_is_read() -> None:
    away = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=away):
        read = HotRead("test", event_field="user_id", seconds=60)
        read.forget(1)
        assert read.of(1, lambda: 5) == 5
        assert wrote_lately(1)


@pytest.mark.django_db
def test_reads_of_the_api_travel_compressed_and_secrets_and_pages_do_not() -> None:
    admin = AdminFactory()
    api, client = signed_in(admin), Client()
    client.force_login(admin)
    asked = {"HTTP_ACCEPT_ENCODING": "gzip"}
    packed = api.get("/api/v1/flags", **asked)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.content) == api.get("/api/v1/flags").content
    assert api.get("/api/v1/flags", HTTP_IF_NONE_MATCH=packed.headers["ETag"], **asked).status_code == 304
    assert "Content-Encoding" not in api.get("/api/v1/auth/sessions", **asked).headers
    assert "Content-Encoding" not in client.get(LISTED, **asked).headers


@pytest.mark.django_db(transaction=True)
def test_a_pool_hands_connections_on_and_refuses_when_all_are_taken(services: object) -> None:
    config = {**settings.DATABASES[PRIMARY], **pooled(2)}
    handler = ConnectionHandler({PRIMARY: config})
    held: list[int] = []
    ready, done = threading.Barrier(3), threading.Event()

    def hold() -> None:
        with handler[PRIMARY].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            held.append(cursor.fetchone()[0])
        ready.wait(20)
        done.wait(20)
        handler[PRIMARY].close()

    others = [threading.Thread(target=hold) for _ in range(2)]
    for other in others:
        other.start()
    ready.wait(20)
    assert len(set(held)) == 2
    with pytest.raises(OperationalError):
        handler[PRIMARY].ensure_connection()
    done.set()
    for other in others:
        other.join()
    with handler[PRIMARY].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] in held
    handler[PRIMARY].close()
    handler[PRIMARY].close_pool()


def pooled(size: int) -> dict[str, object]:
    """The settings of a pool, as `postgres` writes them, with a short wait."""
    options = dict(postgres("postgresql://nobody@/x", pool_size=size, statement_timeout_ms=0)["OPTIONS"])
    kept = dict(settings.DATABASES[PRIMARY]["OPTIONS"])
    return {"OPTIONS": {**kept, "pool": {**options["pool"], "timeout": 0.5}}, "CONN_MAX_AGE": 0}


@pytest.fixture
def replica(transactional_db: None) -> Iterator[None]:
    """A second name for the same server."""
    connections.settings[REPLICA] = {**connections.settings[PRIMARY], "TEST": {"MIRROR": PRIMARY}}
    connections[REPLICA].connect()
    yield
    connections[REPLICA].close()
    del connections[REPLICA]
    del connections.settings[REPLICA]


def asked_of(client: Client, path: str, **headers: str) -> tuple[int, int]:
    """How many questions the primary and the replica were asked for a page."""
    with CaptureQueriesContext(connections[PRIMARY]) as first, CaptureQueriesContext(connections[REPLICA]) as second:
        assert client.get(path, **headers).status_code == 200
    return len(first), len(second)


def test_lists_are_read_from_the_replica_unless_the_person_wrote_a_moment_ago(replica: None) -> None:
    admin, client = AdminFactory(), Client()
    client.force_login(admin)
    assert asked_of(client, LISTED)[1] > 0
    assert asked_of(client, "/admin/flags")[1] == 0, "a page that is no list"
    assert client.post("/notifications/read").status_code == 302
    assert wrote_lately(admin.pk)
    assert asked_of(client, LISTED)[1] == 0, "who wrote reads what they wrote"
    other = Client()
    other.force_login(AdminFactory())
    assert asked_of(other, LISTED)[1] > 0
    cache.delete(f"wrote:{admin.pk}")
    assert asked_of(client, LISTED)[1] > 0, "a few seconds later"


def test_programs_read_lists_from_the_replica_too(replica: None) -> None:
    admin = AdminFactory()
    api = signed_in(admin)
    assert asked_of(api, "/api/v1/users")[1] > 0
    note_write(admin.pk)
    assert asked_of(api, "/api/v1/users")[1] == 0


def test_a_replica_that_lags_or_is_gone_is_not_asked(replica: None) -> None:
    admin, client = AdminFactory(), Client()
    client.force_login(admin)
    with override_settings(REPLICA_LAG_SECONDS=-1):
        assert asked_of(client, LISTED)[1] == 1, "how far it is behind, and nothing else"
        assert asked_of(client, LISTED)[1] == 0, "known for a moment"
    cache.delete(CURRENT)
    assert asked_of(client, LISTED)[1] > 1
    cache.delete(CURRENT)
    line = connections[REPLICA].connection
    assert line is not None
    line.close()  # as when the server goes away
    assert client.get(LISTED).status_code == 200
    assert not is_current()


def test_a_transaction_of_a_reading_request_names_the_primary(replica: None) -> None:
    request = HttpRequest()
    request.user = OwnerFactory()
    token = replica_reads._reading.set(replica_reads.Reading(request))
    try:
        person = User.objects.get(pk=request.user.pk)
        assert person._state.db == REPLICA
        with transaction.atomic():
            assert ReplicaRouter().db_for_read(User, instance=person) == PRIMARY
            assert person.memberships.all().db == PRIMARY
            assert User.objects.select_for_update(of=("self",)).get(pk=person.pk)._state.db == PRIMARY
    finally:
        replica_reads._reading.reset(token)


def test_a_write_is_noted_before_its_view_runs(replica: None) -> None:
    request = HttpRequest()
    request.method, request.user, request.resolver_match = "POST", OwnerFactory(), None
    ReplicaReads(lambda _: HttpResponse()).process_view(request)
    assert wrote_lately(request.user.pk)


def test_writes_transactions_and_migrations_stay_with_the_primary(replica: None) -> None:
    router = ReplicaRouter()
    assert router.db_for_write(User) == PRIMARY
    assert router.db_for_read(User) is None, "outside a request"
    assert (router.allow_migrate(REPLICA, "accounts"), router.allow_migrate(PRIMARY, "accounts")) == (False, None)
    person = User.objects.using(REPLICA).get(pk=OwnerFactory().pk)
    person.first_name = "Meena"
    person.save(update_fields=["first_name"])
    assert person._state.db == PRIMARY


def test_every_address_of_the_replica_is_one_of_ours() -> None:
    from_settings = set(settings.REPLICA_PAGES)
    assert from_settings
    assert from_settings <= known_addresses()


def known_addresses() -> set[str]:
    """Names of every address, with their namespace."""
    return set(_names(get_resolver().url_patterns))


def _names(patterns: list[object], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _names(pattern.url_patterns, namespace + inside)
        elif pattern.name:
            yield namespace + pattern.name
