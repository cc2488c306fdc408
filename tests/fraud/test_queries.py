"""Lists ask the database a fixed number of times, however long they are."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from fraud import selectors, services
from fraud.models import Ring, Screening
from tests.fraud.conftest import Town
from wallets.models import BankEntry, UpiPayment

pytestmark = pytest.mark.integration
PINNED = {"/risk": 9, "/risk/panel": 8, "/risk/topology": 20, "/api/v1/fraud/rings": 6, "/api/v1/fraud/graph": 9}


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


def test_the_payments_of_a_screening_are_summed_once_until_a_consent_ends(town: Town, risk_manager: User) -> None:
    services.screen_population(as_of=town.end)
    shown = selectors.Shown()
    first = selectors.topology(user=risk_manager, shown=shown, at=town.end)
    UpiPayment.objects.all().delete()
    BankEntry.objects.all().delete()
    assert selectors.topology(user=risk_manager, shown=shown, at=town.end).links == first.links != ()
    later = town.end + timedelta(days=500)
    assert selectors.topology(user=risk_manager, shown=shown, at=later).links == ()


def test_the_network_s_opinion_of_somebody_without_a_blemish_takes_two_queries(
    town: Town, django_assert_num_queries
) -> None:
    services.screen_population(as_of=town.end)
    clean = min(set(town.keys.values()) - town.guilty)
    with django_assert_num_queries(2):
        block, standing = (
            selectors.network_block(business_id=clean, as_of=town.end),
            selectors.standing(business_id=clean),
        )
    latest = Screening.objects.filter(business_id=clean).latest_first()[0]
    assert block == {**latest.network(), "screening_id": latest.pk}
    assert (standing.held, standing.screening_id, standing.complete) == (False, latest.pk, latest.complete)
