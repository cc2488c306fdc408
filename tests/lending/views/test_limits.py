"""Exposure limits: a risk manager asks for one of any dimension, a second person sets it."""

import pytest

from accounts.models import ApprovalRequest, Role
from lending.models import ExposureLimit
from tests.factories.accounts import BankFactory, BusinessFactory, UserFactory

pytestmark = pytest.mark.integration


@pytest.fixture
def risk(db, client):
    person = UserFactory(role=Role.RISK_MANAGER, organisation=BankFactory())
    client.force_login(person)
    return person


def ask(client, person, dimension, key):
    asked = {"organisation": person.organisation.uuid, "dimension": dimension, "key": key}
    return client.post("/risk/limits", {**asked, "cap": "5000000", "warn_percent": "80"})


def test_a_person_of_a_bank_asks_for_the_limit_of_a_state(risk, client):
    assert ask(client, risk, "state", "9").status_code == 302
    assert ApprovalRequest.objects.get().summary.endswith(str(ExposureLimit(dimension="state", key="09")))
    assert ask(client, risk, "state", "55").status_code == 422


def test_the_limit_of_a_sector_is_asked_by_a_sector_that_exists(risk, client):
    sector = BusinessFactory().sector
    assert ask(client, risk, "sector", sector).status_code == 302
    assert ask(client, risk, "sector", "no such sector").status_code == 422
