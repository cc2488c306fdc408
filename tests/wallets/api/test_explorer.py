"""Businesses and single records over the API."""

from datetime import timedelta

import polars as pl
import pytest
from rest_framework.test import APIClient

from creditiq.kernel.clock import now
from tests.factories.accounts import AnalystFactory, BusinessFactory, OfficerFactory, OwnerFactory
from tests.wallets.conftest import Shop
from tests.wallets.test_explorer import payment
from wallets.services import load_records

BUSINESSES, RECORDS = "/api/v1/businesses", "/api/v1/records"


def client_of(person: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def paid(shop: Shop) -> Shop:
    shop.consent.expires_at = now() + timedelta(days=90)
    shop.consent.save()
    load_records(frames={"upi_payments": pl.concat([payment(shop, f"7{n:011d}") for n in range(60)])})
    return shop


def asked(shop: Shop, kind: str = "upi_payments") -> dict[str, str]:
    return {"gstin": shop.business.gstin, "kind": kind}


def test_everybody_lists_the_businesses_they_may_see_with_masked_numbers(paid: Shop) -> None:
    BusinessFactory()
    seen = {person: client_of(person).get(BUSINESSES).json()["results"] for person in (AnalystFactory(), paid.owner)}
    assert [len(rows) for rows in seen.values()] == [2, 1]
    (mine,) = seen[paid.owner]
    assert mine["id"] == str(paid.business.uuid)
    assert "•" in mine["gstin"]
    assert len(mine["kinds"]) == 5


def test_the_directory_comes_in_pages_that_a_made_up_cursor_does_not_break(db: None) -> None:
    BusinessFactory.create_batch(51)
    client = client_of(AnalystFactory())
    first = client.get(BUSINESSES).json()
    assert len(first["results"]) == 50
    assert len(client.get(first["next"]).json()["results"]) == 1
    assert client.get(BUSINESSES, {"cursor": "cD1ub3RoaW5n"}).status_code == 404


def test_records_come_latest_first_with_provenance_and_covered(paid: Shop) -> None:
    client = client_of(AnalystFactory())
    first = client.get(RECORDS, asked(paid)).json()
    rest = client.get(first["next"]).json()["results"]
    assert (len(first["results"]), len(rest)) == (50, 10)
    row = first["results"][0]
    assert row["values"]["amount"] == "12345.50"
    assert row["values"]["counterparty_vpa"] == "bi•••••@ybl"
    assert row["consent"] == str(paid.consent.uuid)
    assert row["upload"] is None


def test_records_without_a_live_consent_are_a_conflict(paid: Shop) -> None:
    paid.consent.kinds = ["gst_invoices"]
    paid.consent.save()
    answer = client_of(AnalystFactory()).get(RECORDS, asked(paid))
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("no_consent")


def test_another_tenants_records_do_not_exist(paid: Shop) -> None:
    for stranger in (OfficerFactory(), OwnerFactory()):
        assert client_of(stranger).get(RECORDS, asked(paid)).status_code == 404


@pytest.mark.parametrize("query", [{}, {"gstin": "22AAAAA0000A1Z5", "kind": "upi_payments"}, {"kind": "secrets"}])
def test_a_wrong_question_names_the_field(paid: Shop, query: dict[str, str]) -> None:
    answer = client_of(AnalystFactory()).get(RECORDS, query)
    assert answer.status_code == 422
    assert answer.json()["errors"]
