"""Products over the API."""

from rest_framework.test import APIClient

from accounts.models import Role
from lending.engine.products import USUAL
from lending.services import offer_products
from tests.factories.accounts import OwnerFactory, UserFactory
from tests.factories.lending import AT

PRODUCTS = "/api/v1/lending/products"
VERSIONS = "/api/v1/lending/products/versions"


def client_of(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_two_people_change_a_product_and_an_owner_sees_its_terms(db):
    offer_products(at=AT)
    maker, checker = client_of(UserFactory(role=Role.ADMIN)), client_of(UserFactory(role=Role.RISK_MANAGER))

    draft = maker.post(VERSIONS, {"product": "TL-MSME", "document": USUAL}, format="json")
    own = maker.post(f"{VERSIONS}/{draft.json()['id']}/approve")
    done = checker.post(f"{VERSIONS}/{draft.json()['id']}/approve")

    assert (draft.status_code, own.status_code, done.status_code) == (201, 409, 200)
    offered = {row["code"]: row for row in client_of(OwnerFactory()).get(PRODUCTS).json()}
    assert offered["TL-MSME"]["terms"]["penal_percent"] == "2"
    assert offered["WC-CC"]["version"] is None
    listed = checker.get(VERSIONS).json()["results"]
    assert [(row["version"], row["status"], len(row["changes"]) > 0) for row in listed] == [(1, "live", True)]


def test_a_draft_is_discarded_and_bad_terms_name_their_entry(db):
    offer_products(at=AT)
    admin = client_of(UserFactory(role=Role.ADMIN))
    draft = admin.post(VERSIONS, {"product": "TL-MSME", "document": USUAL}, format="json").json()

    assert admin.post(f"{VERSIONS}/{draft['id']}/discard").status_code == 204
    refused = admin.post(VERSIONS, {"product": "TL-MSME", "document": {**USUAL, "every": 5}}, format="json")
    assert refused.status_code == 422
    assert "every" in str(refused.json())


def test_the_lists_ask_a_fixed_number_of_queries(db, django_assert_num_queries):
    offer_products(at=AT)
    risk = client_of(UserFactory(role=Role.RISK_MANAGER))
    risk.post(VERSIONS, {"product": "TL-MSME", "document": USUAL}, format="json")

    with django_assert_num_queries(2):
        risk.get(PRODUCTS)
    with django_assert_num_queries(1):
        risk.get(VERSIONS)
