"""Lists ask the database a fixed number of times, however long they are. The queue's number is in `views/`."""

import pytest
from django.test import Client

from tests.factories.accounts import BusinessFactory
from tests.factories.lending import ApplicationFactory, ScoreRunFactory

pytestmark = pytest.mark.integration
PINNED = {"/risk/approvals": 5, "/risk/approvals/panel": 5, "/api/v1/applications": 4, "/officer/panel": 9}


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
