"""Alerts: one per ring, decided once, opened again only by new money."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from accounts.models import AuditEntry, User
from creditiq.kernel.errors import Forbidden, InvalidInput
from creditiq.kernel.events import capture_events
from fraud import selectors, services, tasks
from fraud.engine.significance import known
from fraud.events import AlertDecided
from fraud.models import Alert, AlertState, Ring, RingMember, Screening
from fraud.services.storing import Circumstances, store_ring
from lending.selectors.standings import standing_again, standing_at
from tests.factories.accounts import UserFactory
from tests.fraud.conftest import Town
from tests.fraud.engine.test_rings import POLICY, ring_payments, screened
from tests.fraud.test_outsiders import paid
from wallets.models import UpiPayment

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


@pytest.fixture
def between(town: Town) -> tuple[int, Ring, Ring]:
    """A business in two rings, each with an alert nobody decided: the second ring is the surer one."""
    shared, *others = (town.keys[n] for n in (0, 1, 3, 4, 5))
    found = Circumstances(town.end, POLICY, None)
    (less,), (more,) = (
        screened(ring_payments([shared, *pair], laps=laps)).rings for pair, laps in ((others[:2], 4), (others[2:], 8))
    )
    assert less.confidence < more.confidence
    return shared, store_ring(less, found), store_ring(more, found)


def standings_of(business: int, at: datetime) -> set[tuple[bool, bool]]:
    """(held, confirmed) as the fraud desk and as lending read it."""
    now = selectors.standing(business_id=business)
    then = standing_at(business_id=business, at=at)
    return {(now.held, now.confirmed), (then.held, then.confirmed)}


def test_a_business_in_two_rings_is_held_by_both_however_the_screening_names_one(
    between: tuple[int, Ring, Ring], town: Town, risk_manager: User
) -> None:
    business, less, more = between
    at = [town.end + timedelta(hours=hour) for hour in range(6)]
    assert services.screen_business(business_id=business, as_of=at[0]).ring == more
    services.decide_alert(ring_id=less.uuid, decision=CONFIRMED, by=risk_manager, at=at[1])
    assert standings_of(business, at[1]) == {(True, True)}
    services.decide_alert(ring_id=more.uuid, decision=DISMISSED, by=risk_manager, at=at[2])
    assert standings_of(business, at[2]) == {(True, True)}
    assert services.screen_business(business_id=business, as_of=at[3]).ring == less
    assert standings_of(business, at[3]) == {(True, True)}
    assert not standing_at(business_id=business, at=at[0]).confirmed


def test_a_screening_names_the_confirmed_ring_before_the_surer_one(
    between: tuple[int, Ring, Ring], town: Town, risk_manager: User
) -> None:
    business, less, _ = between
    services.decide_alert(ring_id=less.uuid, decision=CONFIRMED, by=risk_manager, at=town.end)
    assert services.screen_business(business_id=business, as_of=town.end).ring == less


def test_what_held_a_business_at_a_moment_stays_so_whatever_becomes_of_the_rings(
    between: tuple[int, Ring, Ring], town: Town, risk_manager: User
) -> None:
    business, less, more = between
    at = [town.end + timedelta(hours=hour) for hour in range(6)]
    seen = services.screen_business(business_id=business, as_of=at[0])
    services.decide_alert(ring_id=more.uuid, decision=DISMISSED, by=risk_manager, at=at[1])
    services.decide_alert(ring_id=less.uuid, decision=DISMISSED, by=risk_manager, at=at[3])
    RingMember.objects.filter(business=business).update(current=False, suspect=False)  # the money stopped
    held = [standing_again(business_id=business, screening_id=seen.pk, at=moment).held for moment in at[:4]]
    assert held == [True, True, True, False]


def test_who_joins_a_ring_under_an_alert_is_held_from_then_on_and_not_before(town: Town) -> None:
    *first, late = (town.keys[n] for n in (0, 1, 3, 4))
    services.screen_business(business_id=late, as_of=town.end)
    (three,), (four,) = (screened(ring_payments(keys)).rings for keys in (first, [*first, late]))
    joined = town.end + timedelta(hours=2)
    ring = store_ring(three, Circumstances(town.end, POLICY, None))
    assert store_ring(four, Circumstances(joined, POLICY, None)) == ring
    assert not standing_at(business_id=late, at=joined - timedelta(hours=1)).held
    assert standings_of(late, joined) == {(True, False)}


def test_a_full_scan_counts_a_dismissed_business_it_finds_in_a_new_ring_against_its_partners(
    ring: Ring, watched: Town, risk_manager: User
) -> None:
    services.decide_alert(ring_id=ring.uuid, decision=DISMISSED, by=risk_manager, at=watched.end)
    cleared = watched.keys[2]
    one, two = sorted(set(watched.keys.values()) - watched.guilty)[:2]
    rows = []
    for lap in range(8):
        start = watched.end + timedelta(hours=100 * lap + 60)
        rows += [
            paid(one, f"n{lap:03}a", by=cleared, rupees=300_000, at=start),
            paid(two, f"n{lap:03}b", by=one, rupees=296_000, at=start + timedelta(hours=5)),
            paid(cleared, f"n{lap:03}c", by=two, rupees=292_000, at=start + timedelta(hours=11)),
        ]
    UpiPayment.objects.bulk_create(rows)
    tonight = watched.end + timedelta(days=34)
    population = services.screen_population(as_of=tonight)
    batch = {row.business_id: row for row in Screening.objects.filter(population=population)}
    assert batch[cleared].fraud_ring_flag == 1.0
    for business in (cleared, one, two):
        live = services.screen_business(business_id=business, as_of=tonight + timedelta(microseconds=1))
        assert live.network() == batch[business].network()
        assert live.direct_exposure == batch[business].direct_exposure
