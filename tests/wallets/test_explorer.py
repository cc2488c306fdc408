"""The analyst's explorer: found by name or number, covered by default, opened only under a consent."""

from datetime import timedelta
from uuid import uuid4

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, ConsentUse
from creditiq.kernel.clock import micros, now
from tests.factories.accounts import AnalystFactory, BankFactory, BusinessFactory, OwnerFactory
from tests.wallets.conftest import Shop
from wallets.models import UpiPayment, Upload
from wallets.services import load_records
from wallets.services.records import insert_records

ENTITY_QUERIES = 26
DIRECTORY_QUERIES = 9


def client_of(person: object) -> Client:
    client = Client()
    client.force_login(person, backend="accounts.adapters.VerifiedBackend")
    return client


def payment(shop: Shop, reference: str, **changes: object) -> pl.DataFrame:
    at = micros(now() - timedelta(days=3))
    row = {
        "business": shop.business.pk, "reference": reference, "direction": "in", "amount_paise": 1_234_550,
        "kind": "P2M", "status": "success", "vpa": "ashastore@okaxis", "counterparty_vpa": "binod.kumar@ybl",
        "counterparty": None, "occurred_at": at, "received_at": at,
    }  # fmt: skip
    return pl.DataFrame([row | changes], schema_overrides={"counterparty": pl.Int64})


@pytest.fixture
def analyst(db: None) -> object:
    return AnalystFactory()


@pytest.fixture
def paid(shop: Shop) -> Shop:
    shop.consent.expires_at = now() + timedelta(days=90)
    shop.consent.save()
    load_records(frames={"upi_payments": payment(shop, "612345678901")})
    return shop


def entity(business: object) -> str:
    return reverse("wallets:entity", args=[business.uuid])


def test_a_business_is_found_by_part_of_its_name_and_by_the_beginning_of_its_number(analyst: object) -> None:
    wanted = BusinessFactory(trade_name="Lotus Looms")
    BusinessFactory(trade_name="Peacock Prints")

    for words in ("lotus", wanted.gstin[:12].lower(), wanted.gstin):
        page = client_of(analyst).get(reverse("wallets:directory"), {"q": words}).content.decode()
        assert "Lotus Looms" in page
        assert "Peacock Prints" not in page


def test_the_filters_narrow_and_what_breaks_a_rule_filters_nothing(analyst: object) -> None:
    BusinessFactory(trade_name="Lotus Looms", sector="textiles", state_code=29, size="micro")
    BusinessFactory(trade_name="Iron Works", sector="auto_parts", state_code=27, size="small")
    client, address = client_of(analyst), reverse("wallets:directory")

    for asked in ({"sector": "auto_parts"}, {"state": "27"}, {"size": "small"}):
        page = client.get(address, asked).content.decode()
        assert "Iron Works" in page
        assert "Lotus Looms" not in page
    assert "2 businesses" in client.get(address, {"state": "Kerala", "size": "huge"}).content.decode()


def test_the_directory_asks_the_same_number_of_queries_for_one_row_and_for_many(
    analyst: object, django_assert_num_queries
) -> None:
    client = client_of(analyst)
    BusinessFactory()
    with django_assert_num_queries(DIRECTORY_QUERIES):
        client.get(reverse("wallets:directory"))
    BusinessFactory.create_batch(30)
    with django_assert_num_queries(DIRECTORY_QUERIES):
        page = client.get(reverse("wallets:directory"), {"size": "micro"}).content.decode()
    assert "size=micro&amp;page=2" in page


def test_an_analyst_of_a_bank_finds_only_who_gave_it_a_consent(shop: Shop) -> None:
    page = client_of(AnalystFactory(organisation=BankFactory())).get(reverse("wallets:directory")).content.decode()
    assert "0 businesses" in page


def test_numbers_are_masked_in_the_directory_and_in_its_file(analyst: object) -> None:
    business = BusinessFactory(trade_name='=HYPERLINK("http://evil")')
    client = client_of(analyst)

    page = client.get(reverse("wallets:directory")).content.decode()
    lines = client.get(reverse("accounts:list_csv", args=["wallets:directory"])).content.decode().splitlines()

    assert business.gstin not in page
    assert business.pan not in "\n".join(lines)
    assert lines[1].startswith("\"'=HYPERLINK")


def test_the_page_of_a_business_covers_personal_details(paid: Shop, analyst: object) -> None:
    page = client_of(analyst).get(entity(paid.business)).content.decode()

    assert "1 record may be read" in page
    assert "₹ 12,345.50" in page
    for hidden in ("binod.kumar", "ashastore", paid.business.gstin, paid.business.pan):
        assert hidden not in page
    assert "bi•••••@ybl" in page


def test_a_row_says_which_file_and_which_consent_it_came_from(paid: Shop, analyst: object) -> None:
    upload = Upload.objects.create(
        business=paid.business, consent=paid.consent, by=paid.owner, kind="upi_payments", mode="valid_lines",
        filename="october.csv", sha256="ab" * 32, file="x", size=1, received_at=now(),
    )  # fmt: skip
    insert_records(UpiPayment, payment(paid, "612345678902"), upload_id=upload.pk)

    page = client_of(analyst).get(entity(paid.business)).content.decode()

    assert "october.csv<small>file abababab" in page
    assert f"consent {str(paid.consent.uuid)[:8]}" in page
    assert "Connector<small>no file" in page


def test_the_charts_state_what_moved_and_carry_a_table(paid: Shop, analyst: object) -> None:
    load_records(frames={"upi_payments": payment(paid, "612345678903", status="failed_funds", amount_paise=99)})

    for grain, first in (("day", "Day"), ("week", "Week from")):
        page = client_of(analyst).get(entity(paid.business), {"grain": grain}).content.decode()
        assert "Received ₹ 12,346, Paid ₹ 0" in page  # the failed one moved nothing
        assert f">{first}</th>" in page


def test_without_a_live_consent_nothing_is_shown(paid: Shop, analyst: object) -> None:
    paid.consent.status, paid.consent.withdrawn_at = "withdrawn", now()
    paid.consent.save()

    page = client_of(analyst).get(entity(paid.business)).content.decode()

    assert "nothing may be read" in page
    assert "12,345" not in page


def test_a_kind_outside_the_consent_stays_closed(paid: Shop, analyst: object) -> None:
    paid.consent.kinds = ["gst_invoices"]
    paid.consent.save()

    page = client_of(analyst).get(entity(paid.business)).content.decode()

    assert "bi•••••@ybl" not in page
    assert "Not shared with you" in page


def test_another_tenants_business_and_a_missing_one_are_the_same_404(paid: Shop, analyst: object) -> None:
    stranger = client_of(AnalystFactory(organisation=BankFactory()))
    for address in (entity(paid.business), reverse("wallets:entity", args=[uuid4()])):
        assert stranger.get(address).status_code == 404
        assert stranger.post(f"{address}/reveal", {"reason": "checking dispute CASE-12"}).status_code == 404


def test_owners_and_officers_have_no_explorer(paid: Shop) -> None:
    assert client_of(OwnerFactory()).get(reverse("wallets:directory")).status_code == 403
    assert client_of(paid.owner).get(entity(paid.business)).status_code == 403


def test_a_stated_reason_shows_the_details_once_and_is_kept(paid: Shop, analyst: object) -> None:
    client = client_of(analyst)

    page = client.post(f"{entity(paid.business)}/reveal", {"reason": "Checking dispute CASE-12"})
    again = client.get(entity(paid.business))

    assert page.status_code == 200
    assert "binod.kumar@ybl" in page.content.decode()
    assert paid.business.gstin in page.content.decode()
    assert "binod.kumar" not in again.content.decode()
    entry = AuditEntry.objects.get(action="evidence.revealed")
    assert entry.actor == analyst
    assert entry.content["reason"] == "Checking dispute CASE-12"
    assert entry.content["records"] == {"upi_payments": 1}


@pytest.mark.parametrize(
    "reason", ["", "because", "asked by asha@okaxis", "her PAN is ABCPK1234L", "call 9876543210 now"]
)
def test_no_reason_and_a_reason_that_names_somebody_are_refused(paid: Shop, analyst: object, reason: str) -> None:
    page = client_of(analyst).post(f"{entity(paid.business)}/reveal", {"reason": reason})

    assert page.status_code == 422
    assert "binod.kumar" not in page.content.decode()
    assert not AuditEntry.objects.filter(action="evidence.revealed").exists()


def test_the_owner_can_see_who_looked_and_who_saw_everything(paid: Shop, analyst: object) -> None:
    client = client_of(analyst)
    client.get(entity(paid.business))
    client.post(f"{entity(paid.business)}/reveal", {"reason": "Checking dispute CASE-12"})

    assert set(ConsentUse.objects.filter(by=analyst).values_list("act", flat=True)) == {"records", "reveal"}


def test_the_page_of_a_business_takes_the_same_queries_however_many_records(
    paid: Shop, analyst: object, django_assert_num_queries
) -> None:
    client = client_of(analyst)
    with django_assert_num_queries(ENTITY_QUERIES):
        client.get(entity(paid.business))
    load_records(frames={"upi_payments": pl.concat([payment(paid, f"7{n:011d}") for n in range(60)])})
    with django_assert_num_queries(ENTITY_QUERIES):
        page = client.get(entity(paid.business)).content.decode()
    assert "The last 20 of 61" in page
