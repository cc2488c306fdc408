"""Disputes: an owner is heard within the clock, an upheld one clears the hold, and nobody is tipped off."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Business, Membership, Notification, User
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import capture_events
from fraud import selectors, services
from fraud.events import AlertDecided, DisputeAnswered, DisputeUpheld
from fraud.models import Alert, AlertState, Dispute, DisputeState, DisputeSubject, Ring
from tests.factories.accounts import OwnerFactory, UserFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration
PAPER = services.Attachment("contract.pdf", b"%PDF-1.7 a contract")
FLAGGED = services.Statement(DisputeSubject.FLAG, "", "These are real sales.", (PAPER,))
UPHELD = services.Resolution(True, "Contracts and goods seen.")


@pytest.fixture
def ring(town: Town) -> Ring:
    services.screen_population(as_of=town.end)
    return Ring.objects.get(members__business_id=town.keys[2], suspect=True)


@pytest.fixture
def business(ring: Ring, town: Town) -> Business:
    return Business.objects.get(pk=town.keys[2])


@pytest.fixture
def owner(business: Business) -> User:
    person = OwnerFactory()
    Membership.objects.create(user=person, business=business)
    return person


@pytest.fixture
def dispute(business: Business, owner: User, town: Town) -> Dispute:
    return services.open_dispute(business=business, statement=FLAGGED, by=owner, at=town.end)


def test_opening_starts_the_clock_and_keeps_the_document(dispute: Dispute, owner: User, town: Town) -> None:
    seen = selectors.own_dispute(user=owner, dispute_id=dispute.uuid, at=town.end)
    assert dispute.due_at == town.end + timedelta(days=15)
    assert seen.turns[0].message.from_owner
    assert seen.turns[0].files[0].filename == "contract.pdf"
    with seen.turns[0].files[0].file.open() as kept:
        assert kept.read() == PAPER.content
    assert AuditEntry.objects.filter(action="dispute.opened", actor=owner).exists()


def test_the_same_thing_is_disputed_once_at_a_time(
    dispute: Dispute, business: Business, owner: User, town: Town
) -> None:
    with pytest.raises(services.UnableToDispute):
        services.open_dispute(business=business, statement=FLAGGED, by=owner, at=town.end)
    services.withdraw_dispute(dispute_id=dispute.uuid, by=owner, at=town.end)
    again = services.open_dispute(business=business, statement=FLAGGED, by=owner, at=town.end)
    assert again.pk != dispute.pk


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        (services.Statement(DisputeSubject.FLAG, "", "  "), "text"),
        (services.Statement(DisputeSubject.REASON, "", "Wrong."), "reference"),
        (services.Statement(DisputeSubject.FLAG, "", "x", (services.Attachment("a.pdf", b"MZ program"),)), "documents"),
        (services.Statement(DisputeSubject.FLAG, "", "x", (PAPER,) * 6), "documents"),
    ],
)
def test_what_is_missing_or_not_a_document_is_refused(
    business: Business, owner: User, town: Town, statement: services.Statement, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.open_dispute(business=business, statement=statement, by=owner, at=town.end)
    assert refused.value.field == field


def test_nobody_disputes_for_another_business(dispute: Dispute, business: Business, town: Town) -> None:
    stranger = OwnerFactory()
    with pytest.raises(NotVisible):
        services.open_dispute(business=business, statement=FLAGGED, by=stranger, at=town.end)
    with pytest.raises(NotVisible):
        services.reply_to_dispute(dispute_id=dispute.uuid, text="Hello", by=stranger, at=town.end)
    with pytest.raises(NotVisible):
        selectors.visible_file(user=stranger, file_id=dispute.messages.get().files.get().uuid)


def test_a_question_waits_for_the_owner_and_the_answer_goes_on(
    dispute: Dispute, owner: User, town: Town, risk_manager: User
) -> None:
    asked = services.ask_owner(dispute_id=dispute.uuid, question="Whose lorry?", by=risk_manager, at=town.end)
    assert asked.state == DisputeState.ASKED
    answered = services.reply_to_dispute(dispute_id=dispute.uuid, text="Ours.", by=owner, at=town.end)
    assert answered.state == DisputeState.OPEN
    services.resolve_dispute(dispute_id=dispute.uuid, resolution=UPHELD, by=risk_manager, at=town.end)
    told = Notification.objects.of(owner).order_by("pk")
    assert [news.topic for news in told] == ["dispute.asked", "dispute.resolved"]
    assert {news.path for news in told} == {f"/owner/disputes/{dispute.uuid}"}


def test_upholding_clears_the_hold_asks_for_a_new_score_and_says_why(
    dispute: Dispute, business: Business, ring: Ring, town: Town, risk_manager: User
) -> None:
    Alert.objects.filter(ring=ring).update(
        state=AlertState.CONFIRMED, decided_at=town.end, decided_by=risk_manager, reason="Sure."
    )
    with capture_events() as events:
        services.resolve_dispute(dispute_id=dispute.uuid, resolution=UPHELD, by=risk_manager, at=town.end)
    alert = Alert.objects.get(ring=ring)
    assert alert.state == AlertState.DISMISSED
    assert alert.reason == f"Dispute {dispute.number} upheld: {UPHELD.outcome}"
    assert not selectors.standing(business_id=business.pk).held
    assert AlertDecided(alert_id=alert.pk, ring_id=ring.pk) in events
    assert DisputeUpheld(dispute_id=dispute.pk, business_id=business.pk) in events
    assert AuditEntry.objects.filter(action="alert.cleared").count() == 1


def test_rejecting_keeps_the_hold_and_asks_for_no_score(
    dispute: Dispute, business: Business, town: Town, risk_manager: User
) -> None:
    no = services.Resolution(False, "No goods moved with these payments.")
    with capture_events() as events:
        services.resolve_dispute(dispute_id=dispute.uuid, resolution=no, by=risk_manager, at=town.end)
    assert selectors.standing(business_id=business.pk).held
    assert [type(event) for event in events if event.topic().startswith("fraud.")] == [DisputeAnswered]
    with pytest.raises(services.UnableToDispute):
        services.resolve_dispute(dispute_id=dispute.uuid, resolution=UPHELD, by=risk_manager, at=town.end)


def test_an_analyst_corrects_data_but_clears_no_hold(
    dispute: Dispute, business: Business, owner: User, town: Town
) -> None:
    analyst = UserFactory(role="credit_analyst")
    services.assign_dispute(dispute_id=dispute.uuid, to=analyst.uuid, by=analyst, at=town.end)
    with pytest.raises(Forbidden):
        services.resolve_dispute(dispute_id=dispute.uuid, resolution=UPHELD, by=analyst, at=town.end)
    about = services.Statement(DisputeSubject.DATUM, "INV-7", "Never ours.")
    datum = services.open_dispute(business=business, statement=about, by=owner, at=town.end)
    done = services.resolve_dispute(dispute_id=datum.uuid, resolution=UPHELD, by=analyst, at=town.end)
    assert done.state == DisputeState.UPHELD


def test_a_resolver_is_never_the_opener(dispute: Dispute, owner: User, town: Town) -> None:
    with pytest.raises(Forbidden):
        services.resolve_dispute(dispute_id=dispute.uuid, resolution=UPHELD, by=owner, at=town.end)
    alone = {"state": DisputeState.UPHELD, "resolved_by": owner, "resolved_at": town.end, "outcome": "Mine."}
    with pytest.raises(IntegrityError, match="dispute_resolver_is_not_opener"), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk).update(**alone)


def test_the_queue_sorts_by_the_clock(dispute: Dispute, town: Town, risk_manager: User) -> None:
    late = selectors.dispute_queue(user=risk_manager, at=town.end + timedelta(days=16))
    assert (late.late, late.rows[0].late, late.current) == (1, True, "open")
    view = selectors.dispute_view(user=risk_manager, dispute_id=dispute.uuid, at=town.end)
    assert [row.ring for row in view.rings] == [Ring.objects.get(suspect=True)]
