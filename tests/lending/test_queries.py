"""Lists ask the database a fixed number of times, however long they are. The queue's number is in `views/`."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lending.models import Decision
from lending.services import decide
from tests.factories.accounts import AnalystFactory, BusinessFactory
from tests.factories.lending import AT, ApplicationFactory, ScoreRunFactory

pytestmark = pytest.mark.integration
PINNED = {"/risk/approvals": 6, "/risk/approvals/panel": 5, "/api/v1/applications": 4, "/officer/panel": 10}


@pytest.mark.parametrize("address", sorted(PINNED))
def test_a_list_of_applications_takes_its_pinned_number_of_queries(
    address: str, desk, client: Client, django_assert_num_queries
) -> None:
    for _ in range(5):
        business = BusinessFactory()
        ScoreRunFactory(business=business)
        ApplicationFactory(business=business, organisation=desk.bank, opened_by=desk.owner)
    client.force_login(desk.risk)
    client.get(address)
    with django_assert_num_queries(PINNED[address]):
        assert client.get(address).status_code == 200


OWN = [("/officer/decisions", "officer"), ("/analyst/reviews", "analyst"), ("/owner/offers", "owner")]


@pytest.mark.parametrize(("address", "person"), OWN)
def test_a_persons_own_list_takes_the_same_number_of_queries_however_long(
    address: str, person: str, desk, client: Client
) -> None:
    client.force_login(AnalystFactory() if person == "analyst" else getattr(desk, person))
    decide(
        application_id=desk.application.uuid, outcome="recommend", reason_codes=["score.meets"], note="",
        by=desk.officer, at=AT,
    )  # fmt: skip
    client.get(address)
    with CaptureQueriesContext(connection) as short:
        client.get(address)
    for _ in range(3):
        other = ApplicationFactory(organisation=desk.bank, state="recommended")
        Decision.objects.create(
            application=other, outcome="recommend", reasons=["score.meets"], by=desk.officer, at=AT, snapshot="{}",
            sha256="a" * 64,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as long:
        assert client.get(address).status_code == 200
    assert len(long) == len(short)
