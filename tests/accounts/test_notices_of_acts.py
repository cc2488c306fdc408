"""Whoever is concerned hears of an act: in the tray and, unless they want none, by a letter."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts import services
from accounts.models import DataRequestKind, Mail, Notification, User
from accounts.permissions import Capability
from tests.factories.accounts import AT, AdminFactory, OwnerFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery-staple"


def told(user: User) -> list[str]:
    return [news.topic for news in Notification.objects.of(user).order_by("pk")]


@pytest.fixture
def owner() -> User:
    return OwnerFactory()


def test_a_made_key_is_told_to_its_person(owner: User) -> None:
    terms = services.KeyTerms(name="Tally", scopes=(Capability.VIEW_OWN_SCORE,), days=30)
    services.create_key(terms=terms, by=owner, at=AT)
    assert told(owner) == ["api_key.made"]
    assert "“Tally”" in Mail.objects.get(to=owner.email).text


def test_an_answered_data_request_is_told(owner: User) -> None:
    asked = services.ask_about_data(kind=DataRequestKind.CORRECTION, text="My name is wrong.", by=owner, at=AT)
    services.answer_data_request(request_id=asked.uuid, answer="It is right now.", by=AdminFactory(), at=AT)
    assert told(owner) == ["data_request.answered"]


def sign_in(owner: User, browser: str) -> None:
    given = {"username": owner.email, "password": PASSWORD}
    answer = Client().post("/sign-in", given, headers={"User-Agent": browser})
    assert answer.status_code == 302, answer.content.decode()[:2000]


def test_a_sign_in_with_another_browser_is_told_once_a_day(owner: User) -> None:
    owner.set_password(PASSWORD)
    owner.save(update_fields=["password"])
    sign_in(owner, "Firefox")
    assert told(owner) == []  # the first one ever
    sign_in(owner, "Firefox")
    assert told(owner) == []  # known
    sign_in(owner, "Chrome")
    sign_in(owner, "Chrome")
    assert told(owner) == ["session.new"]
    assert "Chrome" in Mail.objects.get(to=owner.email).text
    assert Notification.objects.of(owner).get().happened_at > now() - timedelta(minutes=5)
