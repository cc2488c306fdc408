"""Lists ask the database a fixed number of times, however long they are."""

import pytest
from django.test import Client

from accounts.models import User
from fraud import services
from fraud.models import Ring
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration
PINNED = {"/risk": 19, "/risk/panel": 19, "/risk/topology": 21, "/api/v1/fraud/rings": 8, "/api/v1/fraud/graph": 8}


@pytest.mark.parametrize("address", sorted(PINNED))
def test_a_list_of_rings_takes_its_pinned_number_of_queries(
    address: str, town: Town, risk_manager: User, client: Client, django_assert_num_queries
) -> None:
    services.screen_population(as_of=town.end)
    assert Ring.objects.get().members.count() > 2
    client.force_login(risk_manager)
    client.get(address)
    with django_assert_num_queries(PINNED[address]):
        assert client.get(address).status_code == 200
