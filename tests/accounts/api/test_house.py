"""Health, audit verification, consents."""

import pytest
from rest_framework.test import APIClient

from accounts import audit
from creditiq.kernel import health
from tests.accounts.conftest import signed_in
from tests.factories.accounts import (
    AT,
    AdminFactory,
    AnalystFactory,
    ConsentFactory,
    MembershipFactory,
    OfficerFactory,
    OwnerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_health_answers_anybody_without_a_query(api: APIClient, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        answer = api.get("/api/v1/health", headers={"Authorization": "Bearer nonsense"})
    assert answer.json()["status"] == "ok"


def test_detailed_health_is_for_staff_and_degrades_with_a_reading() -> None:
    analyst = signed_in(AnalystFactory())
    health.register("test part", lambda: {"ok": False, "lag": 3})
    assert signed_in(OwnerFactory()).get("/api/v1/health/detailed").status_code == 403
    answer = analyst.get("/api/v1/health/detailed").json()
    assert (answer["status"], answer["readings"]["test part"]["lag"]) == ("degraded", 3)
    health.register("test part", lambda: {"ok": True})


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
        assert len(signed_in(person).get("/api/v1/consents").json()) == seen
    assert signed_in(UserFactory()).get("/api/v1/consents").status_code == 403


def test_listing_consents_takes_the_same_queries_however_many(django_assert_num_queries) -> None:
    consent = ConsentFactory()
    for _ in range(5):
        ConsentFactory(organisation=consent.organisation)
    client = signed_in(OfficerFactory(organisation=consent.organisation))
    with django_assert_num_queries(2):
        assert len(client.get("/api/v1/consents").json()) == 6
