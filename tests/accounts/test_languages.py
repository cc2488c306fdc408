"""The language of the pages: chosen anywhere, kept on the device and in the profile, English for staff."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from tests.factories.accounts import MembershipFactory, OfficerFactory

pytestmark = pytest.mark.django_db

CONSENTS = {
    "en": "Nobody may read your evidence",
    "hi": "कोई भी आपके प्रमाण नहीं पढ़ सकता",
    "mr": "कोणीही तुमचे पुरावे वाचू शकत नाही",
    "ta": "யாரும் உங்கள் சான்றுகளைப் படிக்க முடியாது",
    "te": "మీ ఆధారాలు ఎవరూ చదవలేరు",
    "kn": "ನಿಮ್ಮ ಪುರಾವೆಯನ್ನು ಯಾರೂ ಓದುವಂತಿಲ್ಲ",
}


@pytest.fixture
def owner() -> User:
    return MembershipFactory().user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


def page_of(client: Client) -> str:
    return client.get(reverse("accounts:consents")).content.decode()


@pytest.mark.parametrize(("language", "says"), CONSENTS.items())
def test_the_page_speaks_the_language_of_the_profile(language: str, says: str, owner: User) -> None:
    owner.language = language
    owner.save()
    page = page_of(signed_in(owner))
    assert says in page
    assert f'<html lang="{language}"' in page


def test_a_choice_stays_on_the_device_and_in_the_profile(owner: User) -> None:
    client = signed_in(owner)
    answer = client.post(reverse("accounts:language"), {"language": "ta", "next": reverse("accounts:consents")})
    assert (answer.status_code, answer["Location"]) == (302, reverse("accounts:consents"))
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ta"
    owner.refresh_from_db()
    assert owner.language == "ta"
    assert AuditEntry.objects.filter(action="profile.changed").count() == 1
    assert CONSENTS["ta"] in page_of(client)
    client.post(reverse("accounts:language"), {"language": "ta"})
    assert AuditEntry.objects.filter(action="profile.changed").count() == 1


def test_a_stranger_chooses_before_signing_in() -> None:
    client = Client()
    client.post(reverse("accounts:language"), {"language": "hi", "next": "/sign-in"})
    page = client.get("/sign-in").content.decode()
    assert '<html lang="hi"' in page
    assert "साइन इन करें" in page


@pytest.mark.parametrize("fields", [{"language": "xx"}, {"language": ""}, {}])
def test_an_unknown_language_changes_nothing(fields: dict[str, str], owner: User) -> None:
    client = signed_in(owner)
    assert client.post(reverse("accounts:language"), fields).status_code == 302
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies
    owner.refresh_from_db()
    assert owner.language == "en"


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_the_way_back_stays_in_the_house(to: str, owner: User) -> None:
    answer = signed_in(owner).post(reverse("accounts:language"), {"language": "hi", "next": to})
    assert answer["Location"] == "/"


def test_pages_of_staff_stay_english() -> None:
    officer = OfficerFactory(language="hi")
    client = signed_in(officer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "hi"
    page = client.get(reverse("accounts:account")).content.decode()
    assert '<html lang="en"' in page
    assert 'name="language"' in page
