"""Whoever takes people's records out of the house proves to be there first."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from creditiq.kernel.clock import micros, now
from tests.accounts.test_second_factor import switched
from tests.factories.accounts import AnalystFactory, RiskManagerFactory

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
