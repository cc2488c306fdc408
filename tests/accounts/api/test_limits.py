"""Every answer says what is left; too many calls wait; a counter that is away stops no read."""

from datetime import UTC, datetime

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from accounts import services
from accounts.api.limits import until_midnight
from accounts.models import User
from creditiq.kernel.clock import now
from tests.accounts.conftest import signed_in
from tests.accounts.test_second_factor import switched
from tests.factories.accounts import MembershipFactory, OwnerFactory

pytestmark = pytest.mark.django_db
CONSENTS, KEYS, SCORE = "/api/v1/consents", "/api/v1/keys", "/api/v1/score"
NOWHERE = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"serializer": "creditiq.kernel.cache.JsonSerializer"},
    }
}


@pytest.fixture
def owner() -> User:
    return MembershipFactory(user=OwnerFactory()).user


def program(user: User, quota: int, *scopes: str) -> APIClient:
    terms = services.KeyTerms(name="nightly", scopes=scopes or ("view_consents",), quota_per_day=quota)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {services.create_key(terms=terms, by=user, at=now()).secret}")
    return client


def test_the_call_after_the_last_waits_for_the_next_minute(owner: User) -> None:
    api = signed_in(owner)
    with override_settings(CALLS_PER_MINUTE=2), switched(ENABLE_RATE_LIMITING=True):
        answers = [api.get(CONSENTS) for _ in range(6)]
    last = answers[-1]
    assert (answers[0].status_code, last.status_code) == (200, 429)
    assert answers[0].headers["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert answers[0].headers["RateLimit"].startswith('"minute";r=1;t=')
    assert last.headers["RateLimit"].startswith('"minute";r=0;t=')
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    assert last.headers["Content-Type"] == "application/problem+json"


def test_one_callers_haste_is_not_anothers(owner: User) -> None:
    hasty, calm = signed_in(owner), signed_in(OwnerFactory())
    with override_settings(CALLS_PER_MINUTE=1), switched(ENABLE_RATE_LIMITING=True):
        statuses = [hasty.get("/api/v1/profile").status_code for _ in range(3)]
        assert calm.get("/api/v1/profile").status_code == 200
    assert 429 in statuses


def test_switched_off_nothing_is_counted(owner: User) -> None:
    api = signed_in(owner)
    with override_settings(CALLS_PER_MINUTE=1), switched(ENABLE_RATE_LIMITING=False):
        answers = [api.get(CONSENTS) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0].headers


def test_a_key_has_its_quota_a_day_and_its_owner_sees_the_count(owner: User) -> None:
    api = program(owner, 2)
    answers = [api.get(CONSENTS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"day";q=2;w=86400'
    assert int(answers[2].headers["Retry-After"]) <= 86_400
    assert signed_in(owner).get(KEYS).json()["results"][0]["calls_today"] == 3


def test_without_the_counter_reads_go_on_and_keys_change_nothing(owner: User) -> None:
    person, key = signed_in(owner), program(owner, 9, "view_consents", "request_score")
    with override_settings(CACHES=NOWHERE, CALLS_PER_MINUTE=1):
        assert [person.get(CONSENTS).status_code for _ in range(2)] == [200, 200]
        assert key.get(CONSENTS).status_code == 200
        refused = key.post(SCORE, {"gstin": "x"})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert person.get(KEYS).json()["results"][0]["calls_today"] is None


def test_the_day_is_an_indian_one() -> None:
    assert until_midnight(datetime(2026, 11, 1, 18, 29, 30, tzinfo=UTC)) == 30
    assert until_midnight(datetime(2026, 11, 1, 18, 30, tzinfo=UTC)) == 86_400
