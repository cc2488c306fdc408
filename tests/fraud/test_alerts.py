"""Alerts: one per ring, decided once, opened again only by new money."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accounts.models import AuditEntry, User
from creditiq.kernel.errors import Forbidden, InvalidInput
from creditiq.kernel.events import capture_events
from fraud import selectors, services, tasks
from fraud.engine.significance import known
from fraud.events import AlertDecided
from fraud.models import Alert, AlertState, Ring, Screening
from fraud.services.storing import Circumstances, store_ring
from lending.selectors.standings import standing_at
from tests.factories.accounts import UserFactory
from tests.fraud.conftest import Town
from tests.fraud.engine.test_rings import POLICY, ring_payments, screened

pytestmark = pytest.mark.integration
DISMISSED = services.AlertDecision(AlertState.DISMISSED, "Genuine trade: contracts seen.")
CONFIRMED = services.AlertDecision(AlertState.CONFIRMED, "No goods ever moved.")


@pytest.fixture
def watched(town: Town) -> Town:
    services.screen_population(as_of=town.end)
    return town


@pytest.fixture
def ring(watched: Town) -> Ring:
    return Ring.objects.get(members__business_id=watched.keys[2], suspect=True)


def test_confirming_is_audited_and_announced(ring: Ring, watched: Town, risk_manager: User) -> None:
    with capture_events() as events:
        alert = services.decide_alert(ring_id=ring.uuid, decision=CONFIRMED, by=risk_manager, at=watched.end)
    assert events == [AlertDecided(alert_id=alert.pk, ring_id=ring.pk)]
    assert AuditEntry.objects.filter(action="alert.confirmed", actor=risk_manager).count() == 1
    standing = selectors.standing(business_id=watched.keys[2])
    assert standing.held
    assert standing.confirmed
    assert standing.ring_id == ring.uuid
    assert "confirmed" in selectors.held_businesses(business_ids=[watched.keys[2]])[watched.keys[2]]


def test_dismissing_releases_the_members(ring: Ring, watched: Town, risk_manager: User) -> None:
    services.decide_alert(ring_id=ring.uuid, decision=DISMISSED, by=risk_manager, at=watched.end)
    assert not selectors.standing(business_id=watched.keys[2]).held
    assert selectors.held_businesses(business_ids=[watched.keys[2]]) == {}


def test_a_dismissed_ring_stays_quiet_until_money_goes_round_again(
    ring: Ring, watched: Town, risk_manager: User
) -> None:
    services.decide_alert(ring_id=ring.uuid, decision=DISMISSED, by=risk_manager, at=watched.end)
    services.screen_population(as_of=watched.end + timedelta(hours=1))
    assert not Alert.objects.standing().filter(ring=ring).exists()
    Alert.objects.filter(ring=ring).update(decided_at=watched.end - timedelta(days=30))
    services.screen_population(as_of=watched.end + timedelta(hours=2))
    assert Alert.objects.standing().filter(ring=ring).count() == 1


def test_a_snooze_keeps_the_hold_and_can_still_be_decided(ring: Ring, watched: Town, risk_manager: User) -> None:
    snooze = services.AlertDecision(AlertState.SNOOZED, "Waiting for papers.", date(2026, 12, 1))
    services.decide_alert(ring_id=ring.uuid, decision=snooze, by=risk_manager, at=watched.end)
    assert selectors.standing(business_id=watched.keys[2]).held
    services.decide_alert(ring_id=ring.uuid, decision=CONFIRMED, by=risk_manager, at=watched.end)
    with pytest.raises(services.UnableToDecideAlert):
        services.decide_alert(ring_id=ring.uuid, decision=DISMISSED, by=risk_manager, at=watched.end)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(CONFIRMED, reason="  "),
        replace(CONFIRMED, until=date(2026, 12, 1)),
        services.AlertDecision(AlertState.SNOOZED, "Later."),
    ],
)
def test_a_decision_without_reason_or_with_a_wrong_date_is_refused(
    ring: Ring, watched: Town, risk_manager: User, wrong: services.AlertDecision
) -> None:
    with pytest.raises(InvalidInput):
        services.decide_alert(ring_id=ring.uuid, decision=wrong, by=risk_manager, at=watched.end)


def test_an_administrator_decides_nothing(ring: Ring, watched: Town) -> None:
    with pytest.raises(Forbidden):
        services.decide_alert(ring_id=ring.uuid, decision=CONFIRMED, by=UserFactory(role="admin"), at=watched.end)


def test_a_ring_below_policy_is_watched_without_an_alert(watched: Town) -> None:
    (finding,) = screened(ring_payments([watched.keys[n] for n in (0, 1, 3)], laps=1)).rings
    ring = store_ring(finding, Circumstances(watched.end, POLICY, None))
    assert not ring.suspect
    assert not ring.alerts.exists()
    assert ring in Ring.objects.in_state("watch")


def test_a_ring_that_came_to_rest_is_let_go_by_a_person_alone(ring: Ring, watched: Town, risk_manager: User) -> None:
    services.screen_population(as_of=watched.end + timedelta(days=100))
    assert ring.members.filter(current=True, suspect=True).exists()
    assert selectors.standing(business_id=watched.keys[2]).held
    services.decide_alert(ring_id=ring.uuid, decision=DISMISSED, by=risk_manager, at=watched.end + timedelta(days=101))
    assert not selectors.standing(business_id=watched.keys[2]).held
    services.screen_population(as_of=watched.end + timedelta(days=102))
    assert not ring.members.filter(current=True).exists()


def test_the_flag_stays_while_the_alert_stands_and_goes_with_it(ring: Ring, watched: Town, risk_manager: User) -> None:
    member, rested = watched.keys[2], watched.end + timedelta(days=100)

    def flag() -> float | None:
        return Screening.objects.filter(business=member).latest_first().first().fraud_ring_flag

    services.screen_population(as_of=rested)
    found = Screening.objects.filter(business=member).latest_first().first()
    assert (found.fraud_ring_flag, found.fraud_confidence, found.ring) == (1.0, 0.0, ring)
    services.screen_business(business_id=member, as_of=rested + timedelta(hours=1))
    assert flag() == 1.0
    assert standing_at(business_id=member, at=rested + timedelta(hours=2)).held
    services.decide_alert(ring_id=ring.uuid, decision=DISMISSED, by=risk_manager, at=rested + timedelta(hours=3))
    services.screen_business(business_id=member, as_of=rested + timedelta(hours=4))
    assert flag() == 0.0
    assert not standing_at(business_id=member, at=rested + timedelta(hours=5)).held


def test_a_dismissed_ring_flags_nobody_though_its_money_is_still_in_the_window(
    ring: Ring, watched: Town, risk_manager: User
) -> None:
    services.decide_alert(ring_id=ring.uuid, decision=DISMISSED, by=risk_manager, at=watched.end)
    services.screen_population(as_of=watched.end + timedelta(hours=1))
    services.screen_business(business_id=watched.keys[2], as_of=watched.end + timedelta(hours=2))
    rows = Screening.objects.filter(business=watched.keys[2], as_of__gt=watched.end)
    assert {row.fraud_ring_flag for row in rows} == {0.0}
    assert rows.first().fraud_confidence > 0.5


def test_what_a_later_scan_makes_of_a_ring_lets_nobody_go(watched: Town, risk_manager: User) -> None:
    keys = [watched.keys[n] for n in (0, 1, 3)]
    (sure,) = screened(ring_payments(keys)).rings
    ring = store_ring(sure, Circumstances(watched.end, POLICY, None))
    assert set(selectors.held_businesses(business_ids=keys)) == set(keys)
    doubted = known(sure, p_value=0.05, q_value=0.5)  # an eleventh ring made this one a find among many
    later = Circumstances(watched.end + timedelta(hours=1), POLICY, None)
    assert store_ring(doubted, later) == ring
    assert store_ring(replace(doubted, members=doubted.members[:2]), later) == ring
    assert set(selectors.held_businesses(business_ids=keys)) == set(keys)
    decided = watched.end + timedelta(hours=2)
    services.decide_alert(ring_id=ring.uuid, decision=DISMISSED, by=risk_manager, at=decided)
    assert selectors.held_businesses(business_ids=keys) == {}
    assert not store_ring(doubted, Circumstances(decided, POLICY, None)).suspect
    assert not ring.members.filter(suspect=True, current=True).exists()


def test_the_task_screens_now(watched: Town) -> None:
    before = Screening.objects.count()
    tasks.screen_business(business_id=watched.keys[0], topic="wallets.EvidenceRecorded")
    assert Screening.objects.count() == before + 1
