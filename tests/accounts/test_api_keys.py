"""A program acts for a person by a key: within its scopes, from where it may, until it is revoked."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts import services
from accounts.models import ApiKey, AuditEntry, TokenFamily, User
from creditiq.kernel.clock import now
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from tests.accounts.conftest import signed_in
from tests.accounts.test_second_factor import switched
from tests.factories.accounts import MembershipFactory, OfficerFactory, OwnerFactory

pytestmark = pytest.mark.django_db
KEYS, CONSENTS, PROFILE = "/api/v1/keys", "/api/v1/consents", "/api/v1/profile"


@pytest.fixture
def owner() -> User:
    return MembershipFactory(user=OwnerFactory()).user


def made_for(user: User, *scopes: str, **terms: object) -> services.MadeKey:
    wanted = services.KeyTerms(name="nightly", scopes=scopes or ("view_consents",), **terms)
    return services.create_key(terms=wanted, by=user, at=now())


def program(secret: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {secret}")
    return client


def test_a_key_opens_what_its_scopes_name_and_nothing_else(owner: User) -> None:
    api = program(made_for(owner).secret)
    assert api.get(CONSENTS).status_code == 200
    assert api.get("/api/v1/features").status_code == 403
    assert api.post("/api/v1/score", {"gstin": "x"}).status_code == 403
    assert api.get(PROFILE).status_code == 403
    assert api.get(KEYS).status_code == 403


def test_only_a_digest_rests_here_and_the_trail_knows_of_it(owner: User) -> None:
    made = made_for(owner)
    row = ApiKey.objects.get()
    assert made.secret.startswith(f"ciq_live_{row.prefix}_")
    assert made.secret not in str(ApiKey.objects.values().get())
    assert len(made.secret.partition(f"{row.prefix}_")[2]) >= 43
    assert AuditEntry.objects.filter(action="api_key.created").exists()
    assert made.secret not in AuditEntry.objects.get(action="api_key.created").payload


def test_a_key_in_the_address_or_slightly_wrong_is_no_key(owner: User) -> None:
    secret = made_for(owner).secret
    assert APIClient().get(f"{CONSENTS}?api_key={secret}").status_code == 401
    for wrong in (secret[:-1], secret + "x", "ciq_live_00000000_x", "ciq_live_", "x y"):
        answer = program(wrong).get(CONSENTS)
        assert (answer.status_code, answer.headers["WWW-Authenticate"][:6]) == (401, "Bearer")


def test_a_revoked_a_late_and_a_closed_persons_key_open_nothing(owner: User) -> None:
    made = made_for(owner)
    with pytest.raises(services.KeyRefused):
        services.admitted_key(presented=made.secret, address="", at=made.key.expires_at)
    services.revoke_key(key_id=made.key.uuid, by=owner, at=now())
    services.revoke_key(key_id=made.key.uuid, by=owner, at=now())
    assert AuditEntry.objects.filter(action="api_key.revoked").count() == 1
    assert program(made.secret).get(CONSENTS).status_code == 401
    other = made_for(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert program(other.secret).get(CONSENTS).status_code == 401


def test_a_key_is_good_from_its_addresses_only(owner: User) -> None:
    api = program(made_for(owner, addresses=("203.0.113.0/24",)).secret)
    assert api.get(CONSENTS).json()["type"] == "urn:creditiq:problem:address_refused"
    assert api.get(CONSENTS, REMOTE_ADDR="203.0.113.9").status_code == 200
    with pytest.raises(InvalidInput, match=r"203\.0\.113"):
        made_for(owner, addresses=("home",))


def test_after_a_rotation_both_open_until_the_overlap_ends(owner: User) -> None:
    old = made_for(owner)
    new = services.rotate_key(key_id=old.key.uuid, by=owner, at=now())
    assert [program(key.secret).get(CONSENTS).status_code for key in (old, new)] == [200, 200]
    later = now() + timedelta(hours=25)
    assert services.admitted_key(presented=new.secret, address="", at=later).scopes == ["view_consents"]
    with pytest.raises(services.KeyRefused):
        services.admitted_key(presented=old.secret, address="", at=later)
    with pytest.raises(services.UnableToMakeKey):
        services.rotate_key(key_id=old.key.uuid, by=owner, at=now())


def test_a_key_can_do_no_more_than_its_person_and_never_decides(owner: User) -> None:
    with pytest.raises(Forbidden):
        made_for(owner, "view_queue")
    with pytest.raises(InvalidInput):
        made_for(owner, "grant_consent")
    officer = OfficerFactory()
    made = made_for(officer, "view_queue")
    with pytest.raises(NotVisible):
        services.revoke_key(key_id=made.key.uuid, by=owner, at=now())
    User.objects.filter(pk=officer.pk).update(role="credit_analyst")
    assert program(made.secret).get("/api/v1/applications").status_code == 403


def test_keys_are_made_in_person_who_just_confirmed(owner: User) -> None:
    api, late = signed_in(owner), Client()
    late.force_login(owner, backend="accounts.adapters.VerifiedBackend")
    session = late.session
    session.pop("confirmed_at", None)
    session.save()
    with switched(ENABLE_STEP_UP=True):
        assert api.post(KEYS, {"name": "nightly", "scopes": ["view_consents"]}).status_code == 201
        TokenFamily.objects.update(confirmed_at=None)
        refused = api.post(KEYS, {"name": "nightly", "scopes": ["view_consents"]})
        answer = late.post("/account/keys", {"name": "n", "scopes": "view_consents", "days": 9, "quota_per_day": 9})
    assert refused.json()["type"] == "urn:creditiq:problem:step_up_required"
    assert (answer.status_code, answer.headers["Location"][:16]) == (302, "/account/confirm")


def test_keys_over_the_api_from_making_to_revoking(owner: User) -> None:
    api = signed_in(owner)
    key = api.post(KEYS, {"name": "nightly", "scopes": ["view_consents"], "days": 3}).json()
    listed = api.get(KEYS).json()["results"][0]
    assert (listed["id"], listed["scopes"], listed["is_live"]) == (key["id"], ["view_consents"], True)
    assert key["key"] not in str(listed)
    assert api.post(f"{KEYS}/{key['id']}/rotate").status_code == 201
    assert api.delete(f"{KEYS}/{key['id']}").status_code == 204
    assert signed_in(OwnerFactory()).delete(f"{KEYS}/{key['id']}").status_code == 404


def test_the_page_shows_a_key_once(owner: User) -> None:
    client = Client()
    client.force_login(owner, backend="accounts.adapters.VerifiedBackend")
    assert b"No keys" in client.get("/account/keys").content
    assert client.post("/account/keys").status_code == 422
    form = {"name": "n", "scopes": "view_consents", "days": 9, "quota_per_day": 9, "addresses": "203.0.113.7"}
    shown = client.post("/account/keys", form).content.decode()
    key = ApiKey.objects.get()
    assert f"ciq_live_{key.prefix}_" in shown
    again = client.get("/account/keys").content.decode()
    assert f"ciq_live_{key.prefix}_…" in again
    assert client.post(f"/account/keys/{key.uuid}/rotate").status_code == 200
    assert client.post(f"/account/keys/{key.uuid}/revoke").status_code == 302


def test_lists_of_keys_ask_the_same_number_of_questions(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    api, client = signed_in(owner), Client()
    client.force_login(owner, backend="accounts.adapters.VerifiedBackend")
    for _ in range(3):
        made_for(owner)
    client.get("/account/keys")
    with django_assert_num_queries(2):
        api.get("/api/v1/keys")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get("/account/keys")


PAGE_QUERIES = 4
"""Session, person, keys, and the bell of the frame."""


def test_a_score_by_key_is_the_same_request_and_takes_keys_only(owner: User) -> None:
    gstin = owner.memberships.get().business.gstin
    api = program(made_for(owner, "request_score", "view_score").secret)
    answer = api.post("/api/v1/score/by_key", {"gstin": gstin})
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/score/{answer.json()['task_id']}"
    assert signed_in(owner).post("/api/v1/score/by_key", {"gstin": gstin}).status_code == 403
