"""The same Idempotency-Key is done once and answered alike."""

from datetime import timedelta
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts import services
from accounts.models import ApiKey, DataRequest, KeptAnswer, User
from accounts.tasks import forget_answers
from creditiq.kernel.clock import now
from tests.accounts.conftest import signed_in
from tests.factories.accounts import MembershipFactory, OwnerFactory

pytestmark = pytest.mark.django_db
ASK, BODY = "/api/v1/data_requests", {"kind": "correction", "text": "My name is Usha."}


@pytest.fixture
def owner() -> User:
    return MembershipFactory(user=OwnerFactory()).user


def keyed() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def test_the_second_time_repeats_status_and_body_and_does_nothing(owner: User) -> None:
    api, key = signed_in(owner), keyed()
    first = api.post(ASK, BODY, headers=key)
    again = signed_in(owner).post(ASK, BODY, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert (again.headers["Idempotent-Replayed"], "Idempotent-Replayed" in first.headers) == ("true", False)
    assert DataRequest.objects.count() == 1


def test_a_refusal_is_repeated_too(owner: User) -> None:
    api, key = signed_in(owner), keyed()
    answers = [api.post(ASK, {"kind": "nothing"}, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].content == answers[1].content


def test_another_body_is_422(owner: User) -> None:
    api, key = signed_in(owner), keyed()
    api.post(ASK, BODY, headers=key)
    other = api.post(ASK, {**BODY, "text": "Other."}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:creditiq:problem:idempotency_key_reused")


def test_while_the_first_is_being_worked_on_the_second_is_409(owner: User) -> None:
    api, key = signed_in(owner), keyed()
    api.post(ASK, BODY, headers=key)
    KeptAnswer.objects.update(status=None)
    answer = api.post(ASK, BODY, headers=key)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:creditiq:problem:idempotency_key_in_use")
    KeptAnswer.objects.update(begun_at=now() - timedelta(minutes=6))
    assert api.post(ASK, BODY, headers=key).json()["type"] != answer.json()["type"]


def test_a_key_is_its_callers_own(owner: User) -> None:
    key, other = keyed(), MembershipFactory(user=OwnerFactory()).user
    answers = [signed_in(one).post(ASK, BODY, headers=key) for one in (owner, other)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert DataRequest.objects.count() == 2
    assert APIClient().post(ASK, BODY, headers=key).status_code == 401


def test_a_secret_is_made_once_and_never_kept(owner: User) -> None:
    api, key = signed_in(owner), keyed()
    body = {"name": "nightly", "scopes": ["view_consents"]}
    made = api.post("/api/v1/keys", body, headers=key)
    again = api.post("/api/v1/keys", body, headers=key)
    assert (made.status_code, again.status_code) == (201, 409)
    assert again.json()["type"] == "urn:creditiq:problem:answer_not_kept"
    assert ApiKey.objects.count() == 1
    assert KeptAnswer.objects.get().body == ""


def test_a_malformed_key_is_told(owner: User) -> None:
    answer = signed_in(owner).post(ASK, BODY, headers={"Idempotency-Key": "a b"})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:creditiq:problem:idempotency_key_malformed")


def test_a_day_later_it_is_forgotten(owner: User) -> None:
    signed_in(owner).post(ASK, BODY, headers=keyed())
    KeptAnswer.objects.update(begun_at=now() - timedelta(hours=25))
    forget_answers()
    assert not KeptAnswer.objects.exists()
    assert services.forget_answers(at=now()) == 0
