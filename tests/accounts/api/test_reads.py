"""A read that has not changed is not sent twice."""

import pytest
from django.test import Client

from tests.accounts.conftest import signed_in
from tests.factories.accounts import AdminFactory, OwnerFactory

pytestmark = pytest.mark.django_db
PROFILE = "/api/v1/profile"


def test_the_same_read_again_is_304_until_something_changes() -> None:
    api = signed_in(OwnerFactory())
    first = api.get(PROFILE)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = api.get(PROFILE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    api.patch(PROFILE, {"first_name": "Another"})
    changed = api.get(PROFILE, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.json()["first_name"]) == (200, "Another")


def test_the_tag_of_one_person_is_worth_nothing_to_another() -> None:
    tag = signed_in(OwnerFactory(first_name="Priya")).get(PROFILE).headers["ETag"]
    other = signed_in(OwnerFactory(first_name="Rahul")).get(PROFILE, headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_a_refusal_stays_a_refusal_and_a_page_has_no_tag() -> None:
    refused = Client().get(PROFILE, headers={"If-None-Match": "*"})
    assert refused.status_code == 401
    page = Client()
    page.force_login(AdminFactory())
    assert "ETag" not in page.get("/audit").headers
