"""Running loans on pages: the bank's list and loan, payments with preview, requests, collections, the owner's view."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.selectors import Asked
from creditiq.kernel.clock import IST, now
from lending.models import Contact, Grievance, Loan, Receipt
from lending.selectors import COLLECTIONS, payoff_quote
from lending.services import may_contact, run_eod
from tests.factories.accounts import MembershipFactory, OwnerFactory
from tests.factories.loans import a_loan

TODAY = now().astimezone(IST).date()
DAY = timedelta(days=1)


@pytest.fixture
def loan(db):
    """Paid out 40 days ago and never paid on: its first instalment is overdue."""
    made = a_loan(on=TODAY - 45 * DAY)
    run_eod(on=TODAY - DAY, at=now())
    return Loan.objects.get(pk=made.pk)


@pytest.fixture
def officer(loan, client):
    client.force_login(loan.disbursement.maker)
    return client


@pytest.fixture
def owner(loan, client):
    person = OwnerFactory()
    MembershipFactory(user=person, business=loan.business)
    client.force_login(person)
    return client


def payment(**changes):
    return {
        "amount": "33214.31", "on": TODAY.isoformat(), "mode": "upi", "utr": "PAGE1", "purpose": "dues",
        "keep": "tenor", "payer": "",
    } | changes  # fmt: skip


def test_the_list_shows_who_is_behind_with_a_pinned_number_of_queries(officer, loan, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as one:
        page = officer.get("/officer/loans")
    assert loan.business.trade_name in page.content.decode()
    assert "1 loan overdue" in page.content.decode()
    for _ in range(3):
        a_loan(on=TODAY, bank=loan.organisation)
    with django_assert_max_num_queries(len(one)):
        officer.get("/officer/loans")
    assert "Nothing found" in officer.get("/officer/loans?q=nobody").content.decode()


def test_the_loan_page_tells_everything(officer, loan):
    page = officer.get(f"/officer/loans/{loan.uuid}").content.decode()
    for text in ("Due and unpaid", "Statement", "SMA-0", "Book a payment", "Loan paid out", "Interest due"):
        assert text in page


def test_a_payment_is_previewed_in_both_orders_and_then_booked(officer, loan):
    address = f"/officer/loans/{loan.uuid}/receipts"
    shown = officer.post(address, payment(step="preview", amount="20000")).content.decode()
    assert "Agreed for this loan" in shown
    assert "only to compare" in shown
    assert not Receipt.objects.exists()
    assert officer.post(address, payment(step="post")).status_code == 302
    assert Receipt.objects.get(loan=loan).amount == Decimal("33214.31")
    again = officer.post(address, payment(step="post"))
    assert again.status_code == 422
    assert "booked already" in again.content.decode()


def test_an_incomplete_payment_says_what_is_missing(officer, loan):
    assert officer.post(f"/officer/loans/{loan.uuid}/receipts", {}).status_code == 422
    assert officer.get(f"/officer/loans/{loan.uuid}/receipts").status_code == 200


def test_a_request_shows_its_effect_and_another_person_answers_it(officer, loan, client):
    address = f"/officer/loans/{loan.uuid}/requests"
    assert officer.get(address).status_code == 200
    wish = {"kind": "write_off", "note": "The shop burnt down"}
    assert officer.post(address, wish).status_code == 302
    proposal = loan.proposals.get()
    assert "Waiting for a second person" in officer.get("/officer/loans").content.decode()
    answer = f"{address}/{proposal.uuid}/answer"
    assert officer.post(answer, {"verdict": "approve"}).status_code == 403
    client.force_login(loan.disbursement.checker)
    assert "The shop burnt down" in client.get(f"/officer/loans/{loan.uuid}").content.decode()
    assert client.post(answer, {}).status_code == 422
    assert client.post(answer, {"verdict": "approve", "answer": "Seen"}).status_code == 302
    assert client.post(answer, {"verdict": "approve", "answer": "Seen"}).status_code == 409
    loan.refresh_from_db()
    assert loan.state == "written_off"


@pytest.mark.parametrize("wish", [{"kind": "waive", "amount": "5"}, {"kind": "restructure"}, {"kind": "return"}, {}])
def test_a_request_that_does_not_fit_is_refused_with_its_reason(officer, loan, wish):
    page = officer.post(f"/officer/loans/{loan.uuid}/requests", {"note": "Why not", **wish})
    assert page.status_code == 422


def test_the_file_of_the_collections_goes_past_what_the_page_shows(officer, loan):
    a_loan(on=TODAY - 45 * DAY, bank=loan.organisation)
    run_eod(on=TODAY - DAY, at=now())
    person = loan.disbursement.maker
    for most in (1, 2):
        assert len(COLLECTIONS.rows(Asked(person, {}, now(), most))) == most
    assert len(officer.get("/account/lists/lending:collections.csv").content.decode().splitlines()) == 1 + 2


def test_collections_show_the_overdue_and_keep_promises(officer, loan, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as queries:
        officer.get("/officer/collections")
    with django_assert_max_num_queries(len(queries)):
        officer.get("/officer/collections")
    assert loan.business.trade_name in officer.get("/officer/collections").content.decode()
    address = f"/officer/loans/{loan.uuid}/contacts"
    assert officer.get(address).status_code == 200
    said = {"channel": "message", "note": "Will pay", "promised": "33000", "promised_on": TODAY.isoformat()}
    assert officer.post(address, said | {"promised_on": ""}).status_code == 422
    assert officer.post(address, said).status_code == 302
    assert Contact.objects.get(loan=loan).promise == "open"
    called = officer.post(address, {"channel": "call", "note": "No answer"})
    assert called.status_code == (302 if may_contact(now()) else 422)


def test_the_owner_sees_dues_schedule_and_what_closing_takes(owner, loan, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        owner.get("/owner/loans")
    assert loan.account_no in owner.get("/owner/loans").content.decode()
    page = owner.get(f"/owner/loans/{loan.uuid}").content.decode()
    for text in ("is due now", "Closing it today", "to come", "costs nothing extra"):
        assert text in page
    assert owner.get(f"/officer/loans/{loan.uuid}").status_code == 403


def test_a_complaint_gets_its_clock(owner, loan):
    address = f"/owner/loans/{loan.uuid}"
    assert owner.post(address, {"text": ""}).status_code == 422
    assert owner.post(address, {"text": "Charged twice"}).status_code == 302
    complaint = Grievance.objects.get(loan=loan)
    assert complaint.answer_by == TODAY + timedelta(days=30)
    owner.force_login(loan.disbursement.maker)
    answer = f"/officer/loans/{loan.uuid}/complaints/{complaint.uuid}/answer"
    assert owner.post(answer, {"answer": ""}).status_code == 422
    assert owner.post(answer, {"answer": "Put right"}).status_code == 302
    assert owner.post(answer, {"answer": "Again"}).status_code == 409
    assert "Put right" in owner.get(f"/officer/loans/{loan.uuid}").content.decode()


def test_statements_come_as_table_and_as_tagged_document(owner, loan):
    table = owner.get(f"/owner/loans/{loan.uuid}/statement.csv").content.decode().splitlines()
    assert table[0] == "date,text,charged,paid,balance"
    assert table[1].endswith("Loan paid out,1000000.00,0,1000000.00")
    document = owner.get(f"/owner/loans/{loan.uuid}/statement.pdf")
    assert document.content.startswith(b"%PDF")
    owner.force_login(loan.disbursement.maker)
    assert owner.get(f"/officer/loans/{loan.uuid}/statement.pdf").content.startswith(b"%PDF")
    assert owner.get(f"/officer/loans/{loan.uuid}/statement.csv").status_code == 200


def test_a_stranger_finds_no_loan(loan, client):
    client.force_login(OwnerFactory())
    assert client.get(f"/owner/loans/{loan.uuid}").status_code == 404


def test_closing_is_previewed_by_what_it_changes(officer, loan):
    total = payoff_quote(loan=loan, on=TODAY).total
    path = f"/officer/loans/{loan.uuid}/receipts"

    shown = officer.post(path, payment(purpose="foreclose", amount=f"{total}", step="preview"))
    short = officer.post(path, payment(purpose="foreclose", amount="1.00", step="preview"))

    assert "What it changes, tonight" in shown.content.decode()
    assert "closed" in shown.content.decode()
    assert (short.status_code, "Closing the loan takes" in short.content.decode()) == (422, True)
    assert not Receipt.objects.exists()
