"""The guide says the same in six languages, on pages and over the API, and sends owners where they can act."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from accounts.engine.guide import lessons
from accounts.models import User
from tests.factories.accounts import MembershipFactory, OwnerFactory, UserFactory

LANGUAGES = [code for code, _ in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lesson_is_whole_in_every_language(language: str) -> None:
    for lesson, english in zip(lessons(language), lessons("en"), strict=True):
        assert (lesson.slug, lesson.language, len(lesson.steps)) == (english.slug, language, len(english.steps))
        assert all((lesson.title, lesson.summary, lesson.onwards, *lesson.steps))
        assert language == "en" or lesson.summary != english.summary
        assert resolve(lesson.page)


def portal(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


@pytest.mark.django_db
def test_an_owner_is_sent_on_and_somebody_without_a_business_is_not() -> None:
    owner, individual = portal(MembershipFactory(user=OwnerFactory()).user), portal(UserFactory())
    assert b"Raising a dispute" in owner.get("/guide").content
    assert b'href="/owner/apply"' in owner.get("/guide/mudra").content.partition(b"<main")[2]
    assert b'href="/owner/apply"' not in individual.get("/guide/mudra").content.partition(b"<main")[2]
    assert owner.get("/guide/nothing").status_code == 404


@pytest.mark.django_db
def test_programs_read_a_topic_in_a_language() -> None:
    client = portal(UserFactory())
    assert len(client.get("/api/v1/guide").json()) == 6
    assert client.get("/api/v1/guide/cgtmse?language=hi").json()["title"] == "CGTMSE क्या है?"
    assert client.get("/api/v1/guide/cgtmse?language=xx").status_code == 422
    assert client.get("/api/v1/guide/nothing").status_code == 404
