"""Portals: every role has one, and its navigation leads only to pages the role may open."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import Role
from accounts.permissions import CAPABILITIES
from creditiq.portals import PORTALS, Page, landing, shell
from tests.factories.accounts import UserFactory


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_portal(role: str) -> None:
    assert PORTALS[role].role == role


@pytest.mark.parametrize("role", Role.values)
def test_every_page_of_a_portal_exists_and_is_within_the_role(role: str) -> None:
    pages = [entry for entry in PORTALS[role].entries if isinstance(entry, Page)]

    assert all(reverse(page.url_name).startswith("/") for page in pages)
    assert {page.capability for page in pages} - {None} <= CAPABILITIES[role]


def test_a_visitor_gets_no_portal_and_is_led_to_the_sign_in_page() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    assert shell(request)["portal"] is None
    assert landing(request).url == "/sign-in"


@pytest.mark.parametrize("role", Role.values)
def test_a_navigation_has_short_groups_and_names_no_page_twice(role: str, db: None) -> None:
    request = RequestFactory().get(PORTALS[role].home)
    request.user = UserFactory(role=role)

    groups = shell(request)["portal"]["nav"]

    urls = [entry["url"] for group in groups for entry in group["entries"]]
    assert len(urls) == len(set(urls))
    assert all(1 <= len(group["entries"]) <= 10 for group in groups)
    assert [entry["url"] for group in groups for entry in group["entries"] if entry["current"]] == [request.path]
