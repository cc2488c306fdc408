"""The register over the API: entered, read, corrected, taken out again."""

import pytest
from rest_framework.test import APIClient

from accounts.models import AuditEntry, Business
from creditiq.kernel.identifiers import gstin
from tests.factories.accounts import AdminFactory, AnalystFactory, ConsentFactory, MembershipFactory, OfficerFactory

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/businesses"
NUMBER = gstin.compose(27, "AAPFU0939F")
NEW = {
    "gstin": NUMBER, "legal_name": "Umang Foods LLP", "trade_name": "Umang Foods", "sector": "food", "hsn": "2106",
    "pincode": "400001", "size": "micro", "constitution": "partnership", "registered_on": "2019-04-01",
    "deals_in_goods": True, "quarterly_filer": False,
}  # fmt: skip


def client_of(person: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_an_administrator_enters_and_corrects() -> None:
    admin = client_of(AdminFactory())
    made = admin.post(PLACE, NEW, format="json")
    assert made.status_code == 201, made.content
    place = f"{PLACE}/{made.json()['id']}"
    assert (made.json()["state_code"], "•" in made.json()["pan"]) == (27, True)
    assert admin.post(PLACE, NEW, format="json").json()["type"].endswith("unable_to_register")
    changed = admin.patch(place, {"trade_name": "Umang"}, format="json")
    assert (changed.status_code, changed.json()["trade_name"]) == (200, "Umang")
    assert admin.get(place).json()["trade_name"] == "Umang"
    business = Business.objects.get(gstin=NUMBER)
    assert (business.pan, business.gstin) == ("AAPFU0939F", NUMBER)
    acts = AuditEntry.objects.filter(action__startswith="business.").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == [
        "business.registered",
        "business.corrected",
    ]


def test_a_number_that_breaks_a_rule_is_told_by_its_field() -> None:
    refused = client_of(AdminFactory()).post(PLACE, {**NEW, "gstin": NUMBER[:-1] + "A"}, format="json")
    assert refused.status_code == 422
    assert "gstin" in str(refused.json())


def test_others_read_what_they_may_see_and_change_nothing() -> None:
    mine, consent = MembershipFactory(), ConsentFactory()
    owner, officer = client_of(mine.user), client_of(OfficerFactory(organisation=consent.organisation))
    assert owner.get(f"{PLACE}/{mine.business.uuid}").status_code == 200
    assert owner.get(f"{PLACE}/{consent.business.uuid}").status_code == 404
    assert officer.get(f"{PLACE}/{consent.business.uuid}").status_code == 200
    assert officer.get(f"{PLACE}/{mine.business.uuid}").status_code == 404
    for client in (owner, officer):
        assert client.post(PLACE, NEW, format="json").status_code == 403
        assert client.patch(f"{PLACE}/{mine.business.uuid}", {}, format="json").status_code == 403


def test_a_number_is_looked_up_and_its_business_shown_to_who_may_see_it() -> None:
    consent = ConsentFactory()
    number = consent.business.gstin
    seen = client_of(OfficerFactory(organisation=consent.organisation)).get(f"{PLACE}/gstin/{number.lower()}").json()
    assert (seen["pan"], seen["business"]["id"]) == (consent.business.pan, str(consent.business.uuid))
    other = client_of(OfficerFactory()).get(f"{PLACE}/gstin/{number}")
    assert (other.status_code, other.json()["business"]) == (200, None)
    assert client_of(AnalystFactory()).get(f"{PLACE}/gstin/NOTHING").status_code == 422
