"""Quotes of a part prepayment and of a new rate, both ways; the new rate itself takes two people."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import InvalidInput
from lending.engine.book import NotPossible
from lending.models import JournalEntry, KeyFactStatement, Loan
from lending.selectors import prepay_quote, rate_quote
from lending.selectors.books import book
from lending.selectors.loan_acts import acts_in_force, replayed
from lending.selectors.rate_types import is_floating
from lending.services import UnableToServe, Wish, answer_proposal, propose, run_eod
from lending.services.paying_out import release_payment
from tests.factories.accounts import MembershipFactory, OfficerFactory, OwnerFactory
from tests.factories.lending import AT
from tests.factories.loans import START, a_loan, noon
from tests.lending.api.test_applications import client_of
from tests.lending.steps import ordered

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)
TODAY = now().astimezone(IST).date()
START_DAY = START + DAY


@pytest.fixture
def loan(db):
    return a_loan(rate_type="floating", benchmark="RBI repo rate")


@pytest.fixture
def running(db):
    """A loan of yesterday, for doors that ask the clock."""
    return a_loan(on=TODAY - DAY, rate_type="floating", benchmark="RBI repo rate")


def test_both_ways_of_paying_ahead_save_interest_and_book_nothing(loan):
    before = JournalEntry.objects.count()

    quote = prepay_quote(loan=loan, amount=Decimal(200_000), on=START_DAY)

    tenor, instalment = quote.ways
    assert (quote.due, quote.total, quote.today.rows) == (0, Decimal(200_000), 36)
    assert (tenor.words, tenor.rows, instalment.words) == ("Same end", 36, "Same instalment")
    assert tenor.instalment < quote.today.instalment == instalment.instalment
    assert instalment.rows < 36
    assert instalment.saved > tenor.saved > 0
    assert JournalEntry.objects.count() == before


def test_both_ways_of_a_higher_rate_cost_interest(loan):
    quote = rate_quote(loan=loan, percent=Decimal("12.25"), on=START_DAY)

    tenor, instalment = quote.ways
    assert tenor.instalment > quote.today.instalment
    assert instalment.rows > tenor.rows == 36
    assert instalment.saved < tenor.saved < 0


def test_what_cannot_be_is_said(loan):
    with pytest.raises(NotPossible):
        prepay_quote(loan=loan, amount=Decimal(2_000_000), on=START_DAY)
    with pytest.raises(NotPossible, match="rate already"):
        rate_quote(loan=loan, percent=Decimal(12), on=START_DAY)
    Loan.objects.filter(pk=loan.pk).update(state="closed")
    loan.refresh_from_db()
    with pytest.raises(NotPossible, match="over"):
        rate_quote(loan=loan, percent=Decimal(13), on=START_DAY)


def test_a_fixed_rate_is_not_reset(db):
    with pytest.raises(NotPossible, match="fixed rate"):
        rate_quote(loan=a_loan(), percent=Decimal(11), on=START_DAY)


def test_a_new_rate_takes_two_people_and_the_history_gives_the_same_book(loan):
    at = noon(START_DAY)
    wish = Wish(kind="reset", percent=Decimal("12.25"), keep="instalment")
    asked = propose(loan_id=loan.uuid, wish=wish, note="Repo rate", by=loan.disbursement.maker, at=at)
    assert {row["name"]: row["after"] for row in asked.effect}["Rate, % a year"] == "12.25"

    answer_proposal(proposal_id=asked.uuid, approve=True, answer="", by=loan.disbursement.checker, at=at)

    loan.refresh_from_db()
    assert (loan.percent, loan.schedule_version) == (Decimal("12.25"), 2)
    assert loan.instalments.filter(version=2).count() == 37
    run_eod(on=date(2026, 3, 10), at=noon(date(2026, 3, 11)))
    loan.refresh_from_db()
    (lived,) = replayed([loan], acts_in_force([loan]), loan.through)
    live = book(loan)
    assert (lived.rows, lived.dues, lived.percent) == (live.rows, live.dues, live.percent)
    assert all(lived.balance(account) == amount for account, amount in live.balances.items())


@pytest.mark.parametrize(("change", "field"), [({"percent": Decimal(0)}, "percent"), ({"keep": "both"}, "keep")])
def test_half_a_new_rate_names_its_field(loan, change, field):
    wish = Wish(**{"kind": "reset", "percent": Decimal(13), "keep": "tenor"} | change)
    with pytest.raises(InvalidInput) as refused:
        propose(loan_id=loan.uuid, wish=wish, note="x", by=loan.disbursement.maker, at=noon(START_DAY))
    assert refused.value.field == field


def test_quotes_over_the_api(running):
    officer = client_of(running.disbursement.maker)
    path = f"/api/v1/lending/loans/{running.uuid}"

    ahead = officer.post(f"{path}/prepay_quote", {"amount": "100000.00"}, format="json").json()
    rate = officer.post(f"{path}/rate_quote", {"percent": "11"}, format="json").json()

    assert [way["keep"] for way in ahead["ways"]] == ["tenor", "instalment"]
    assert len(ahead["today"]["schedule"]) == 36
    assert all(Decimal(way["saved"]) > 0 for way in rate["ways"])
    wrong = officer.post(f"{path}/rate_quote", {"percent": "12"}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "percent")
    assert client_of(OfficerFactory()).post(f"{path}/rate_quote", {"percent": "11"}).status_code == 404


def test_the_page_shows_both_ways_to_the_bank_and_to_the_owner(running, client):
    owner = OwnerFactory()
    MembershipFactory(user=owner, business=running.business)
    for person, path in ((running.disbursement.maker, "officer"), (owner, "owner")):
        client.force_login(person)
        page = client.get(f"/{path}/loans/{running.uuid}/quotes?prepay=100000&percent=12.5").content.decode()
        for text in ("Same end", "Same instalment", "Another rate from today", "Closing today takes"):
            assert text in page
        wrong = client.get(f"/{path}/loans/{running.uuid}/quotes?percent=12")
        assert wrong.status_code == 422
        assert "This is the rate already" in wrong.content.decode()


def test_a_fixed_rate_is_not_wished_to_be_reset(db):
    fixed = a_loan()
    wish = Wish(kind="reset", percent=Decimal(11))
    with pytest.raises(UnableToServe, match="fixed rate"):
        propose(loan_id=fixed.uuid, wish=wish, note="Lower", by=fixed.disbursement.maker, at=noon(START_DAY))


def test_an_agreement_that_does_not_say_its_rate_is_what_the_accepted_statement_says(desk):
    order = ordered(desk)
    paid_out = release_payment(order_id=order.uuid, by=desk.risk, at=AT)
    del paid_out.agreement["rate_type"]
    assert not is_floating(paid_out)

    with connection.cursor() as cursor:  # as one accepted for a floating product says it
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE lending_keyfactstatement DISABLE TRIGGER USER")
    statement = KeyFactStatement.objects.get(application=desk.application)
    statement.document["terms"]["rate_type"] = "floating"
    statement.save(update_fields=["document"])
    assert is_floating(paid_out)
