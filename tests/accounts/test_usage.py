"""What programs do is counted: every call once, by day, operation, class of answer and time taken."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import selectors, tasks
from accounts.models import ApiKey, Duty, KeyUsage, UsageFlush, User
from accounts.services import usage as counting
from accounts.services.usage import CLOSED, OPEN, counters
from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import NotVisible
from tests.accounts.conftest import signed_in
from tests.accounts.test_api_keys import made_for, program
from tests.factories.accounts import AdminFactory, MembershipFactory, OfficerFactory, OwnerFactory, RiskManagerFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _counters() -> Iterator[None]:
    counters().flushdb()
    yield
    counters().flushdb()


@pytest.fixture
def owner() -> User:
    return MembershipFactory(user=OwnerFactory()).user


def call(key: ApiKey, operation: str = "GET /api/v1/consents", status: int = 200, took: float = 7) -> counting.Call:
    return counting.Call(key.pk, DAY, operation, status, took)


def test_a_call_is_counted_with_what_became_of_it(owner: User) -> None:
    made = made_for(owner)
    api = program(made.secret)
    assert [api.get(path).status_code for path in ("/api/v1/consents", "/api/v1/features")] == [200, 403]
    signed_in(owner).get("/api/v1/consents")
    assert counting.flush_usage(at=now()) == 2
    found = set(KeyUsage.objects.values_list("key", "operation", "status", "calls"))
    assert found == {(made.key.pk, "GET /api/v1/consents", 2, 1), (made.key.pk, "GET /api/v1/features", 4, 1)}
    assert ApiKey.objects.get().last_used_at is not None


def test_no_call_is_lost_when_many_end_at_once(owner: User) -> None:
    key = made_for(owner).key
    with ThreadPoolExecutor(8) as pool:
        for _ in range(400):
            pool.submit(counting.count_call, call=call(key))
    assert (counting.flush_usage(at=now()), counting.flush_usage(at=now())) == (400, 0)
    counting.count_call(call=call(key))
    tasks.flush_usage.run()
    assert KeyUsage.objects.get().calls == 401


def test_a_bundle_that_was_written_and_not_thrown_away_counts_once(owner: User) -> None:
    key = made_for(owner).key
    counting.count_call(call=call(key))
    bundle = counters().hgetall(OPEN)
    counting.flush_usage(at=now())
    counters().hset(UsageFlush.objects.get().name, mapping=bundle)
    assert counting.flush_usage(at=now()) == 0
    assert KeyUsage.objects.get().calls == 1
    counters().hset(f"{CLOSED}left-behind", mapping=bundle)
    counting.flush_usage(at=now() + timedelta(days=2))
    assert KeyUsage.objects.get().calls == 2


def test_counts_become_days_operations_and_percentiles(owner: User) -> None:
    key = made_for(owner).key
    for took, status, times in ((4, 200, 90), (90, 404, 9), (1500, 500, 1)):
        for _ in range(times):
            counting.count_call(call=call(key, status=status, took=took))
    counting.flush_usage(at=now())
    at = now().astimezone(IST).replace(year=2026, month=11, day=21)
    used = selectors.usage(user=owner, at=at, days=7)
    assert (used.total.calls, used.total.client_errors, used.total.server_errors) == (100, 9, 1)
    assert (used.total.p50_ms, used.total.p95_ms, used.total.p99_ms) == (5, 100, 100)
    assert [day.calls for day in used.days] == [0, 0, 0, 0, 0, 100, 0]
    assert [(one.key, one.calls) for one in used.keys] == [(key, 100)]


def test_keys_of_others_are_an_administrators_to_see(owner: User) -> None:
    key, stranger, admin = made_for(owner).key, OwnerFactory(), AdminFactory()
    with pytest.raises(NotVisible):
        selectors.usage(user=stranger, at=now(), key_id=key.uuid)
    assert signed_in(admin).get(f"/api/v1/analytics/{key.uuid}").json()["total"]["calls"] == 0
    api = signed_in(owner)
    assert api.get("/api/v1/analytics?days=7").json()["total"]["calls"] == 0
    assert api.get("/api/v1/analytics?scope=all").status_code == 403
    assert api.get("/api/v1/analytics?days=0").status_code == 422
    assert api.get(f"/api/v1/analytics/{key.uuid}").status_code == 200
    assert signed_in(stranger).get(f"/api/v1/analytics/{key.uuid}").status_code == 404


def test_a_bank_oversees_its_own_keys_only(owner: User) -> None:
    officer, elsewhere = OfficerFactory(), OfficerFactory()
    auditor = RiskManagerFactory(organisation=officer.organisation, duties=[Duty.AUDITOR])
    keys = [made_for(person).key for person in (officer, elsewhere, owner)]
    today = now().astimezone(IST).date()
    for key in keys:
        KeyUsage.objects.create(key=key, day=today, operation="GET /", status=2, bound=5, calls=3)
    api = signed_in(auditor)
    assert [one["id"] for one in api.get("/api/v1/analytics?scope=all").json()["keys"]] == [str(keys[0].uuid)]
    assert [api.get(f"/api/v1/analytics/{key.uuid}").status_code for key in keys] == [200, 404, 404]
    client = Client()
    client.force_login(auditor, backend="accounts.adapters.VerifiedBackend")
    page = client.get("/admin/usage").content.decode()
    assert [key.prefix in page for key in keys] == [True, False, False]
    assert client.get(f"/account/keys/{keys[1].uuid}/usage").status_code == 404
    assert selectors.usage(user=AdminFactory(), at=now(), oversees=True).total.calls == 9


@pytest.mark.parametrize("address", ["/account/keys/usage", "/admin/usage"])
def test_the_pages_draw_it_with_a_constant_number_of_questions(address: str) -> None:
    admin = AdminFactory()
    client = Client()
    client.force_login(admin, backend="accounts.adapters.VerifiedBackend")
    assert "No calls yet" in client.get(address).content.decode()
    counts = []
    today = now().astimezone(IST).date()
    for number in range(3):
        key = made_for(admin).key
        KeyUsage.objects.create(key=key, day=today, operation=f"GET /{number}", status=2, bound=5, calls=3)
        with CaptureQueriesContext(connection) as seen:
            assert "Calls a day" in client.get(f"{address}?days=7").content.decode()
        counts.append(len(seen.captured_queries))
    assert counts[1] == counts[2]
    assert f"{key.name} did" in client.get(f"/account/keys/{key.uuid}/usage").content.decode()
