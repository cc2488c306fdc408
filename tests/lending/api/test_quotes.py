"""What a loan would cost, over the API."""

import pytest
from rest_framework.test import APIClient

from tests.factories.accounts import OfficerFactory, OwnerFactory

QUOTE = "/api/v1/lending/quote"
ASKED = {"principal": "1000000", "rate": "12", "months": 36, "first_due": "2026-02-05"}


@pytest.fixture
def owner(db) -> APIClient:
    client = APIClient()
    client.force_authenticate(OwnerFactory())
    return client


def test_a_quote_has_the_figures_of_the_command(owner):
    answer = owner.post(QUOTE, {**ASKED, "fee": "20500.00"}, format="json")

    found = answer.json()
    assert answer.status_code == 200
    assert (found["emi"], found["last_emi"], found["total_interest"]) == ("33214.31", "33214.30", "195715.15")
    assert (found["apr"], found["net_disbursed"], len(found["schedule"])) == ("13.45", "979500.00", 36)
    assert found["schedule"][0]["due"] == "2026-02-05"


def test_the_variants_are_asked_for_by_field(owner):
    waiting = {**ASKED, "moratorium": 3, "moratorium_interest": "interest-only"}
    rising = {**ASKED, "method": "step", "step_percent": "10"}

    assert owner.post(QUOTE, waiting, format="json").json()["emi"] == "35727.44"
    assert owner.post(QUOTE, rising, format="json").json()["schedule"][12]["amount"] == "33365.89"


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("principal", {"principal": "0"}),
        ("rate", {"rate": "101"}),
        ("months", {"months": 0}),
        ("method", {"method": "gift"}),
        ("fee", {"fee": "1000000"}),
        ("moratorium", {"moratorium": 36}),
        ("first_due", {"disbursed": "2026-02-05"}),
    ],
)
def test_bad_terms_are_422_and_name_the_field(owner, field, change):
    answer = owner.post(QUOTE, {**ASKED, **change}, format="json")

    assert answer.status_code == 422
    assert field in str(answer.json())


def test_bank_staff_quote_too_and_strangers_do_not(db):
    staff, stranger = APIClient(), APIClient()
    staff.force_authenticate(OfficerFactory())

    assert staff.post(QUOTE, ASKED, format="json").status_code == 200
    assert stranger.post(QUOTE, ASKED, format="json").status_code == 401
