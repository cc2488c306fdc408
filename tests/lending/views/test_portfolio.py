from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Business, Role
from creditiq.kernel.clock import IST, now
from lending.services import run_eod
from tests.factories.accounts import BankFactory, UserFactory
from tests.factories.loans import a_loan

TODAY = now().astimezone(IST).date()


@pytest.fixture
def risk(db, client):
    """Deep in arrears: one loan four months old on which nothing was paid, one of today."""
    bad = a_loan(on=TODAY - timedelta(days=130))
    a_loan(on=TODAY - timedelta(days=2), bank=bad.organisation)
    run_eod(on=TODAY - timedelta(days=1), at=now())
    client.force_login(bad.disbursement.checker)
    return client


def test_the_book_is_shown_as_one_with_a_pinned_number_of_queries(risk, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as queries:
        page = risk.get("/risk/portfolio").content.decode()
    for text in ("in 2 loans", "50.00 % non-performing", "Substandard", "What a shock would cost", "By sector",
                 "By risk band", "100.0 %", "appetite of the policy", "From IRAC to expected credit loss"):  # fmt: skip
        assert text in page
    with django_assert_max_num_queries(len(queries)):
        risk.get("/risk/portfolio")


def test_the_return_lists_who_is_behind_with_the_id_of_its_snapshot(risk):
    header, row = risk.get("/risk/portfolio.csv").content.decode().splitlines()
    assert header.startswith("snapshot,loan,borrower")
    assert "Substandard" in row
    assert risk.get("/risk/portfolio.pdf").content.startswith(b"%PDF")


def test_an_empty_book_says_what_will_appear(db, client):
    a_loan(on=TODAY)
    client.force_login(UserFactory(role=Role.RISK_MANAGER, organisation=BankFactory()))
    assert "No loan runs yet" in client.get("/risk/portfolio").content.decode()


def test_a_shock_of_another_size_is_tried_on_the_page(risk):
    assert "invoiced sales fall by 45%" in risk.get("/risk/portfolio?fall=45").content.decode()
    assert risk.get("/risk/portfolio?fall=500").status_code == 422


def test_a_name_never_runs_in_a_spreadsheet(risk):
    Business.objects.update(legal_name="=1+1", trade_name="=1+1")
    assert ",'=1+1," in risk.get("/risk/portfolio.csv").content.decode()
