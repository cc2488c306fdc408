"""The page, the file and the interface of reconciliation: whose, under which consent, in how many queries."""

from datetime import timedelta

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ConsentUse
from creditiq.kernel.clock import micros, now
from tests.factories.accounts import AnalystFactory, BankFactory
from tests.wallets.conftest import Shop
from wallets.services import load_records

PAGE_QUERIES = 8


def client_of(person: object) -> Client:
    client = Client()
    client.force_login(person, backend="accounts.adapters.VerifiedBackend")
    return client


def sale(shop: Shop, number: str, buyer: str, rupees: int = 1_000) -> pl.DataFrame:
    at = micros(now() - timedelta(days=40))
    row = {
        "business": shop.business.pk, "direction": "out", "supplier_gstin": shop.business.gstin,
        "counterparty_gstin": buyer, "invoice_number": number, "financial_year": 2026, "kind": "B2B",
        "cancelled": False, "hsn": "5208", "place_of_supply": 29, "rate_bp": 0, "taxable_paise": rupees * 100,
        "igst_paise": 0, "cgst_paise": 0, "sgst_paise": 0, "occurred_at": at, "received_at": at,
    }  # fmt: skip
    return pl.DataFrame([row])


def receipt(shop: Shop, payer: int, rupees: int = 1_000) -> pl.DataFrame:
    at = micros(now() - timedelta(days=10))
    row = {
        "business": shop.business.pk, "reference": "612345678901", "direction": "in", "amount_paise": rupees * 100,
        "kind": "P2M", "status": "success", "vpa": "shop@okaxis", "counterparty_vpa": "supplier@okicici",
        "counterparty": payer, "occurred_at": at, "received_at": at,
    }  # fmt: skip
    return pl.DataFrame([row])


@pytest.fixture
def trading(shop: Shop, neighbour: Shop) -> Shop:
    shop.consent.expires_at = now() + timedelta(days=90)
    shop.consent.save()
    buyer = neighbour.business.gstin
    invoices = pl.concat([sale(shop, "A-1", buyer), sale(shop, "=A2", buyer, 2_000)])
    load_records(frames={"gst_invoices": invoices, "upi_payments": receipt(shop, neighbour.business.pk)})
    return shop


def other(shop: Shop) -> str:
    return reverse("wallets:reconciliation", args=[shop.business.uuid])


def test_the_owner_sees_what_is_paid_and_what_is_not(trading: Shop, neighbour: Shop) -> None:
    page = client_of(trading.owner).get(reverse("wallets:own_reconciliation")).content.decode()

    assert "1 invoice of 2 misses a bill or a receipt" in page
    assert "₹ 2,000.00" in page
    assert "no receipt found" in page
    assert neighbour.business.gstin in page


def test_an_owner_without_documents_is_told_what_to_do(shop: Shop) -> None:
    page = client_of(shop.owner).get(reverse("wallets:own_reconciliation")).content.decode()
    assert "Nothing to match" in page
    assert reverse("wallets:evidence") in page


@pytest.mark.parametrize("side", ["invoices", "bills", "receipts", "purchases", "inward_bills", "payments", "nonsense"])
def test_every_side_has_its_list_and_a_made_up_one_is_the_first(trading: Shop, side: str) -> None:
    answer = client_of(trading.owner).get(reverse("wallets:own_reconciliation"), {"side": side, "page": "99"})
    assert answer.status_code == 200


def test_the_file_runs_no_formula(trading: Shop) -> None:
    answer = client_of(trading.owner).get(reverse("wallets:own_reconciliation_csv"))
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("side,number,party,rupees")
    assert lines[1].startswith("invoices,'=A2,")
    assert len(lines) == 2


def test_staff_see_it_under_the_consent_with_numbers_masked_and_the_look_is_kept(
    trading: Shop, neighbour: Shop
) -> None:
    page = client_of(AnalystFactory()).get(other(trading)).content.decode()

    assert "no receipt found" in page
    assert neighbour.business.gstin not in page
    assert ConsentUse.objects.filter(consent=trading.consent, target="reconciliation").count() == 1


def test_another_bank_and_another_owner_do_not_find_it(trading: Shop, neighbour: Shop) -> None:
    assert client_of(AnalystFactory(organisation=BankFactory())).get(other(trading)).status_code == 404
    assert client_of(neighbour.owner).get(other(trading)).status_code == 404


def test_without_a_live_consent_nothing_is_matched(trading: Shop) -> None:
    trading.consent.expires_at = now() - timedelta(minutes=1)
    trading.consent.save()
    assert client_of(AnalystFactory()).get(other(trading)).status_code in {404, 409}


def test_the_interface_tells_the_same(trading: Shop) -> None:
    asked = {"gstin": trading.business.gstin, "limit": 1}
    answer = client_of(trading.owner).get("/api/v1/reconciliation", asked).json()

    invoices, bills, receipts, *inward = answer["sides"]
    assert [(side["name"], side["total"]) for side in inward] == [
        ("purchases", 0),
        ("inward_bills", 0),
        ("payments", 0),
    ]
    assert (invoices["total"], invoices["matched"], invoices["open"], invoices["rupees"]) == (2, 1, 1, "2000.00")
    assert [line["number"] for line in invoices["unmatched"]] == ["=A2"]
    assert (bills["total"], receipts["matched"]) == (0, 1)
    assert [age["count"] for age in invoices["ageing"]] == [0, 1, 0, 0, 0]


def test_a_made_up_number_and_limit_are_refused(trading: Shop) -> None:
    client = client_of(trading.owner)
    assert client.get("/api/v1/reconciliation", {"gstin": "nonsense"}).status_code == 422
    assert client.get("/api/v1/reconciliation", {"gstin": trading.business.gstin, "limit": 0}).status_code == 422


def test_the_page_asks_the_same_number_of_queries_for_few_and_for_many(
    trading: Shop, neighbour: Shop, django_assert_num_queries
) -> None:
    client, address = client_of(trading.owner), reverse("wallets:own_reconciliation")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(address)
    many = [sale(trading, f"B-{number}", neighbour.business.gstin) for number in range(80)]
    load_records(frames={"gst_invoices": pl.concat(many)})
    with django_assert_num_queries(PAGE_QUERIES):
        assert "1–50 of 81" in client.get(address).content.decode()
