"""An auditor reads the rules, products and banks as they stand, and finds nothing to press."""

import pytest
from django.test import Client

from accounts.models import Duty
from tests.factories.accounts import AdminFactory, BankFactory, RiskManagerFactory

pytestmark = pytest.mark.django_db
PAGES = {"/risk/policies": "Draft a version", "/products": "Draft a version", "/admin/banks": "Found a bank"}


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person, backend="accounts.adapters.VerifiedBackend")
    return client


@pytest.mark.parametrize("address", sorted(PAGES))
def test_an_auditor_reads_the_page_without_what_changes_it(address: str) -> None:
    BankFactory()
    auditor = signed_in(RiskManagerFactory(duties=[Duty.AUDITOR]))
    page = auditor.get(address)
    assert page.status_code == 200
    assert PAGES[address] not in page.content.decode()
    assert f'href="{address}"' in page.content.decode()
    assert auditor.post(address, {"name": "Another bank"}).status_code in {403, 405}
    keeper = signed_in(AdminFactory() if address == "/admin/banks" else RiskManagerFactory())
    assert keeper.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/api/v1/policies", "/api/v1/lending/products/versions", "/api/v1/banks"])
def test_so_do_an_auditors_programs(address: str) -> None:
    auditor = signed_in(RiskManagerFactory(duties=[Duty.AUDITOR]))
    assert auditor.get(address).status_code == 200
    assert auditor.post(address, {}).status_code == 403


def test_a_risk_manager_without_the_duty_still_keeps_out_of_the_banks() -> None:
    assert signed_in(RiskManagerFactory()).get("/admin/banks").status_code == 403
