"""Whoever takes people's records out of the house proves to be there first."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import TokenFamily, User
from creditiq.kernel.clock import micros, now
from tests.accounts.conftest import signed_in
from tests.accounts.test_second_factor import switched
from tests.factories.accounts import (
    AdminFactory,
    AnalystFactory,
    MembershipFactory,
    OfficerFactory,
    RiskManagerFactory,
)

pytestmark = pytest.mark.django_db
NOTHING = "00000000-0000-4000-8000-000000000000"
EXPORTS = (
    (AnalystFactory, "scoring:cohort_csv", ()),
    (AnalystFactory, "accounts:list_csv", ("wallets:directory",)),
    (RiskManagerFactory, "lending:portfolio_csv", ()),
    (RiskManagerFactory, "lending:portfolio_pdf", ()),
    (RiskManagerFactory, "lending:return_csv", (NOTHING,)),
    (RiskManagerFactory, "lending:return_pdf", (NOTHING,)),
    (RiskManagerFactory, "fraud:report_pdf", (NOTHING,)),
    (RiskManagerFactory, "fraud:report_xml", (NOTHING,)),
    (AnalystFactory, "wallets:reconciliation_csv", (NOTHING,)),
    (RiskManagerFactory, "lending:loan_statement_csv", (NOTHING,)),
    (RiskManagerFactory, "lending:loan_statement_pdf", (NOTHING,)),
    (RiskManagerFactory, "lending:claim_pack", (NOTHING,)),
    (OfficerFactory, "lending:paper", (NOTHING,)),
    (RiskManagerFactory, "fraud:monitoring_csv", (NOTHING,)),
    (RiskManagerFactory, "fraud:monitoring_pdf", (NOTHING,)),
    (RiskManagerFactory, "fraud:dispute_file", (NOTHING,)),
    (RiskManagerFactory, "accounts:list_csv", ("fraud:alerts",)),
    (AdminFactory, "accounts:certificate", (NOTHING,)),
    (AdminFactory, "accounts:report_csv", (NOTHING,)),
    (AdminFactory, "accounts:report_pdf", (NOTHING,)),
    (AdminFactory, "accounts:breach_pdf", (NOTHING,)),
    (OfficerFactory, "accounts:kyc_paper", (NOTHING,)),
)
OVER_THE_API = (
    (RiskManagerFactory, "api-lending-claim"),
    (OfficerFactory, "api-letter-pdf"),
    (OfficerFactory, "api-application-kfs-pdf"),
    (OfficerFactory, "api-application-paper"),
    (AnalystFactory, "api-upload-rejections-csv"),
    (RiskManagerFactory, "api-fraud-snapshot-csv"),
)


@pytest.mark.parametrize(("person", "name", "places"), EXPORTS)
def test_an_export_asks_for_the_password_and_goes_on_afterwards(
    person: type[User], name: str, places: tuple[str, ...]
) -> None:
    client, address = Client(), reverse(name, args=places)
    client.force_login(person(), backend="accounts.adapters.VerifiedBackend")
    with switched(ENABLE_STEP_UP=True):
        asked = client.get(address)
        session = client.session
        session["confirmed_at"] = micros(now())
        session.save()
        given = client.get(address)
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/account/confirm")
    assert given.status_code in {200, 404}


@pytest.mark.parametrize(("person", "name"), OVER_THE_API)
def test_an_export_over_the_api_asks_staff_for_proof_too(person: type[User], name: str) -> None:
    api = signed_in(person())
    TokenFamily.objects.update(confirmed_at=None)  # signing in is a proof itself, for a while
    with switched(ENABLE_STEP_UP=True):
        asked = api.get(reverse(name, args=(NOTHING,)))
    assert (asked.status_code, asked.json()["type"].rpartition(":")[2]) == (403, "step_up_required")


def test_owners_fetch_what_is_their_own_without() -> None:
    owner = signed_in(MembershipFactory().user)
    TokenFamily.objects.update(confirmed_at=None)
    with switched(ENABLE_STEP_UP=True):
        for name in ("api-letter-pdf", "api-application-kfs-pdf", "api-application-paper"):
            assert owner.get(reverse(name, args=(NOTHING,))).status_code == 404
