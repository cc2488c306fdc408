"""The loan calculator of an owner."""

from decimal import Decimal

import pytest
from django.test import Client

from tests.factories.accounts import MembershipFactory, OfficerFactory

ASKED = {"amount": "1000000", "months": "36", "rate_1": "12", "fee_1": "20500", "rate_2": "12.5", "fee_2": ""}


@pytest.fixture
def owner(db, client: Client) -> Client:
    client.force_login(MembershipFactory().user)
    return client


def test_an_empty_calculator_says_what_appears_here(owner):
    answer = owner.get("/owner/calculator")

    assert answer.status_code == 200
    assert "No offer to compare yet" in answer.content.decode()


def test_two_offers_are_compared_by_their_annual_rate_and_the_cheaper_one_gets_its_key_facts(owner):
    answer = owner.get("/owner/calculator", ASKED)

    page, comparison = answer.content.decode(), answer.context["comparison"]
    assert [offer.facts.sheet.apr for offer in comparison.offers] == [Decimal("13.45"), Decimal("12.50")]
    assert "Key facts of offer 2" in page
    assert "₹ 33,214.31" in page
    assert "₹ 9,79,500.00" in page
    assert page.count('scope="row"') == 2 + 36
    assert "Costs least" in page


@pytest.mark.parametrize("method", ["equal-principal", "flat", "bullet"])
def test_every_repayment_is_calculated(owner, method):
    answer = owner.get("/owner/calculator", {**ASKED, "method": method})

    assert len(answer.context["comparison"].best.facts.schedule) == 36


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": "0"}, "greater than or equal to 1"),
        ({"rate_1": ""}, "This field is required"),
        ({"fee_3": "100"}, "Give the rate of this offer too."),
        ({"fee_1": "1000000"}, "The fees of an offer have to stay below the amount."),
        ({"months": "many"}, "Enter a whole number"),
    ],
)
def test_what_cannot_be_calculated_is_said_beside_its_field(owner, change, words):
    answer = owner.get("/owner/calculator", {**ASKED, **change})

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_calculator_is_a_page_of_owners(db, client):
    client.force_login(OfficerFactory())

    assert client.get("/owner/calculator").status_code == 403
