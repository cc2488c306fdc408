"""Owners say what they are about to pay; no money moves by it."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import InvalidInput
from lending.models import JournalEntry
from lending.selectors import intention_of
from lending.services import Paid, intend_payment, record_receipt
from tests.factories.accounts import MembershipFactory, OwnerFactory
from tests.factories.loans import a_loan
from tests.lending.api.test_applications import client_of

pytestmark = pytest.mark.integration
TODAY = now().astimezone(IST).date()


@pytest.fixture
def loan(db):
    return a_loan(on=TODAY - timedelta(days=1))


@pytest.fixture
def owner(loan):
    person = OwnerFactory()
    MembershipFactory(user=person, business=loan.business)
    return person


def test_the_page_keeps_what_is_about_to_be_paid_and_books_nothing(loan, owner, client, settings):
    settings.LENDER_PAYMENT_ADDRESSES = {str(loan.organisation.uuid): "loans@bank"}
    client.force_login(owner)
    entries = JournalEntry.objects.count()

    assert client.post(f"/owner/loans/{loan.uuid}/pay", {"amount": "5000"}).status_code == 302
    page = client.get(f"/owner/loans/{loan.uuid}").content.decode()

    kept = intention_of(loan)
    asked = parse_qs(urlsplit(kept.link).query)
    assert (asked["pa"], asked["am"], asked["tr"]) == (["loans@bank"], ["5000.00"], [kept.row.reference])
    assert kept.row.reference in page
    assert "upi://pay?" in page
    assert JournalEntry.objects.count() == entries


def test_without_an_address_of_the_bank_there_is_no_link(loan, owner):
    made = intend_payment(loan_id=loan.uuid, amount=Decimal(5000), by=owner, at=now())

    assert made.payee == ""
    assert intention_of(loan).link == ""


def test_what_arrived_is_said_and_more_than_the_loan_is_refused(loan, owner):
    intend_payment(loan_id=loan.uuid, amount=Decimal(5000), by=owner, at=now())
    paid = Paid(amount=Decimal(5000), on=TODAY, mode="upi", utr="ARRIVED1")
    record_receipt(loan_id=loan.uuid, paid=paid, by=loan.disbursement.maker, at=now())

    assert intention_of(loan).arrived
    with pytest.raises(InvalidInput, match="closes the loan"):
        intend_payment(loan_id=loan.uuid, amount=Decimal(9_000_000), by=owner, at=now())


def test_the_api_keeps_it_too(loan, owner):
    path = f"/api/v1/lending/loans/{loan.uuid}/payments"
    person = client_of(owner)

    made = person.post(path, {"amount": "5000.00"}, format="json")

    assert (made.status_code, made.json()["arrived"], made.json()["upi_link"]) == (201, False, "")
    assert person.get(path).json()[0]["reference"] == made.json()["reference"]
    assert client_of(OwnerFactory()).get(path).status_code == 404
