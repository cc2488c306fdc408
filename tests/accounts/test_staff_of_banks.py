"""Administrators and auditors of a bank keep out of what is the house's: its people, register, breaches and jobs."""

import re

import pytest
from django.test import Client

from accounts import selectors, services
from accounts.models import Business, User
from accounts.permissions import OF_THE_HOUSE, Capability, can, capabilities_of
from accounts.services import breaches
from creditiq.kernel.clock import now
from creditiq.kernel.errors import Forbidden
from tests.accounts.conftest import signed_in
from tests.accounts.test_breaches import facts
from tests.architecture.permission_matrix import MATRIX
from tests.factories.accounts import AT, AdminFactory, BankFactory, BusinessFactory, RiskManagerFactory

pytestmark = pytest.mark.django_db
HOUSE = ("admin/", "api/v1/breaches", "api/v1/jobs", "api/v1/users", "api/v1/retention")
OWN = ("admin/usage", "admin/banks")
NOWHERE = "00000000-0000-4000-8000-000000000000"
DOORS = [tuple(row.split(" ")) for row in MATRIX]
CLOSED = [door for door in DOORS if door[1].startswith(HOUSE) and not door[1].startswith(OWN)]


def administrator() -> User:
    return AdminFactory(organisation=BankFactory())


def auditor() -> User:
    return RiskManagerFactory(organisation=BankFactory(), duties=["auditor"])


@pytest.mark.parametrize("person", [administrator, auditor])
def test_the_doors_of_the_house_are_closed_to_them(person: type[User], client: Client) -> None:
    somebody = person()
    assert not capabilities_of(somebody) & OF_THE_HOUSE
    client.force_login(somebody, backend="accounts.adapters.VerifiedBackend")
    answers = {
        (method, path): client.generic(method, "/" + re.sub("<[^>]+>", NOWHERE, path)).status_code
        for method, path in CLOSED
    }
    assert len(answers) > 40
    assert {door: status for door, status in answers.items() if status != 403} == {}


@pytest.mark.parametrize("person", [administrator, auditor])
def test_they_land_on_a_page_that_is_open_to_them(person: type[User], client: Client) -> None:
    somebody = person()
    client.force_login(somebody, backend="accounts.adapters.VerifiedBackend")
    assert client.get("/", follow=True).status_code == 200
    assert client.get("/audit").status_code == 200
    assert can(somebody, Capability.OVERSEE_KEYS)
    assert client.get("/admin/usage").status_code == 200


def test_a_banks_administrator_changes_nothing_of_everybody() -> None:
    somebody, business = administrator(), BusinessFactory()
    with pytest.raises(Forbidden):
        breaches.record_breach(facts=facts(), noticed_at=AT, by=somebody, at=AT)
    with pytest.raises(Forbidden):
        services.strike_business(business_id=business.uuid, by=somebody, at=AT)
    answer = signed_in(somebody).patch(f"/api/v1/businesses/{business.uuid}", {"trade_name": "Another"})
    assert answer.status_code == 403
    assert Business.register.get(pk=business.pk).trade_name == business.trade_name
    assert selectors.overview(at=now()).businesses == 1
