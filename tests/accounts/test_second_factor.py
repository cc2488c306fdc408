"""Codes, recovery codes and step-up, through the doors."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client, override_settings
from rest_framework.test import APIClient

from accounts.models import AuditEntry, Flag, FlagName, TokenFamily, User
from accounts.models.flags import KEPT
from creditiq.kernel.clock import now
from tests.accounts.conftest import signed_in
from tests.accounts.second_factors import totp
from tests.factories.accounts import PASSWORD, AdminFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db
SIGN_IN, STEP_UP, MFA = "/api/v1/auth/sign_in", "/api/v1/auth/step_up", "/api/v1/auth/mfa"
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture(autouse=True)
def _switches_as_they_are() -> None:
    cache.delete(KEPT)


@contextmanager
def switched(**positions: bool) -> Iterator[None]:
    """These switches, and nothing remembered of how they were."""
    defaults = {**dict.fromkeys(FlagName.values, False), "ENABLE_SIGN_UP": True, **positions}
    cache.delete(KEPT)
    with override_settings(FLAG_DEFAULTS=defaults):
        yield
    cache.delete(KEPT)


def enrolled(user: User) -> tuple[str, list[str]]:
    """An app added through the API: its secret, and the recovery codes. Takes the code of the period before."""
    api = signed_in(user)
    offer = api.post(f"{MFA}/totp").json()
    body = {"ticket": offer["ticket"], "code": totp(offer["secret"], now(), later=-1)}
    answer = api.post(f"{MFA}/totp/confirm", body)
    assert answer.status_code == 201, answer.json()
    return offer["secret"], answer.json()["recovery_codes"]


def test_the_test_app_agrees_with_the_rfc() -> None:
    assert totp(RFC_SECRET, now().fromtimestamp(1111111109, tz=now().tzinfo)) == "081804"


def test_an_app_counts_once_its_first_code_has_come_back() -> None:
    user = UserFactory()
    api = signed_in(user)
    offer = api.post(f"{MFA}/totp").json()
    wrong = api.post(f"{MFA}/totp/confirm", {"ticket": offer["ticket"], "code": "000000"})
    assert (wrong.status_code, wrong.json()["errors"][0]["rule"]) == (422, "code.wrong")
    assert not Authenticator.objects.exists()
    secret, codes = enrolled(user)
    assert len(codes) == len(set(codes)) == 10
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_somebody_elses_offer_is_not_mine() -> None:
    offer = signed_in(UserFactory()).post(f"{MFA}/totp").json()
    body = {"ticket": offer["ticket"], "code": totp(offer["secret"], now())}
    assert signed_in(UserFactory()).post(f"{MFA}/totp/confirm", body).status_code == 404


def test_the_api_asks_for_the_code_only_after_the_right_password(api: APIClient) -> None:
    user = UserFactory()
    secret, _ = enrolled(user)
    right = {"email": user.email, "password": PASSWORD}
    assert api.post(SIGN_IN, {**right, "password": "a wrong phrase"}).json()["type"].endswith("authentication_failed")
    asked = api.post(SIGN_IN, right)
    assert (asked.status_code, asked.json()["type"]) == (401, "urn:creditiq:problem:second_factor_required")
    assert api.post(SIGN_IN, {**right, "code": "000000"}).status_code == 401
    assert api.post(SIGN_IN, {**right, "code": totp(secret, now())}).status_code == 200


def test_a_code_is_good_once_and_an_earlier_one_is_not_good_after_it(api: APIClient) -> None:
    user = UserFactory()
    secret, _ = enrolled(user)
    at = now()
    body = {"email": user.email, "password": PASSWORD, "code": totp(secret, at, later=1)}
    assert api.post(SIGN_IN, body).status_code == 200
    assert api.post(SIGN_IN, body).status_code == 401
    assert api.post(SIGN_IN, {**body, "code": totp(secret, at)}).status_code == 401


def test_a_recovery_code_opens_once(api: APIClient) -> None:
    user = UserFactory()
    _, codes = enrolled(user)
    body = {"email": user.email, "password": PASSWORD, "code": codes[3].upper()}
    assert api.post(SIGN_IN, body).status_code == 200
    assert api.post(SIGN_IN, body).status_code == 401
    assert AuditEntry.objects.filter(action="recovery_code.used").count() == 1


def test_wrong_codes_lock_like_wrong_passwords(api: APIClient) -> None:
    user = UserFactory()
    enrolled(user)
    body = {"email": user.email, "password": PASSWORD, "code": "000000"}
    statuses = [api.post(SIGN_IN, body).status_code for _ in range(7)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_the_portal_asks_on_a_second_page_and_nothing_is_open_before(client: Client) -> None:
    user = UserFactory()
    secret, _ = enrolled(user)
    form = {"username": user.email, "password": PASSWORD, "next": "/welcome"}
    assert client.post("/sign-in", form).headers["Location"] == "/sign-in/second-step"
    assert client.get("/welcome").status_code == 302
    assert client.post("/sign-in/second-step", {"code": "000000"}).status_code == 422
    entered = client.post("/sign-in/second-step", {"code": totp(secret, now())})
    assert entered.headers["Location"] == "/welcome"
    assert client.get("/welcome").status_code == 200


def test_nobody_is_at_the_second_step_without_the_first(client: Client) -> None:
    assert client.get("/sign-in/second-step").headers["Location"] == "/sign-in"
    assert client.post("/sign-in/second-step", {"code": "123456"}).headers["Location"] == "/sign-in"


def test_the_portal_shows_recovery_codes_once(client: Client) -> None:
    user = UserFactory()
    client.post("/sign-in", {"username": user.email, "password": PASSWORD})
    page = client.get("/account/authenticator").content.decode()
    ticket, secret = re.search(r'name="ticket" value="([^"]+)"', page)[1], re.search(r"data-secret>(\w+)<", page)[1]
    shown = client.post("/account/authenticator", {"ticket": ticket, "code": totp(secret, now())}).content.decode()
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", shown)
    assert len(codes) == 10
    assert not any(code in client.get("/account/security").content.decode() for code in codes)


def test_a_grave_act_asks_again_on_the_portal_and_leads_back(client: Client) -> None:
    admin, user = AdminFactory(), UserFactory()
    client.force_login(admin)
    address, form = f"/admin/people/{user.uuid}", {"role": "individual", "is_active": "on"}
    with switched(ENABLE_STEP_UP=True):
        sent = client.post(address, form, headers={"Referer": f"http://testserver{address}"})
        assert sent.headers["Location"].startswith("/account/confirm?next=http")
        back = client.post("/account/confirm", {"password": PASSWORD, "next": f"http://testserver{address}"})
        assert back.headers["Location"].endswith(address)
        assert client.post(address, form).headers["Location"] == "/admin/people"


def test_a_grave_act_tells_the_client_of_the_api_to_step_up() -> None:
    admin, user = AdminFactory(), UserFactory()
    api = signed_in(admin)
    TokenFamily.objects.update(confirmed_at=None)
    body = {"role": "individual", "is_active": False}
    with switched(ENABLE_STEP_UP=True):
        refused = api.patch(f"/api/v1/users/{user.uuid}", body)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:creditiq:problem:step_up_required")
        assert api.post(STEP_UP, {"password": "a wrong phrase"}).status_code == 401
        assert api.post(STEP_UP, {"password": PASSWORD}).status_code == 204
        assert api.patch(f"/api/v1/users/{user.uuid}", body).status_code == 200


def test_who_has_an_app_steps_up_by_code_and_not_by_password() -> None:
    admin = AdminFactory()
    secret, _ = enrolled(admin)
    body = {"email": admin.email, "password": PASSWORD, "code": totp(secret, now())}
    token = APIClient().post(SIGN_IN, body).json()["access_token"]
    api = APIClient(headers={"Authorization": f"Bearer {token}"})
    assert api.post(STEP_UP, {"password": PASSWORD}).status_code == 401
    assert api.post(STEP_UP, {"code": totp(secret, now(), later=1)}).status_code == 204


def test_staff_without_a_second_factor_get_no_further_than_adding_one(client: Client) -> None:
    officer = OfficerFactory()
    client.force_login(officer)
    with switched(ENABLE_MFA=True):
        assert client.get("/officer").headers["Location"] == "/account/security"
        assert "Staff need a second factor" in client.get("/account/security").content.decode()
        api = signed_in(officer)
        assert api.get("/api/v1/consents").json()["type"] == "urn:creditiq:problem:second_factor_needed"
        enrolled(officer)
        assert client.get("/officer/access").status_code == 200


def test_staff_keep_one_factor_while_the_switch_is_on() -> None:
    officer = OfficerFactory()
    secret, _ = enrolled(officer)
    body = {"email": officer.email, "password": PASSWORD, "code": totp(secret, now())}
    api = APIClient(headers={"Authorization": f"Bearer {APIClient().post(SIGN_IN, body).json()['access_token']}"})
    factor = api.get(MFA).json()["apps"][0]["id"]
    with switched(ENABLE_MFA=True):
        assert api.delete(f"{MFA}/factors/{factor}").status_code == 409
    cache.delete(KEPT)
    assert api.delete(f"{MFA}/factors/{factor}").status_code == 204
    assert not Authenticator.objects.exists()


def test_nobody_removes_somebody_elses_factor() -> None:
    enrolled(UserFactory())
    factor = Authenticator.objects.get(type="totp").pk
    assert signed_in(UserFactory()).delete(f"{MFA}/factors/{factor}").status_code == 404


def test_an_administrator_takes_the_factors_of_who_lost_them(client: Client) -> None:
    user = UserFactory()
    enrolled(user)
    client.force_login(AdminFactory())
    assert client.post(f"/admin/people/{user.uuid}/factors/reset").status_code == 302
    assert not Authenticator.objects.exists()
    user.refresh_from_db()
    assert user.token_version == 1


def test_a_switch_is_moved_on_record_and_one_held_off_stays_off() -> None:
    api = signed_in(AdminFactory())
    assert api.put("/api/v1/flags/ENABLE_MFA", {"is_on": True}).status_code == 200
    assert Flag.objects.positions()["ENABLE_MFA"] is True
    assert AuditEntry.objects.filter(action="flag.switched").count() == 1
    assert api.put("/api/v1/flags/ENABLE_NOTHING", {"is_on": True}).status_code in {403, 404}
    with override_settings(FLAGS_FORCED_OFF=["ENABLE_MFA"]):
        assert Flag.objects.positions()["ENABLE_MFA"] is False
