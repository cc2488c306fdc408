"""Loans over the API: read, preview, pay once, ask and answer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from creditiq.kernel.clock import IST, now
from lending.models import Loan
from lending.services import run_eod
from tests.factories.loans import a_loan

TODAY = now().astimezone(IST).date()
ROOT = "/api/v1/lending/loans"


@pytest.fixture
def loan(db):
    made = a_loan(on=TODAY - timedelta(days=45))
    run_eod(on=TODAY - timedelta(days=1), at=now())
    return Loan.objects.get(pk=made.pk)


@pytest.fixture
def officer(loan):
    client = APIClient()
    client.force_authenticate(loan.disbursement.maker)
    return client


@pytest.fixture
def risk(loan):
    client = APIClient()
    client.force_authenticate(loan.disbursement.checker)
    return client


def payment(**changes):
    return {"amount": "33214.31", "on": TODAY.isoformat(), "mode": "upi", "utr": "API1"} | changes


def test_loans_are_listed_with_a_pinned_number_of_queries(officer, loan, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as queries:
        page = officer.get("/api/v1/lending/loans").json()
    assert page["results"][0]["id"] == str(loan.uuid)
    a_loan(on=TODAY, bank=loan.organisation)
    with django_assert_max_num_queries(len(queries)):
        assert len(officer.get("/api/v1/lending/loans").json()["results"]) == 2


def test_one_loan_comes_with_dues_schedule_statement_and_payoff(officer, loan):
    one = officer.get(f"{ROOT}/{loan.uuid}").json()
    assert one["due_now"] == one["dues"][0]["amount"] or len(one["dues"]) > 1
    assert one["loan"]["sma"] == "SMA-0"
    assert len(one["schedule"]) == 36
    statement = officer.get(f"{ROOT}/{loan.uuid}/statement").json()
    assert statement[0] | {"on": ""} == {
        "on": "", "text": "Loan paid out", "charged": "1000000.00", "paid": "0.00", "balance": "1000000.00",
    }  # fmt: skip
    assert officer.get(f"{ROOT}/{loan.uuid}/payoff").json()["principal"] == "1000000.00"


def test_a_payment_is_previewed_and_posted_once(officer, loan):
    preview = officer.post(f"{ROOT}/{loan.uuid}/receipts/preview", {"amount": "20000"}, format="json").json()
    assert [option["applies"] for option in preview["options"]] == [True, False]
    made = officer.post(f"{ROOT}/{loan.uuid}/receipts", payment(), format="json")
    assert made.status_code == 201, made.content
    assert officer.post(f"{ROOT}/{loan.uuid}/receipts", payment(), format="json").status_code == 422
    assert officer.post(f"{ROOT}/{loan.uuid}/receipts/preview", {"amount": "0"}, format="json").status_code == 422


def test_two_people_correct_the_past(officer, risk, loan):
    wish = {
        "kind": "correct", "note": "Found", "payment": payment(on=(TODAY - timedelta(days=10)).isoformat()),
    }  # fmt: skip
    asked = officer.post(f"{ROOT}/{loan.uuid}/requests", wish, format="json")
    assert asked.status_code == 201, asked.content
    address = f"/api/v1/lending/requests/{asked.json()['id']}/answer"
    assert officer.post(address, {"approve": True}, format="json").status_code == 403
    assert risk.post(address, {"approve": True}, format="json").json()["state"] == "approved"
    loan.refresh_from_db()
    assert loan.principal < 1_000_000


def test_the_portfolio_is_for_those_who_answer_for_it(officer, risk, loan):
    assert officer.get("/api/v1/lending/portfolio").status_code == 403
    book = risk.get("/api/v1/lending/portfolio").json()
    assert (book["loans"], len(book["snapshot"])) == (1, 16)


def test_what_is_not_theirs_is_not_there(loan):
    client = APIClient()
    client.force_authenticate(a_loan(on=TODAY).disbursement.maker)
    assert client.get(f"{ROOT}/{loan.uuid}").status_code == 404
