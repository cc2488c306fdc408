"""Hubs that the policy names are left out of every search for circles, and the queue says so."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Business, PolicySection, User
from accounts.services import publish_policy
from creditiq.kernel.errors import InvalidInput
from fraud import services
from fraud.engine.policy import FraudPolicy
from fraud.models import Cycle, RingMember
from fraud.selectors.policy import checked_policy
from tests.factories.accounts import UserFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration


def test_no_circle_goes_through_a_hub_and_the_queue_says_so(town: Town, risk_manager: User, client: Client) -> None:
    hub = Business.register.get(pk=min(town.guilty))
    document = asdict(replace(FraudPolicy(), hubs=(hub.gstin,)))
    author, approver = UserFactory(role="risk_manager"), UserFactory(role="admin")
    before = town.end - timedelta(days=1)
    publish_policy(section=PolicySection.FRAUD, document=document, author=author, approver=approver, at=before)
    services.screen_population(as_of=town.end)
    services.screen_business(business_id=hub.pk, as_of=town.end + timedelta(microseconds=1))
    assert not Cycle.objects.touching([hub.pk]).exists()
    assert not RingMember.objects.filter(business=hub).exists()
    client.force_login(risk_manager)
    page = client.get("/risk").content.decode()
    assert "Left out of the search as hubs: 1" in page
    assert hub.gstin in page


def test_the_slabs_of_a_sweep_leave_them_out_too(town: Town) -> None:
    hub = Business.register.get(pk=min(town.guilty))
    document = asdict(replace(FraudPolicy(), hubs=(hub.gstin,)))
    author, approver = UserFactory(role="risk_manager"), UserFactory(role="admin")
    before = town.end - timedelta(days=1)
    publish_policy(section=PolicySection.FRAUD, document=document, author=author, approver=approver, at=before)
    sweep = services.begin_sweep(as_of=town.end)
    for slab in sweep.slabs.all():
        services.search_slab(slab_id=slab.pk, at=town.end)
    services.finish_sweep(sweep_id=sweep.pk)
    assert not Cycle.objects.touching([hub.pk]).exists()


@pytest.mark.parametrize("hubs", ["gst@rbi", [1], [" "]])
def test_hubs_are_a_list_of_names(hubs: object) -> None:
    with pytest.raises(InvalidInput, match="GSTINs and UPI addresses"):
        checked_policy({"hubs": hubs})


def test_hubs_and_the_rate_of_false_discoveries_are_entries_of_the_policy() -> None:
    policy = checked_policy({"hubs": ["gst@rbi"], "false_discovery_rate": 0.01})
    assert (policy.hubs, policy.false_discovery_rate) == (("gst@rbi",), 0.01)
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        checked_policy({"false_discovery_rate": 2})
