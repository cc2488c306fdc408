"""The page on which two people change a product."""

import pytest
from django.test import Client

from accounts.models import Role
from lending.engine.products import USUAL
from lending.models import ProductVersion
from lending.services import draft_product, offer_products
from tests.factories.accounts import UserFactory
from tests.factories.lending import AT

FORM = {
    name: ", ".join(value) if isinstance(value, list) else value for name, value in USUAL.items() if value is not False
}


@pytest.fixture
def admin(db):
    offer_products(at=AT)
    return UserFactory(role=Role.ADMIN)


@pytest.fixture
def risk(db):
    return UserFactory(role=Role.RISK_MANAGER)


def seen_by(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_before_any_version_the_page_says_what_will_appear(admin):
    page = seen_by(admin).get("/products").content.decode()

    assert "No version yet" in page
    assert "none approved" in page


def test_a_draft_is_written_seen_with_its_changes_and_approved_by_the_other_person(admin, risk):
    maker, checker = seen_by(admin), seen_by(risk)

    written = maker.post("/products/TL-MSME/draft", {**FORM, "penal_percent": "3"})
    version = ProductVersion.objects.get()
    own, other = (client.get("/products").content.decode() for client in (maker, checker))
    approved = checker.post(f"/products/versions/{version.uuid}/approve")

    assert (written.status_code, approved.status_code) == (302, 302)
    assert "Somebody else approves this draft." in own
    assert "Approve version 1" in other
    version.refresh_from_db()
    assert (version.status, version.document["penal_percent"]) == ("live", "3")
    assert 'value="3"' in maker.get("/products/TL-MSME/draft").content.decode()


def test_ones_own_draft_is_refused_with_words_and_can_be_discarded(admin):
    version = draft_product(product="TL-MSME", document=USUAL, by=admin, at=AT)
    client = seen_by(admin)

    refused = client.post(f"/products/versions/{version.uuid}/approve")
    gone = client.post(f"/products/versions/{version.uuid}/discard")

    assert refused.status_code == 409
    assert "approved by somebody else" in refused.content.decode()
    assert gone.status_code == 302
    assert not ProductVersion.objects.exists()


def test_what_cannot_be_a_product_is_said_beside_its_field(admin):
    client = seen_by(admin)

    early = client.post("/products/TL-MSME/draft", {**FORM, "cooling_off_days": "0"})
    wrong = client.post("/products/TL-MSME/draft", {**FORM, "allocation": "fee"})

    assert (early.status_code, wrong.status_code) == (422, 422)
    assert "Borrowers may leave for at least one day." in early.content.decode()
    assert client.get("/products/GIFT/draft").status_code == 404
    assert client.post("/products/TL-MSME/draft").status_code == 422


def test_a_second_draft_is_refused_while_one_waits(admin):
    draft_product(product="TL-MSME", document=USUAL, by=admin, at=AT)

    answer = seen_by(admin).post("/products/TL-MSME/draft", FORM)

    assert answer.status_code == 422
    assert "waits already" in answer.content.decode()


def test_the_page_asks_a_fixed_number_of_queries(admin, risk, django_assert_num_queries):
    draft_product(product="TL-MSME", document=USUAL, by=admin, at=AT)
    client = seen_by(risk)
    client.get("/products")

    with django_assert_num_queries(6):
        client.get("/products")
