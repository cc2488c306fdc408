"""Freezes hold the members whatever becomes of the alert; snoozes and freezes end by themselves; quiet is honoured."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from creditiq.kernel.errors import Forbidden, InvalidInput
from fraud import selectors, services, tasks
from fraud.models import Alert, AlertState, Freeze, Ring, Screening, Snooze
from fraud.services.findings import open_alerts
from tests.factories.accounts import BankFactory, UserFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration
DISMISSED = services.AlertDecision(AlertState.DISMISSED, "Contracts seen.")


@pytest.fixture
def ring(town: Town) -> Ring:
    services.screen_population(as_of=town.end)
    return Ring.objects.get(members__business_id=town.keys[2], suspect=True)


@pytest.fixture
def last_day(town: Town) -> date:
    return (town.end + timedelta(days=10)).date()


@pytest.fixture
def second(db: None) -> User:
    return UserFactory(role="risk_manager", first_name="Meera")


def held(town: Town) -> bool:
    once = selectors.standing(business_id=town.keys[2]).held
    assert once == bool(selectors.held_businesses(business_ids=[town.keys[2]]))
    return once


def test_frozen_members_stay_held_until_another_person_lifts_it(
    ring: Ring, town: Town, risk_manager: User, second: User, last_day: date
) -> None:
    freeze = {"ring_id": ring.uuid, "reason": "Papers under way.", "by": risk_manager, "at": town.end}
    services.freeze_members(until=last_day, **freeze)
    with pytest.raises(services.UnableToFreeze):
        services.freeze_members(until=last_day, **freeze)
    services.decide_alert(ring_id=ring.uuid, decision=DISMISSED, by=risk_manager, at=town.end)
    assert held(town)
    assert "frozen until" in selectors.held_businesses(business_ids=[town.keys[2]])[town.keys[2]]
    with pytest.raises(Forbidden):
        services.lift_freeze(ring_id=ring.uuid, reason="Done.", by=risk_manager, at=town.end)
    services.lift_freeze(ring_id=ring.uuid, reason="Papers seen.", by=second, at=town.end)
    assert not held(town)
    actions = AuditEntry.objects.filter(action__startswith="ring.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["ring.frozen", "ring.unfrozen"]
    with pytest.raises(services.UnableToFreeze):
        services.lift_freeze(ring_id=ring.uuid, reason="Again.", by=second, at=town.end)


@pytest.mark.parametrize(("days", "reason"), [(-1, "Why not."), (None, "Why not."), (5, "  ")])
def test_a_freeze_needs_a_day_ahead_and_a_reason(
    ring: Ring, town: Town, risk_manager: User, days: int | None, reason: str
) -> None:
    until = None if days is None else (town.end + timedelta(days=days)).date()
    with pytest.raises(InvalidInput):
        services.freeze_members(ring_id=ring.uuid, until=until, reason=reason, by=risk_manager, at=town.end)


def test_what_has_passed_ends_and_a_snoozed_alert_comes_back(
    ring: Ring, town: Town, risk_manager: User, last_day: date
) -> None:
    services.freeze_members(ring_id=ring.uuid, until=last_day, reason="Papers.", by=risk_manager, at=town.end)
    snooze = services.AlertDecision(AlertState.SNOOZED, "Waiting.", last_day)
    services.decide_alert(ring_id=ring.uuid, decision=snooze, by=risk_manager, at=town.end)
    assert services.end_what_passed(at=town.end + timedelta(days=9)) == (0, 0)
    later: datetime = town.end + timedelta(days=12)
    assert services.end_what_passed(at=later) == (1, 1)
    assert services.end_what_passed(at=later) == (0, 0)
    assert Alert.objects.get(ring=ring).state == AlertState.OPEN
    assert not Freeze.objects.in_force().exists()
    tasks.end_what_passed()


def test_take_next_goes_on_with_alerts_about_businesses(ring: Ring, town: Town, second: User) -> None:
    Alert.objects.filter(ring=None).delete()
    business = Screening.objects.get(business_id=town.keys[0]).business
    alert = Alert.objects.create(business=business, topic="smurfing", severity="high", opened_at=town.end)
    rings = Alert.objects.filter(state=AlertState.OPEN, ring__isnull=False).count()
    taken = [services.take_next(by=second, at=town.end) for _ in range(rings + 1)]
    assert (taken[-1].business, taken[-1].alert, taken[-1].assignee) == (business, alert, second)
    with pytest.raises(services.UnableToWorkOnCase):
        services.take_next(by=second, at=town.end)


def test_a_snoozed_typology_does_not_alert_about_that_business(ring: Ring, town: Town, risk_manager: User) -> None:
    screening = Screening.objects.filter(findings__isnull=False).select_related("business").first()
    assert screening is not None
    findings = list(screening.findings.all())
    Alert.objects.filter(business=screening.business).delete()
    for finding in findings:
        Snooze.objects.create(
            rule=finding.typology, pivot=str(screening.business.uuid), reason="Known.", by=risk_manager,
            at=town.end - timedelta(days=1), until=town.end + timedelta(days=1),
        )  # fmt: skip
    open_alerts(findings, {screening.business_id: screening})
    assert not Alert.objects.filter(business=screening.business).exists()
    Snooze.objects.update(until=town.end - timedelta(hours=1))
    open_alerts(findings, {screening.business_id: screening})
    assert Alert.objects.filter(business=screening.business).exists()


def test_the_page_freezes_and_another_person_lifts(
    ring: Ring, risk_manager: User, second: User, last_day: date
) -> None:
    mine, hers, address = Client(), Client(), f"/risk/rings/{ring.uuid}"
    mine.force_login(risk_manager)
    hers.force_login(second)
    assert mine.post(f"{address}/freezes", {}).status_code == 422
    assert mine.post(f"{address}/freezes", {"act": "freeze", "reason": "Papers."}).status_code == 422
    until = date(2100, 1, 1)
    assert mine.post(f"{address}/freezes", {"act": "freeze", "reason": "Papers.", "until": until}).status_code == 302
    assert "a second person has to lift it" in mine.get(address).content.decode()
    assert mine.post(f"{address}/freezes", {"act": "lift", "reason": "No."}).status_code == 403
    assert "Lift the freeze" in hers.get(address).content.decode()
    assert hers.post(f"{address}/freezes", {"act": "lift", "reason": "Seen."}).status_code == 302
    banker = UserFactory(role="risk_manager", organisation=BankFactory())
    stranger = Client()
    stranger.force_login(banker)
    assert stranger.post(f"{address}/freezes", {"act": "lift", "reason": "x"}).status_code == 404
