"""Sign up, sign in, refresh, sign out: what a client of the API meets."""

from datetime import timedelta
from math import ceil

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.db.models import F
from django.test import override_settings
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts import services
from accounts.api.throttles import SignInThrottle
from accounts.models import AuditEntry, Mail, OrganisationStatus, TokenFamily, User
from creditiq.kernel.clock import now
from tests.accounts.conftest import signed_in
from tests.factories.accounts import PASSWORD, AdminFactory, MembershipFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db
SIGN_IN, SIGN_UP, REFRESH = "/api/v1/auth/sign_in", "/api/v1/auth/sign_up", "/api/v1/auth/refresh_token"
SIGN_OUT, ME = "/api/v1/auth/sign_out", "/api/v1/auth/me"


def tokens_of(user: User) -> dict[str, str]:
    return APIClient().post(SIGN_IN, {"email": user.email, "password": PASSWORD}).json()


def status_of_me(access_token: str) -> int:
    return APIClient().get(ME, headers={"Authorization": f"Bearer {access_token}"}).status_code


def test_an_account_can_sign_in_once_its_address_is_proved(api: APIClient) -> None:
    body = {"email": "Nila@people.example", "password": PASSWORD, "first_name": "Nila", "last_name": "Rao"}
    answer = api.post(SIGN_UP, {**body, "phone": "+919812345678", "language": "ta", "role": "admin"})
    assert answer.status_code == 202
    user = User.objects.get(email="nila@people.example")
    assert (user.role, user.language) == ("individual", "ta")
    assert api.post(SIGN_IN, {"email": user.email, "password": PASSWORD}).status_code == 401
    token = Mail.objects.get().text.partition("/verify-email/")[2].split()[0]
    assert api.post("/api/v1/auth/verify_email", {"token": token}).status_code == 204
    assert api.post("/api/v1/auth/verify_email", {"token": token}).status_code == 409
    signed = api.post(SIGN_IN, {"email": "NILA@people.example", "password": PASSWORD})
    assert signed.status_code == 200
    assert set(signed.json()) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (signed.json()["token_type"], signed.json()["expires_in"]) == ("Bearer", 900)


def test_signing_up_names_the_field_and_the_rule(api: APIClient) -> None:
    answer = api.post(SIGN_UP, {"email": "x", "password": "short", "first_name": "N", "phone": "98"})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    rules = {error["field"]: error["rule"] for error in answer.json()["errors"]}
    assert rules == {"email": "invalid", "last_name": "required", "phone": "invalid"}
    weak = api.post(SIGN_UP, {"email": "n@p.example", "password": "short", "first_name": "N", "last_name": "R"})
    assert [error["rule"] for error in weak.json()["errors"]] == ["password.weak"]


def test_me_is_the_person_with_organisation_and_business() -> None:
    membership, officer = MembershipFactory(user__password="!"), OfficerFactory()
    membership.user.set_password(PASSWORD)
    membership.user.save()
    mine = signed_in(membership.user).get(ME).json()
    assert mine["email"] == membership.user.email
    assert mine["business"] == {
        "id": str(membership.business.uuid), "gstin": membership.business.gstin, "name": membership.business.trade_name,
    }  # fmt: skip
    assert mine["organisation"] is None
    theirs = signed_in(officer).get(ME).json()
    assert (theirs["organisation"]["name"], theirs["business"]) == (officer.organisation.name, None)


def test_nobody_gets_a_challenge_and_a_problem(api: APIClient) -> None:
    answer = api.get(ME)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    problem = answer.json()
    assert (problem["type"], problem["status"], problem["title"]) == (
        "urn:creditiq:problem:not_authenticated", 401, "Unauthorized",
    )  # fmt: skip
    assert problem["request_id"]


@pytest.mark.parametrize("email", ["unknown@people.example", "closed@people.example", "asha@people.example"])
def test_a_wrong_password_an_unknown_and_a_closed_account_answer_the_same(api: APIClient, email: str) -> None:
    UserFactory(email="asha@people.example")
    UserFactory(email="closed@people.example", is_active=False)
    password = PASSWORD if email.startswith("closed") else "a wrong long phrase"
    answer = api.post(SIGN_IN, {"email": email, "password": password})
    assert answer.status_code == 401
    assert answer.json()["detail"] == "The e-mail or the password is wrong."
    assert "WWW-Authenticate" in answer.headers


def test_people_of_a_suspended_bank_are_told_why(api: APIClient) -> None:
    officer = OfficerFactory(organisation__status=OrganisationStatus.SUSPENDED, organisation__name="Axis Bank")
    answer = api.post(SIGN_IN, {"email": officer.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert "Axis Bank is suspended" in answer.json()["detail"]


def test_five_wrong_passwords_lock_the_account_for_this_address(api: APIClient) -> None:
    user = UserFactory()
    answers = [api.post(SIGN_IN, {"email": user.email, "password": "a wrong phrase"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429]
    right = api.post(SIGN_IN, {"email": user.email, "password": PASSWORD})
    assert right.status_code == 429
    assert right.headers["Content-Type"] == "application/problem+json"
    assert 0 < int(right.headers["Retry-After"]) <= 60
    elsewhere = api.post(SIGN_IN, {"email": user.email, "password": PASSWORD}, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200


def later(minutes: float) -> None:
    """As if the last wrong password was typed so long ago."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


def test_the_lock_grows_with_each_further_wrong_password_up_to_half_an_hour(api: APIClient) -> None:
    user = UserFactory()
    wrong, right = {"email": user.email, "password": "a wrong phrase"}, {"email": user.email, "password": PASSWORD}
    for _ in range(4):
        assert api.post(SIGN_IN, wrong).status_code == 401
    for minutes in (1, 2, 4, 8, 16, 30, 30):
        locked = api.post(SIGN_IN, wrong)
        assert (locked.status_code, ceil(int(locked.headers["Retry-After"]) / 60)) == (429, minutes)
        later(minutes - 0.5)
        assert api.post(SIGN_IN, right).status_code == 429, "what is tried while shut neither enters nor counts"
        later(0.6)
    assert api.post(SIGN_IN, right).status_code == 200
    assert api.post(SIGN_IN, wrong).status_code == 401, "the right password forgets the wrong ones"


def test_a_day_without_a_try_forgets(api: APIClient) -> None:
    user = UserFactory()
    for _ in range(5):
        api.post(SIGN_IN, {"email": user.email, "password": "a wrong phrase"})
    later(24 * 60 + 1)
    assert api.post(SIGN_IN, {"email": user.email, "password": "a wrong phrase"}).status_code == 401


def test_refreshing_gives_new_tokens_and_spends_the_old_one(api: APIClient) -> None:
    first = tokens_of(UserFactory())
    second = api.post(REFRESH, {"refresh_token": first["refresh_token"]})
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert status_of_me(second.json()["access_token"]) == 200


def test_a_replayed_refresh_token_ends_the_whole_family(api: APIClient) -> None:
    first = tokens_of(UserFactory())
    second = api.post(REFRESH, {"refresh_token": first["refresh_token"]}).json()
    assert api.post(REFRESH, {"refresh_token": first["refresh_token"]}).status_code == 401
    assert api.post(REFRESH, {"refresh_token": second["refresh_token"]}).status_code == 401
    assert status_of_me(second["access_token"]) == 401
    assert AuditEntry.objects.filter(action="session.replayed", outcome="refused").count() == 1


def test_another_sign_in_survives_the_end_of_a_family(api: APIClient) -> None:
    user = UserFactory()
    one, other = tokens_of(user), tokens_of(user)
    api.post(SIGN_OUT, headers={"Authorization": f"Bearer {one['access_token']}"})
    assert status_of_me(other["access_token"]) == 200


def test_signing_out_stops_both_tokens_at_once(api: APIClient) -> None:
    user = UserFactory()
    tokens = tokens_of(user)
    answer = api.post(SIGN_OUT, headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert answer.status_code == 204
    assert status_of_me(tokens["access_token"]) == 401
    assert api.post(REFRESH, {"refresh_token": tokens["refresh_token"]}).status_code == 401


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"token_version": 1}], ids=["closed account", "raised token version"]
)
def test_losing_access_stops_access_and_refresh(api: APIClient, change: dict[str, object]) -> None:
    user = UserFactory()
    tokens = tokens_of(user)
    User.objects.filter(pk=user.pk).update(**change)
    assert status_of_me(tokens["access_token"]) == 401
    assert api.post(REFRESH, {"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_suspending_a_bank_stops_its_tokens() -> None:
    officer = OfficerFactory()
    tokens = tokens_of(officer)
    services.change_organisation_status(
        organisation_id=officer.organisation_id, status="suspended", by=AdminFactory(), at=now()
    )
    assert status_of_me(tokens["access_token"]) == 401


def test_tokens_do_not_stand_in_for_one_another(api: APIClient) -> None:
    tokens = tokens_of(UserFactory())
    assert status_of_me(tokens["refresh_token"]) == 401
    assert api.post(REFRESH, {"refresh_token": tokens["access_token"]}).status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer nonsense", "Bearer ÿ"])
def test_a_malformed_header_is_refused(api: APIClient, header: str) -> None:
    assert api.get(ME, headers={"Authorization": header}).status_code == 401


def test_forged_and_expired_tokens_are_refused(api: APIClient) -> None:
    tokens_of(UserFactory())
    family = TokenFamily.objects.get()
    stale = AccessToken()
    stale["family"] = str(family.uuid)
    stale["version"] = 0
    stale.set_exp(lifetime=-timedelta(hours=1))
    assert status_of_me(str(stale)) == 401
    unknown = AccessToken()
    unknown["family"] = "not-a-uuid"
    assert status_of_me(str(unknown)) == 401
    assert api.post(REFRESH, {"refresh_token": str(RefreshToken())}).status_code == 401


def test_a_portal_session_may_use_the_api_and_sign_out_with_its_csrf_token() -> None:
    client, user = APIClient(enforce_csrf_checks=True), UserFactory()
    client.force_login(user)
    assert client.get(ME).json()["email"] == user.email
    assert client.post(SIGN_OUT).status_code == 403
    relaxed = APIClient()
    relaxed.force_login(user)
    assert relaxed.post(SIGN_OUT).status_code == 204
    assert relaxed.get(ME).status_code == 401


def test_sign_in_is_limited_per_address(api: APIClient, services: object) -> None:
    cache.clear()
    with override_settings(THROTTLE_RATES={"sign_in": "2/min"}):
        codes = [api.post(SIGN_IN, {"email": "x@y.example", "password": PASSWORD}).status_code for _ in range(3)]
        limited = api.post(SIGN_IN, {"email": "x@y.example", "password": PASSWORD})
    cache.clear()
    assert codes == [401, 401, 429]
    assert int(limited.headers["Retry-After"]) > 0


def test_without_the_counter_nobody_signs_in(api: APIClient) -> None:
    away = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere.sock"}}
    with override_settings(THROTTLE_RATES={"sign_in": "2/min"}, CACHES=away):
        SignInThrottle.cache = cache
        answer = api.post(SIGN_IN, {"email": "x@y.example", "password": PASSWORD})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
