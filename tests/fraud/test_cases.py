"""Cases: taken by one, closed by two; the trail and the audit keep every act."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.models import AuditEntry, Business, Notification, User
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import capture_events
from fraud import selectors, services
from fraud.events import AlertDecided
from fraud.models import Alert, AlertState, Case, CaseAct, CaseEvent, CaseOutcome, CaseState, Ring, Snooze
from fraud.tasks import escalate_late_cases
from tests.factories.accounts import BankFactory, UserFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration
UNFOUNDED = services.Closing(CaseOutcome.UNFOUNDED, "Contracts and goods seen.")
CONFIRMED = services.Closing(CaseOutcome.CONFIRMED, "No goods ever moved.")


@pytest.fixture
def ring(town: Town) -> Ring:
    services.screen_population(as_of=town.end)
    return Ring.objects.get(members__business_id=town.keys[2], suspect=True)


@pytest.fixture
def second(db: None) -> User:
    return UserFactory(role="risk_manager", first_name="Meera")


@pytest.fixture
def case(ring: Ring, town: Town, risk_manager: User) -> Case:
    return services.open_case(about=services.About(ring_id=ring.uuid), by=risk_manager, at=town.end)


def acts(case: Case) -> list[str]:
    return list(case.events.order_by("pk").values_list("act", flat=True))


def test_a_ring_has_one_unfinished_case(case: Case, ring: Ring, town: Town, second: User) -> None:
    again = services.open_case(about=services.About(ring_id=ring.uuid), by=second, at=town.end)
    assert again == case
    assert case.alert == Alert.objects.get(ring=ring)
    assert case.due_at == town.end + timedelta(hours=72)
    assert acts(case) == [CaseAct.OPENED]


def test_a_case_is_about_one_thing_that_one_may_see(ring: Ring, town: Town, risk_manager: User) -> None:
    with pytest.raises(InvalidInput):
        services.open_case(about=services.About(), by=risk_manager, at=town.end)
    banker = UserFactory(role="risk_manager", organisation=BankFactory())
    with pytest.raises(NotVisible):
        services.open_case(about=services.About(ring_id=ring.uuid), by=banker, at=town.end)
    business = Business.objects.get(pk=town.keys[0])
    made = services.open_case(about=services.About(business_id=business.uuid), by=risk_manager, at=town.end)
    assert made.title == business.trade_name


def test_take_next_gives_what_nobody_has_then_the_surest_alert(ring: Ring, town: Town, second: User) -> None:
    Alert.objects.filter(ring=None).delete()
    taken = services.take_next(by=second, at=town.end)
    assert (taken.assignee, taken.ring) == (second, ring)
    assert acts(taken) == [CaseAct.OPENED, CaseAct.TAKEN]
    with pytest.raises(services.UnableToWorkOnCase):
        services.take_next(by=second, at=town.end)


def test_only_a_colleague_who_works_on_cases_can_get_one(
    case: Case, town: Town, risk_manager: User, second: User
) -> None:
    given = services.assign_case(case_id=case.uuid, to=second.uuid, by=risk_manager, at=town.end)
    assert given.assignee == second
    for stranger in (UserFactory(role="credit_analyst"), UserFactory(role="risk_manager", organisation=BankFactory())):
        with pytest.raises(InvalidInput):
            services.assign_case(case_id=case.uuid, to=stranger.uuid, by=risk_manager, at=town.end)


def test_a_case_of_the_platform_does_not_exist_for_a_bank(case: Case, town: Town) -> None:
    banker = UserFactory(role="risk_manager", organisation=BankFactory())
    with pytest.raises(NotVisible):
        selectors.case_view(user=banker, case_id=case.uuid, at=town.end)
    with pytest.raises(NotVisible):
        services.note_in_case(case_id=case.uuid, text="Hello", by=banker, at=town.end)


def test_closing_takes_two_people_and_settles_the_alert(
    case: Case, town: Town, risk_manager: User, second: User
) -> None:
    services.propose_closing(case_id=case.uuid, closing=CONFIRMED, by=risk_manager, at=town.end)
    with pytest.raises(Forbidden):
        services.answer_closing(case_id=case.uuid, agreed=True, note="", by=risk_manager, at=town.end)
    with capture_events() as events:
        services.answer_closing(case_id=case.uuid, agreed=True, note="", by=second, at=town.end)
    case.refresh_from_db()
    alert = Alert.objects.get(pk=case.alert_id)
    assert (case.state, case.closed_by) == (CaseState.CLOSED, second)
    assert (alert.state, alert.decided_by, alert.reason) == (AlertState.CONFIRMED, risk_manager, CONFIRMED.finding)
    assert events == [AlertDecided(alert_id=alert.pk, ring_id=case.ring_id)]
    assert acts(case)[-2:] == [CaseAct.PROPOSED, CaseAct.CLOSED]
    assert AuditEntry.objects.filter(action="case.closed", actor=second).count() == 1


def test_an_unfounded_case_releases_the_members(case: Case, town: Town, risk_manager: User, second: User) -> None:
    services.propose_closing(case_id=case.uuid, closing=UNFOUNDED, by=risk_manager, at=town.end)
    services.answer_closing(case_id=case.uuid, agreed=True, note="", by=second, at=town.end)
    assert not selectors.standing(business_id=town.keys[2]).held


def test_a_closing_sent_back_needs_a_note_and_opens_the_case(
    case: Case, town: Town, risk_manager: User, second: User
) -> None:
    services.propose_closing(case_id=case.uuid, closing=UNFOUNDED, by=risk_manager, at=town.end)
    with pytest.raises(InvalidInput):
        services.answer_closing(case_id=case.uuid, agreed=False, note=" ", by=second, at=town.end)
    back = services.answer_closing(case_id=case.uuid, agreed=False, note="See March.", by=second, at=town.end)
    assert back.state == CaseState.OPEN
    assert CaseEvent.objects.get(case=case, act=CaseAct.RETURNED).text == "See March."


def test_the_database_refuses_a_closing_by_one_person(case: Case, town: Town, risk_manager: User) -> None:
    services.propose_closing(case_id=case.uuid, closing=UNFOUNDED, by=risk_manager, at=town.end)
    alone = {"state": CaseState.CLOSED, "closed_by": risk_manager, "closed_at": town.end}
    with pytest.raises(IntegrityError, match="case_maker_is_not_checker"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**alone)


def test_the_trail_is_never_changed(case: Case) -> None:
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        CaseEvent.objects.filter(case=case).update(text="something else")
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        CaseEvent.objects.filter(case=case).delete()


def test_what_belongs_together_is_linked_once(case: Case, town: Town, risk_manager: User) -> None:
    business = Business.objects.get(pk=town.keys[0])
    other = services.open_case(about=services.About(business_id=business.uuid), by=risk_manager, at=town.end)
    for target in (other.number, business.gstin, str(case.ring and case.ring.uuid), other.number.lower()):
        services.link_case(case_id=case.uuid, target=target, why="Same director", by=risk_manager, at=town.end)
    assert case.links.count() == 3
    for wrong in (case.number, "C-999999", "nonsense", str(uuid4())):
        with pytest.raises(InvalidInput):
            services.link_case(case_id=case.uuid, target=wrong, why="?", by=risk_manager, at=town.end)
    labels = [link.label for link in selectors.case_view(user=risk_manager, case_id=case.uuid, at=town.end).links]
    assert f"{other.number} {business.trade_name}" in labels


def test_a_snooze_names_rule_pivot_end_and_reason(case: Case, ring: Ring, town: Town, risk_manager: User) -> None:
    until = town.end + timedelta(days=7)
    services.snooze_case(case_id=case.uuid, until=until, reason="Waiting for papers.", by=risk_manager, at=town.end)
    snooze = Snooze.objects.get()
    assert (snooze.rule, snooze.pivot, snooze.until) == ("ring", str(ring.uuid), until)
    assert Alert.objects.get(ring=ring).state == AlertState.SNOOZED
    assert selectors.is_snoozed(rule="ring", pivot=ring.uuid, at=town.end)
    assert not selectors.is_snoozed(rule="ring", pivot=ring.uuid, at=until)
    with pytest.raises(InvalidInput):
        services.snooze_case(case_id=case.uuid, until=town.end, reason="x", by=risk_manager, at=town.end)


def test_the_queue_counts_shares_and_marks_what_is_late(case: Case, town: Town, risk_manager: User) -> None:
    later = town.end + timedelta(hours=80)
    queue = selectors.case_queue(user=risk_manager, at=later)
    assert queue.current == "waiting"
    assert queue.late == 1
    assert queue.rows[0].late
    services.assign_case(case_id=case.uuid, to=risk_manager.uuid, by=risk_manager, at=later)
    assert selectors.case_queue(user=risk_manager, at=later).current == "mine"


def test_an_analyst_looks_and_does_not_work(case: Case, town: Town) -> None:
    analyst = UserFactory(role="credit_analyst")
    assert selectors.case_view(user=analyst, case_id=case.uuid, at=town.end).case == case
    with pytest.raises(Forbidden):
        services.note_in_case(case_id=case.uuid, text="Hello", by=analyst, at=town.end)


def test_a_snoozed_ring_stays_quiet_even_when_its_alert_was_dismissed_long_ago(
    case: Case, ring: Ring, town: Town, risk_manager: User
) -> None:
    until = town.end + timedelta(days=7)
    services.snooze_case(case_id=case.uuid, until=until, reason="Waiting.", by=risk_manager, at=town.end)
    long_ago = town.end - timedelta(days=60)
    Alert.objects.filter(ring=ring).update(state=AlertState.DISMISSED, decided_at=long_ago, until=None)
    services.screen_population(as_of=town.end + timedelta(hours=1))
    assert not Alert.objects.standing().filter(ring=ring).exists()
    services.screen_population(as_of=until + timedelta(hours=1))
    assert Alert.objects.standing().filter(ring=ring).exists()


def test_a_case_past_its_time_is_told_once_to_the_fraud_desk_of_its_house(case: Case, second: User) -> None:
    banker = UserFactory(role="risk_manager", organisation=BankFactory())
    assert services.escalate_late_cases(at=case.due_at) == 0
    assert services.escalate_late_cases(at=case.due_at + timedelta(minutes=1)) == 1
    assert services.escalate_late_cases(at=case.due_at + timedelta(days=1)) == 0
    escalate_late_cases()
    told = Notification.objects.filter(topic="case.late")
    assert {news.user_id for news in told} == {case.opened_by_id, second.pk}
    assert banker.pk not in {news.user_id for news in told}
    assert told[0].path == f"/risk/cases/{case.uuid}"
    assert AuditEntry.objects.filter(action="case.escalated").count() == 1
