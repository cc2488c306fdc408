"""What an owner reads about their data, their identity check and their account is in the language they chose."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("hi", "mr", "ta", "te", "kn")
SAID = {
    "accounts:own_data": ("A copy", "Your nominee", "Erase my account", "Nothing asked", "How to reach them"),
    "accounts:own_trail": ("What is on record about you", "Download the verifier"),
    "accounts:kyc": ("The identity check is not done", "Not sent", "Send a paper", "Proof of address", "Basic"),
    "accounts:kyc_owners": ("Who owns the business", "More lines", "Date of birth", "Company or firm"),
    "accounts:claim": ("Which business is yours?", "Registration certificate", "GSTIN, PAN or Udyam number"),
    "accounts:security": ("Where you are signed in", "Second factor", "Change the password"),
    "accounts:password": ("Change your password", "Current password", "Your other sessions end."),
    "wallets:wallets": ("No wallet yet", "Add a wallet", "Scores so far", "What you call it."),
    "accounts:give_consent": ("Evidence from", "How often they may look", "As long as access lasts"),
}


@pytest.fixture
def owner() -> User:
    return MembershipFactory().user


def page(user: User, name: str, language: str) -> str:
    user.language = language
    user.save()
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", SAID)
def test_a_page_says_in_each_language_what_it_says_in_english(owner: User, name: str) -> None:
    plain = page(owner, name, "en")
    assert [text for text in SAID[name] if text not in plain] == []
    for language in LANGUAGES:
        spoken = page(owner, name, language)
        assert [text for text in SAID[name] if text in spoken] == []


def test_a_refused_request_is_refused_in_the_owners_words(owner: User) -> None:
    owner.language = "hi"
    owner.save()
    client = Client()
    client.force_login(owner, backend="accounts.adapters.VerifiedBackend")
    answer = client.post(reverse("accounts:own_data"), {"kind": "grievance", "text": ""})
    assert answer.status_code == 422
    assert "लिखें कि क्या बदलना चाहिए।" in answer.content.decode()
