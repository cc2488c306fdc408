"""Audit verification, consents."""

import pytest

from accounts import audit
from tests.accounts.conftest import signed_in
from tests.factories.accounts import (
    AT,
    AdminFactory,
    ConsentFactory,
    MembershipFactory,
    OfficerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_the_audit_chain_is_verified_on_request() -> None:
    client = signed_in(AdminFactory())
    audit.record("test.act", target="thing", at=AT)
    verdict = client.get("/api/v1/audit/verify").json()
    assert verdict["ok"] is True
    assert verdict["entries"] == 2
    assert signed_in(OfficerFactory()).get("/api/v1/audit/verify").status_code == 403


def test_everybody_sees_the_consents_that_concern_them() -> None:
    consent = ConsentFactory()
    ConsentFactory()
    owner = MembershipFactory(business=consent.business).user
    officer = OfficerFactory(organisation=consent.organisation)
    for person, seen in ((owner, 1), (officer, 1), (AdminFactory(), 2)):
        assert len(signed_in(person).get("/api/v1/consents").json()["results"]) == seen
    assert signed_in(UserFactory()).get("/api/v1/consents").status_code == 403


def test_listing_consents_takes_the_same_queries_however_many(django_assert_num_queries) -> None:
    consent = ConsentFactory()
    for _ in range(5):
        ConsentFactory(organisation=consent.organisation)
    client = signed_in(OfficerFactory(organisation=consent.organisation))
    with django_assert_num_queries(2):
        assert len(client.get("/api/v1/consents").json()["results"]) == 6
