"""An owner takes a consent back and gives it again: the score goes, and comes back, by itself."""

import pytest

from tests.journeys.callers import DOMAIN, PASSWORD, Caller, eventually
from tests.journeys.people import Visitor
from tests.product import Product

pytestmark = pytest.mark.integration
KINDS = ["gst_invoices", "gst_returns", "upi_payments", "eway_bills", "bank_entries"]
MISSING = "Your consent"


def test_without_the_consent_the_score_gives_way_and_with_it_comes_back(running_product: Product) -> None:
    rahul = Caller(running_product.address, "rahul")
    browser = Visitor(running_product.address)
    browser.sign_in(f"rahul@{DOMAIN}", PASSWORD)
    panel = f"{running_product.address}/scores/{rahul.business()['id']}/panel"
    mine = rahul.get("consents").json()["results"]
    given = next(it for it in mine if it["organisation"]["kind"] == "platform" and it["status"] == "granted")
    assert rahul.post(f"consents/{given['id']}/withdraw", {}).json()["status"] == "withdrawn"
    eventually(lambda: browser.session.get(panel, timeout=30).text, lambda page: MISSING in page)
    terms = {"organisation": given["organisation"]["id"], "kinds": KINDS, "purpose": given["purpose"], "months": "12"}
    token = {"X-CSRFToken": browser.session.cookies["csrftoken"]}
    give = f"{running_product.address}/owner/consents/give"
    assert browser.session.post(give, data=terms, headers=token, timeout=30, allow_redirects=False).status_code == 302
    eventually(lambda: browser.session.get(panel, timeout=30).text, lambda page: MISSING not in page)
    looks = rahul.get(f"consents/{given['id']}/uses").json()["results"]
    assert {look["act"] for look in looks} >= {"score"}
