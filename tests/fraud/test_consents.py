"""What a business shares decides what is screened: taken up when it agrees, let go when it does not."""

from datetime import timedelta

import pytest

from accounts.models import Consent, ConsentAct, ConsentUse
from creditiq.kernel.events import capture_events
from fraud import services
from fraud.events import BusinessScreened
from fraud.models import Cycle, RingMember
from fraud.selectors.evidence import cycles_around
from tests.factories.accounts import ConsentFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration


def withdraw(businesses: set[int], town: Town) -> dict[int, int]:
    """The consents of the businesses, taken back an hour before the end: by business."""
    consents = Consent.objects.filter(business__in=businesses)
    consents.update(status="withdrawn", withdrawn_at=town.end - timedelta(hours=1))
    return dict(consents.values_list("business_id", "pk"))


def test_a_screening_names_the_consent_it_read_under(town: Town) -> None:
    business = next(iter(town.keys.values()))
    services.screen_business(business_id=business, as_of=town.end)
    assert ConsentUse.objects.get(act=ConsentAct.SCREENING).consent.business_id == business


def test_a_full_scan_names_every_consent_once(town: Town) -> None:
    services.screen_population(as_of=town.end)
    services.screen_population(as_of=town.end)
    assert ConsentUse.objects.filter(act=ConsentAct.SCREENING).count() == len(town.keys)


def test_a_business_that_agrees_is_screened_and_a_banks_consent_changes_nothing(town: Town) -> None:
    business = next(iter(town.keys.values()))
    consent = Consent.objects.get(business=business)
    with capture_events() as events:
        services.take_up(business_id=business, consent_id=consent.pk, as_of=town.end)
    assert [type(event) for event in events] == [BusinessScreened]
    banks = ConsentFactory(business=consent.business)
    assert services.take_up(business_id=business, consent_id=banks.pk, as_of=town.end) is None
    assert services.forget(business_id=business, consent_id=banks.pk, at=town.end) == 0


def test_a_cycle_nobody_agrees_to_show_any_more_is_not_read(town: Town) -> None:
    services.screen_population(as_of=town.end)
    stored = Cycle.objects.filter(members__contained_by=sorted(town.guilty)).first()
    around = {"since": stored.started_at, "as_of": town.end}
    assert cycles_around(stored.members, **around)
    withdraw(set(stored.members), town)
    assert not any(set(cycle.members) == set(stored.members) for cycle in cycles_around(stored.members, **around))


def test_withdrawing_is_no_way_out_of_a_hold(town: Town) -> None:
    services.screen_population(as_of=town.end)
    member = RingMember.objects.filter(current=True, ring__alerts__isnull=False).first()
    consents = withdraw({member.business_id}, town)
    services.forget(business_id=member.business_id, consent_id=consents[member.business_id], at=town.end)
    member.refresh_from_db()
    assert member.current


def test_a_ring_that_is_only_watched_lets_its_member_go(town: Town) -> None:
    services.screen_population(as_of=town.end)
    member = RingMember.objects.filter(current=True).first()
    member.ring.alerts.all().delete()
    consents = withdraw({member.business_id}, town)
    forgotten = {"business_id": member.business_id, "consent_id": consents[member.business_id], "at": town.end}
    assert services.forget(**forgotten) >= 1
    assert services.forget(**forgotten) == 0
    member.refresh_from_db()
    assert not member.current
