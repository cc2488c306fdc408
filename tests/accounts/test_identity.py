"""Accounts from the first letter to the last session, through pages and API."""

import re

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts import selectors, services
from accounts.models import AccessReview, AuditEntry, Mail, OrganisationStatus, Role, TokenFamily, User
from creditiq.kernel.errors import InvalidInput
from tests.accounts.conftest import signed_in
from tests.factories.accounts import (
    AT,
    PASSWORD,
    AdminFactory,
    BankFactory,
    MembershipFactory,
    OfficerFactory,
    PlatformFactory,
    RiskManagerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NEW = "another long enough phrase"
SIGN_IN, ME = "/api/v1/auth/sign_in", "/api/v1/auth/me"


def link(word: str) -> str:
    """The link of the newest letter that begins with this word."""
    text = Mail.objects.latest("pk").text
    return "/" + re.search(rf"https?://[^/]+/({word}\S*)", text)[1]


def sign_up(client: Client, email: str) -> tuple[int, str]:
    form = {"email": email, "password": PASSWORD, "first_name": "Nila", "last_name": "Rao", "language": "en"}
    answer = client.post("/sign-up", form)
    return answer.status_code, answer.headers["Location"]


def test_a_stranger_signs_up_proves_the_address_and_sees_the_first_steps_once(client: Client) -> None:
    assert sign_up(client, "Nila@people.example") == (302, "/sign-in")
    form = {"username": "nila@people.example", "password": PASSWORD}
    assert "e-mail or the password is wrong" in client.post("/sign-in", form).content.decode()
    address = link("verify-email")
    assert "This is my address" in client.get(address).content.decode()
    assert client.post(address).headers["Location"] == "/sign-in"
    assert client.post(address).status_code == 409
    assert client.post("/sign-in", form).status_code == 302
    assert client.get("/").headers["Location"] == "/account/first-steps"
    assert "Claim your business" in client.get("/account/first-steps").content.decode()
    assert client.post("/account/first-steps").headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/welcome"
    assert client.get("/account/first-steps").headers["Location"] == "/"


def test_signing_up_with_a_taken_address_answers_the_same_and_changes_nothing(client: Client) -> None:
    taken = UserFactory()
    assert sign_up(client, taken.email) == sign_up(client, "free@people.example")
    assert User.objects.count() == 2
    user = User.objects.get(pk=taken.pk)
    assert (user.first_name, user.password) == (taken.first_name, taken.password)
    body = {"password": PASSWORD, "first_name": "N", "last_name": "R"}
    answers = [
        APIClient().post("/api/v1/auth/sign_up", {**body, "email": email}) for email in (taken.email, "new@p.example")
    ]
    assert answers[0].json() == answers[1].json()


def test_a_forgotten_password_is_replaced_once_and_everything_open_ends(client: Client) -> None:
    user = UserFactory()
    token = APIClient().post(SIGN_IN, {"email": user.email, "password": PASSWORD}).json()["access_token"]
    assert client.post("/reset-password", {"email": user.email}).status_code == 302
    address = link("reset-password")
    assert client.post(address, {"password": "short"}).status_code == 422
    assert client.post(address, {"password": NEW}).headers["Location"] == "/sign-in"
    assert "used before" in client.post(address, {"password": NEW}).content.decode()
    assert APIClient(headers={"Authorization": f"Bearer {token}"}).get(ME).status_code == 401
    assert APIClient().post(SIGN_IN, {"email": user.email, "password": NEW}).status_code == 200


def test_asking_for_a_link_never_tells_whether_somebody_is_here() -> None:
    UserFactory(email="asha@people.example")
    answers = [
        APIClient().post("/api/v1/auth/password/reset", {"email": email})
        for email in ("asha@people.example", "nobody@people.example")
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert Mail.objects.count() == 1


def test_changing_the_password_keeps_this_session_and_ends_the_others(client: Client) -> None:
    user, elsewhere = UserFactory(), Client()
    for browser in (client, elsewhere):
        browser.post("/sign-in", {"username": user.email, "password": PASSWORD})
    assert client.post("/account/password", {"current": "wrong", "password": NEW}).status_code == 422
    assert client.post("/account/password", {"current": PASSWORD, "password": NEW}).status_code == 302
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_session_is_listed_with_its_device_and_can_be_ended_from_another(client: Client) -> None:
    user, phone = UserFactory(), Client(headers={"User-Agent": "A phone"})
    for browser in (client, phone):
        browser.post("/sign-in", {"username": user.email, "password": PASSWORD})
    api = signed_in(user)
    listed = {one["device"]: one for one in api.get("/api/v1/auth/sessions").json()}
    assert "A phone" in listed
    assert client.post("/account/sessions/end", {"session": listed["A phone"]["id"]}).status_code == 302
    assert phone.get("/account").status_code == 302
    assert client.get("/account").status_code == 200
    assert client.post("/account/sessions/end", {"session": "others"}).status_code == 302
    assert (client.get("/account").status_code, api.get(ME).status_code) == (200, 401)


def test_nobody_ends_somebody_elses_session() -> None:
    api = signed_in(UserFactory())
    theirs = signed_in(UserFactory()).get("/api/v1/auth/sessions").json()[0]["id"]
    assert api.delete(f"/api/v1/auth/sessions/{theirs}").status_code == 404
    mine = api.get("/api/v1/auth/sessions").json()[0]["id"]
    assert api.delete(f"/api/v1/auth/sessions/{mine}").status_code == 204
    assert api.get(ME).status_code == 401


def test_a_profile_is_read_and_changed_within_limits_and_the_trail_names_fields_only() -> None:
    user = UserFactory()
    api = signed_in(user)
    changed = api.patch("/api/v1/profile", {"phone": "+919812345678", "language": "hi", "address": "12, MG Road"})
    assert (changed.json()["language"], changed.json()["first_name"]) == ("hi", user.first_name)
    assert api.get("/api/v1/profile").json() == changed.json()
    assert api.patch("/api/v1/profile", {"phone": "98", "role": "admin"}).status_code == 422
    entry = AuditEntry.objects.get(action="profile.changed")
    assert entry.content == {"fields": ["address", "language", "phone"]}
    user.refresh_from_db()
    assert user.role == Role.INDIVIDUAL


def test_the_account_page_saves_the_same_profile(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    form = {"first_name": "Nila", "last_name": "Rao", "phone": "", "address": "", "language": "ta"}
    assert client.post("/account", form).status_code == 302
    assert client.post("/account", {**form, "phone": "12"}).status_code == 422
    user.refresh_from_db()
    assert (user.get_full_name(), user.language, user.wants_mail) == ("Nila Rao", "ta", False)


def test_short_passwords_with_four_classes_are_taken_only_where_the_operator_says_so() -> None:
    person = services.NewPerson("n@people.example", "Ab3$xyzw", "N", "R")
    with pytest.raises(InvalidInput, match="12"):
        services.sign_up(person=person, at=AT, origin="https://x.example")
    with override_settings(SHORT_PASSWORDS=True):
        services.sign_up(person=person, at=AT, origin="https://x.example")
    assert User.objects.filter(email="n@people.example").exists()


def test_letters_are_sent_and_wiped_outside_the_demo(mailoutbox: list[object]) -> None:
    UserFactory(email="asha@people.example")
    services.ask_reset(email="asha@people.example", at=AT, origin="https://x.example")
    mail = Mail.objects.get()
    with override_settings(DEMO=False):
        services.send_mail(mail_id=mail.pk, at=AT)
    services.send_mail(mail_id=mail.pk, at=AT)
    mail.refresh_from_db()
    assert (len(mailoutbox), mail.text, mail.sent_at) == (1, "", AT)


def test_the_outbox_exists_in_the_demo_only(client: Client) -> None:
    services.ask_reset(email=UserFactory().email, at=AT, origin="https://x.example")
    assert "Choose a new password" in client.get("/outbox").content.decode()
    with override_settings(DEMO=False):
        assert client.get("/outbox").status_code == 404


def test_an_invited_colleague_chooses_a_password_by_the_letter(client: Client) -> None:
    client.force_login(AdminFactory())
    bank = BankFactory()
    form = {"email": "new@bank.example", "first_name": "Asha", "last_name": "Rao", "role": "loan_officer"}
    assert client.post("/admin/people/invite", form).status_code == 422
    assert client.post("/admin/people/invite", {**form, "organisation": bank.pk}).status_code == 302
    stranger = Client()
    assert stranger.post(link("reset-password"), {"password": NEW}).status_code == 302
    assert stranger.post("/sign-in", {"username": "new@bank.example", "password": NEW}).status_code == 302


def test_people_are_listed_with_a_fixed_number_of_queries(client: Client) -> None:
    client.force_login(AdminFactory())
    client.get("/admin/people")
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/people")
    for _ in range(5):
        OfficerFactory()
    with CaptureQueriesContext(connection) as many:
        assert "Officer" not in client.get("/admin/people?q=nobody").content.decode()
        assert client.get("/admin/people").status_code == 200
    assert len(many) <= 2 * len(few)


def test_duties_add_to_a_role_and_an_auditor_only_reads() -> None:
    admin, platform = AdminFactory(), PlatformFactory()
    auditor = RiskManagerFactory(duties=["auditor"])
    api = signed_in(auditor)
    assert api.get("/api/v1/audit/verify").status_code == 200
    assert api.get("/api/v1/flags").status_code == 200
    assert api.put("/api/v1/flags/ENABLE_MFA", {"is_on": True}).status_code == 403
    assert api.post("/api/v1/consents", {}).status_code == 403
    user = OfficerFactory()
    access = {"role": "risk_manager", "organisation": str(platform.uuid), "duties": ["principal_officer"]}
    changed = signed_in(admin).patch(f"/api/v1/users/{user.uuid}", access)
    assert changed.json()["duties"] == ["principal_officer"]
    refused = signed_in(admin).patch(f"/api/v1/users/{user.uuid}", {"role": "individual", "duties": ["auditor"]})
    assert refused.status_code == 422


def test_nobody_edits_their_own_role_at_any_door(client: Client) -> None:
    admin = AdminFactory()
    client.force_login(admin)
    form = {"role": "risk_manager", "organisation": admin.organisation.pk, "is_active": "on"}
    assert client.post(f"/admin/people/{admin.uuid}", form).status_code == 422
    body = {"role": "risk_manager", "organisation": str(admin.organisation.uuid)}
    assert signed_in(admin).patch(f"/api/v1/users/{admin.uuid}", body).status_code == 403
    admin.refresh_from_db()
    assert admin.role == Role.ADMIN


def test_a_bank_is_founded_suspended_and_let_back_in(client: Client) -> None:
    client.force_login(AdminFactory())
    assert client.post("/admin/banks", {"name": "New Bank"}).status_code == 302
    bank = selectors.banks_page()[0]
    officer = signed_in(OfficerFactory(organisation=bank))
    assert client.post(f"/admin/banks/{bank.uuid}/status", {"status": "suspended"}).status_code == 302
    assert officer.get(ME).status_code == 401
    assert selectors.banks_page()[0].status == OrganisationStatus.SUSPENDED
    assert client.post(f"/admin/banks/{PlatformFactory().uuid}/status", {"status": "suspended"}).status_code == 404


def test_access_is_reviewed_once_a_quarter_by_somebody_else(client: Client) -> None:
    admin, officer = AdminFactory(), OfficerFactory()
    client.force_login(admin)
    assert officer.email in client.get("/admin/access-review").content.decode()
    form = {"person": officer.uuid, "is_right": "no"}
    assert client.post("/admin/access-review", form).status_code == 302
    assert client.post("/admin/access-review", form).status_code == 422
    assert client.post("/admin/access-review", {**form, "person": admin.uuid}).status_code == 422
    review = AccessReview.objects.get()
    assert (review.is_right, review.by, "loan_officer" in review.access) == (False, admin, True)


def test_a_closed_account_stops_at_once() -> None:
    member = MembershipFactory(user__role=Role.MSME_OWNER)
    api = signed_in(member.user)
    access = services.Access(member.user.role, None, is_active=False)
    services.change_access(user_id=member.user.pk, access=access, by=AdminFactory(), at=AT)
    assert api.get(ME).status_code == 401
    assert TokenFamily.objects.exists()
