"""Pages: sign in, sign out, welcome, overview, and the configuration behind our own door."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.models import AuditEntry, Organisation, OrganisationStatus, Role, User
from accounts.services import PERSONAS, NewPerson, create_user
from creditiq.kernel import health
from tests.factories.accounts import (
    AT,
    PASSWORD,
    AdminFactory,
    AnalystFactory,
    BankFactory,
    BusinessFactory,
    ConsentFactory,
    OfficerFactory,
    PlatformFactory,
    RiskManagerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def enter(client: Client, user: User, **fields: str) -> HttpResponse:
    return client.post("/sign-in", {"username": user.email, "password": PASSWORD, **fields})


def test_the_demo_offers_a_card_per_persona_that_posts_the_same_form(client: Client) -> None:
    page = client.get("/sign-in").content.decode()
    assert page.count("data-persona=") == len(PERSONAS) == 9
    assert 'value="priya@creditiq.example"' in page


def test_outside_the_demo_there_are_no_cards(client: Client) -> None:
    with override_settings(DEMO=False):
        page = client.get("/sign-in").content.decode()
    assert "data-persona" not in page
    assert "demo" not in page


def test_a_persona_signs_in_with_one_click_and_lands_on_the_front_page() -> None:
    priya = PERSONAS[0]
    person = NewPerson(priya.email, "demo", priya.first_name, priya.last_name, role=priya.role)
    create_user(person=person, at=AT, demo=True)
    client = Client(enforce_csrf_checks=True)
    token = client.get("/sign-in").context["csrf_token"]
    form = {"username": priya.email, "password": "demo", "csrfmiddlewaretoken": str(token), "next": ""}
    answer = client.post("/sign-in", form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert AuditEntry.objects.filter(action="session.opened").exists()


def test_an_entry_carries_the_request_and_a_commitment_to_the_address(client: Client) -> None:
    answer = enter(client, UserFactory())
    entry = AuditEntry.objects.get(action="session.opened")
    assert entry.request_id == answer.headers["X-Request-ID"]
    assert len(entry.address) == 64
    assert "127.0.0.1" not in entry.address


def test_the_way_back_stays_in_the_house(client: Client) -> None:
    user = UserFactory()
    assert enter(client, user, next="/welcome").headers["Location"] == "/welcome"
    client.logout()
    assert enter(client, user, next="https://elsewhere.example/").headers["Location"] == "/"


def test_a_wrong_password_keeps_the_address_and_says_one_sentence(client: Client) -> None:
    user = UserFactory()
    page = client.post("/sign-in", {"username": user.email, "password": "wrong phrase"}).content.decode()
    assert "The e-mail or the password is wrong." in page
    assert user.email in page


def test_people_of_a_suspended_bank_are_told_why_on_the_page(client: Client) -> None:
    officer = OfficerFactory(organisation__status=OrganisationStatus.SUSPENDED, organisation__name="Axis Bank")
    assert "Axis Bank is suspended" in enter(client, officer).content.decode()
    assert client.get("/welcome").status_code == 302


def test_the_fifth_wrong_password_locks_with_a_page(client: Client) -> None:
    user = UserFactory()
    answers = [client.post("/sign-in", {"username": user.email, "password": "wrong phrase"}) for _ in range(5)]
    assert answers[-1].status_code == 429
    assert "Too many wrong passwords" in answers[-1].content.decode()
    assert enter(client, user).status_code == 429


def test_another_spelling_of_the_address_counts_as_the_same(client: Client) -> None:
    user = UserFactory()
    local = user.email.partition("@")[0]
    for spelling in (user.email, user.email.upper(), user.email.title(), f"{local.upper()}@people.example"):
        client.post("/sign-in", {"username": spelling, "password": "wrong phrase"})
    assert client.post("/sign-in", {"username": user.email, "password": "wrong phrase"}).status_code == 429


def test_signing_out_takes_a_post_and_twice_is_harmless(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.post("/sign-out").status_code == 302
    assert client.get("/welcome").status_code == 302
    assert AuditEntry.objects.filter(action="session.closed").count() == 1


def test_configuration_has_the_same_way_out(client: Client) -> None:
    client.force_login(AdminFactory())
    assert client.post("/django-admin/logout/").headers["Location"] == "/sign-in"
    assert AuditEntry.objects.filter(action="session.closed").count() == 1


def test_a_raised_token_version_ends_the_portal_session(client: Client) -> None:
    user = UserFactory()
    enter(client, user)
    assert client.get("/welcome").status_code == 200
    User.objects.filter(pk=user.pk).update(token_version=1)
    assert client.get("/welcome").status_code == 302


def test_the_overview_shows_people_banks_health_and_the_trail(client: Client) -> None:
    BankFactory(name="Axis Bank", suspended=True)
    ConsentFactory()
    audit.record("test.act", target="thing", at=AT)
    health.register("test part", lambda: {"ok": False, "lag": 3})
    client.force_login(AdminFactory())
    page = client.get("/overview").content.decode()
    health.register("test part", lambda: {"ok": True})
    for word in ("Axis Bank", "Suspended", "test.act", "test part", "Not well"):
        assert word in page


def queries_of_overview(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get("/overview")
    return len(queries)


def test_the_overview_takes_the_same_queries_however_many_banks(client: Client) -> None:
    client.force_login(AdminFactory())
    client.get("/overview")
    with_none = queries_of_overview(client)
    for _ in range(5):
        consent = ConsentFactory()
        audit.record("test.act", target="thing", at=AT, organisation=consent.organisation)
    assert queries_of_overview(client) == with_none


def test_the_chain_panel_says_whether_the_chains_hold(client: Client) -> None:
    client.force_login(RiskManagerFactory())
    audit.record("test.act", target="thing", at=AT)
    assert "Chains verified" in client.get("/overview/chain").content.decode()


@pytest.mark.parametrize("path", ["/overview", "/overview/chain", "/django-admin/"])
def test_administration_is_for_those_who_may(client: Client, path: str) -> None:
    assert client.get(path, follow=True).redirect_chain[-1][0].startswith("/sign-in?next=")
    client.force_login(AnalystFactory())
    assert client.get(path).status_code == 403


@pytest.mark.parametrize(
    "model", ["user", "organisation", "business", "membership", "consent", "auditentry", "policyversion"]
)
def test_configuration_lists_every_table(client: Client, model: str) -> None:
    ConsentFactory()
    audit.record("test.act", target="thing", at=AT)
    client.force_login(AdminFactory())
    assert client.get(f"/django-admin/accounts/{model}/").status_code == 200
    assert client.get(f"/django-admin/accounts/{model}/add/").status_code == 403


def test_what_needs_two_people_cannot_be_changed_in_configuration(client: Client) -> None:
    client.force_login(AdminFactory())
    for model, row in (("consent", ConsentFactory()), ("business", BusinessFactory())):
        assert client.get(f"/django-admin/accounts/{model}/{row.pk}/change/").status_code == 200
        assert client.post(f"/django-admin/accounts/{model}/{row.pk}/change/", {}).status_code == 403
        assert client.post(f"/django-admin/accounts/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_configuration_changes_access_through_the_service(client: Client) -> None:
    admin, user = AdminFactory(), UserFactory()
    client.force_login(admin)
    form = {"role": Role.CREDIT_ANALYST, "organisation": PlatformFactory().pk, "is_active": "on"}
    assert client.post(f"/django-admin/accounts/user/{user.pk}/change/", form).status_code == 302
    user.refresh_from_db()
    assert (user.role, user.token_version) == (Role.CREDIT_ANALYST, 1)
    assert AuditEntry.objects.filter(action="user.access_changed").exists()
    assert client.post(f"/django-admin/accounts/user/{admin.pk}/change/", form).status_code == 403


def test_configuration_suspends_a_bank_but_not_the_platform(client: Client) -> None:
    bank = BankFactory()
    client.force_login(AdminFactory())
    form = {"status": "suspended"}
    assert client.post(f"/django-admin/accounts/organisation/{bank.pk}/change/", form).status_code == 302
    assert not Organisation.objects.get(pk=bank.pk).is_active
    platform = PlatformFactory()
    assert client.post(f"/django-admin/accounts/organisation/{platform.pk}/change/", form).status_code == 403


def test_create_admin_makes_the_first_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    PlatformFactory()
    monkeypatch.setattr("builtins.input", lambda: PASSWORD)
    call_command("create_admin", "root@bank.example", "Asha", "Rao", "--password-stdin")
    assert User.objects.get(email="root@bank.example").role == Role.ADMIN
