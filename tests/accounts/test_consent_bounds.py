"""Date range, frequency and data life: asked for, narrowed by the owner, kept to, on record."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import selectors, services
from accounts.engine.spans import Span
from accounts.models import AuditEntry, Bounds, Consent, ConsentAct, ConsentStatus, ConsentUse, Membership
from accounts.services.consent_uses import LookedTooOften
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput
from tests.factories.accounts import AT, ConsentFactory, MembershipFactory, OfficerFactory, PlatformFactory

pytestmark = pytest.mark.django_db
FROM, TO = AT - timedelta(days=365), AT + timedelta(days=30)
LATER = AT + timedelta(days=300)
ASKED: Bounds = {
    "data_from": FROM,
    "data_to": TO,
    "frequency": Span("DAY", 2),
    "data_life": Span("MONTH", 6),
}


@pytest.fixture
def membership() -> Membership:
    return MembershipFactory()


def ask(membership: Membership, **bounds: object) -> Consent:
    terms = {"kinds": ["gst_returns"], "purpose": "credit_assessment", "expires_at": LATER}
    return services.request_consent(
        gstin=membership.business.gstin, by=OfficerFactory(), at=AT, **terms, **{**ASKED, **bounds}
    )


def answer(membership: Membership, consent: Consent, **narrowed: object) -> Consent:
    return services.grant_request(consent_id=consent.uuid, by=membership.user, at=AT, **narrowed)


def test_what_was_asked_is_what_is_granted_and_access_ends_with_the_life_of_the_data(membership: Membership) -> None:
    consent = ask(membership)
    assert consent.expires_at == LATER
    consent = answer(membership, consent)
    assert (consent.data_from, consent.data_to) == (FROM, TO)
    assert (consent.frequency, consent.data_life) == (Span("DAY", 2), Span("MONTH", 6))
    assert consent.expires_at == datetime(2027, 5, 1, 6, 30, tzinfo=AT.tzinfo)
    assert not Consent.objects.live_at(consent.expires_at).exists()
    assert services.expire_consents(at=consent.expires_at) == 1
    consent.refresh_from_db()
    assert consent.status == ConsentStatus.EXPIRED


def test_an_owner_gives_less(membership: Membership) -> None:
    less = {"data_from": FROM + timedelta(days=90), "data_to": AT, "data_life": Span("MONTH", 1)}
    consent = answer(membership, ask(membership), **less)
    assert (consent.data_from, consent.data_to, consent.data_life) == tuple(less.values())
    assert consent.frequency == Span("DAY", 2)
    assert consent.expires_at == datetime(2026, 12, 1, 6, 30, tzinfo=AT.tzinfo)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"data_from": FROM - timedelta(days=1)}, "data_from"),
        ({"data_from": None}, "data_from"),
        ({"data_to": TO + timedelta(days=1)}, "data_to"),
        ({"data_to": None}, "data_to"),
        ({"data_life": Span("YEAR", 1)}, "data_life"),
        ({"data_life": Span("INF", 0)}, "data_life"),
        ({"data_to": FROM - timedelta(days=2)}, "data_to"),
        ({"data_life": Span("HOUR", 3)}, "data_life"),
    ],
)
def test_an_owner_never_gives_more(membership: Membership, more: dict[str, object], field: str) -> None:
    consent = ask(membership)
    with pytest.raises(InvalidInput) as refused:
        answer(membership, consent, **more)
    assert refused.value.field == field
    consent.refresh_from_db()
    assert consent.status == ConsentStatus.REQUESTED


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"data_from": TO, "data_to": FROM}, "data_to"),
        ({"data_from": AT + timedelta(days=900), "data_to": None}, "data_from"),
        ({"data_from": datetime(1, 1, 2, tzinfo=IST)}, "data_from"),
        ({"data_from": None, "data_to": datetime(2017, 6, 30, tzinfo=IST)}, "data_to"),
        ({"frequency": Span("DAY", 0)}, "frequency"),
        ({"frequency": Span("DAY", 1001)}, "frequency"),
        ({"data_life": Span("HOUR", 1)}, "data_life"),
    ],
)
def test_a_bound_that_is_none_is_refused(membership: Membership, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(membership, **wrong)
    assert refused.value.field == field
    assert not Consent.objects.exists()


def test_without_bounds_a_consent_is_what_it_was(membership: Membership) -> None:
    nothing = {"data_from": None, "data_to": None, "frequency": None, "data_life": Span("INF", 0)}
    consent = answer(membership, ask(membership, **nothing))
    assert (consent.frequency, consent.data_life, consent.expires_at) == (None, None, LATER)
    assert set(json.loads(AuditEntry.objects.order_by("seq").last().payload)) == {"business", "kinds", "expires_at"}


def test_bounds_are_on_record(membership: Membership) -> None:
    answer(membership, ask(membership))
    payload = json.loads(AuditEntry.objects.order_by("seq").last().payload)
    assert (payload["frequency"], payload["data_life"]) == ("2 DAY", "6 MONTH")
    assert payload["data_from"] is not None


def test_whoever_reads_a_shorter_time_may_ask_for_a_longer_one(membership: Membership) -> None:
    officer = OfficerFactory()
    ConsentFactory(
        business=membership.business, organisation=officer.organisation, kinds=["gst_returns"], data_from=FROM,
        expires_at=LATER + timedelta(days=1),
    )  # fmt: skip
    terms = {"kinds": ["gst_returns"], "purpose": "credit_assessment", "expires_at": LATER, "by": officer, "at": AT}
    with pytest.raises(services.UnableToRequest):
        services.request_consent(gstin=membership.business.gstin, data_from=FROM, **terms)
    assert services.request_consent(gstin=membership.business.gstin, **terms).status == ConsentStatus.REQUESTED


def test_a_bank_looks_as_often_as_it_may_and_no_more() -> None:
    consent = ConsentFactory(frequency_unit="DAY", frequency_value=2)
    officer, colleague = OfficerFactory.create_batch(2, organisation=consent.organisation)

    def look(by, target: str, at: datetime = AT) -> None:
        services.record_look(business=consent.business, act=ConsentAct.CASE, target=target, by=by, at=at)

    look(officer, "application:1")
    look(officer, "application:1", AT + timedelta(minutes=1))
    look(colleague, "application:1")
    assert ConsentUse.objects.count() == 2
    with pytest.raises(LookedTooOften, match="2 times a day"):
        look(officer, "application:2")
    look(officer, "application:1", AT + timedelta(minutes=2))
    assert ConsentUse.objects.count() == 2
    look(officer, "application:2", AT + timedelta(days=1, hours=1))
    assert ConsentUse.objects.count() == 3


def test_what_the_house_does_by_itself_is_no_look_of_a_bank() -> None:
    consent = ConsentFactory(frequency_unit="MONTH", frequency_value=1, organisation=PlatformFactory())
    for hour in range(3):
        at = AT + timedelta(hours=hour)
        services.record_uses(consent_ids=[consent.pk], act=ConsentAct.SCORE, target="run", at=at)
    by = OfficerFactory(organisation=consent.organisation)
    services.record_look(business=consent.business, act=ConsentAct.CASE, target="x", by=by, at=AT)
    assert ConsentUse.objects.filter(by=by).count() == 1


@pytest.mark.parametrize(
    "row",
    [
        {"data_from": TO, "data_to": FROM},
        {"frequency_unit": "DAY"},
        {"frequency_value": 3},
        {"frequency_unit": "WEEK", "frequency_value": 3},
        {"life_unit": "HOUR", "life_value": 3},
        {"life_unit": "INF", "life_value": 3},
    ],
)
def test_the_database_refuses_what_no_consent_says(row: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentFactory(**row)


def test_the_owner_sees_what_was_agreed(membership: Membership) -> None:
    answer(membership, ask(membership))
    (live,) = selectors.consents_page(business=membership.business, at=AT).live
    assert live.frequency == Span("DAY", 2)
