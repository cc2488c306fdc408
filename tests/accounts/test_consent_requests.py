"""A bank asks, the owner answers, time passes: every step once, on record, and told to whom it concerns."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import selectors, services
from accounts.events import ConsentDenied, ConsentExpired, ConsentGranted, ConsentRequested
from accounts.models import (
    CONSENT_STEPS,
    AuditEntry,
    Business,
    Consent,
    ConsentEvent,
    ConsentStatus,
    EvidenceKind,
    User,
)
from accounts.permissions import Capability
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import capture_events
from creditiq.kernel.identifiers import gstin
from tests.factories.accounts import (
    AT,
    BusinessFactory,
    ConsentFactory,
    MembershipFactory,
    OfficerFactory,
    OwnerFactory,
)

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=90)


def ask(business: Business, officer: User, at: datetime = AT, **terms: object) -> Consent:
    asked = {"kinds": ["gst_returns", "bank_entries"], "purpose": "credit_assessment", "expires_at": LATER, **terms}
    return services.request_consent(gstin=business.gstin, by=officer, at=at, **asked)


def steps_of(consent: Consent) -> list[str]:
    return list(ConsentEvent.objects.filter(consent=consent).order_by("pk").values_list("step", flat=True))


def test_the_table_names_capabilities_that_exist_and_only_the_clock_needs_none() -> None:
    named = {step.capability for step in CONSENT_STEPS}
    assert named - {""} <= {capability.value for capability in Capability}
    assert {step.event for step in CONSENT_STEPS if not step.capability} == {"expire"}


def test_asking_shows_the_owner_and_opens_nothing() -> None:
    membership, officer = MembershipFactory(), OfficerFactory()
    with capture_events() as events:
        consent = ask(membership.business, officer)
    assert events == [ConsentRequested(consent_id=consent.pk, business_id=membership.business_id)]
    assert selectors.consents_page(business=membership.business, at=AT).asked == (consent,)
    assert not Business.objects.visible_to(officer, AT).exists()
    assert AuditEntry.objects.get().organisation == officer.organisation
    assert steps_of(consent) == ["request"]


def test_a_yes_lets_the_bank_in_until_the_day_it_asked_for() -> None:
    membership, officer = MembershipFactory(), OfficerFactory()
    consent = ask(membership.business, officer)
    with capture_events() as events:
        services.grant_request(consent_id=consent.uuid, by=membership.user, at=AT)
    assert events == [ConsentGranted(consent_id=consent.pk, business_id=membership.business_id)]
    assert Business.objects.visible_to(officer, AT).get() == membership.business
    assert not Business.objects.visible_to(officer, LATER).exists()
    assert steps_of(consent) == ["request", "grant"]


def test_a_yes_takes_the_place_of_what_was_in_force_for_the_same_purpose() -> None:
    membership, officer = MembershipFactory(), OfficerFactory()
    earlier = ConsentFactory(
        business=membership.business, organisation=officer.organisation, kinds=["gst_invoices"], expires_at=LATER
    )
    consent = ask(membership.business, officer)
    services.grant_request(consent_id=consent.uuid, by=membership.user, at=AT)
    where = {"business_id": membership.business_id, "organisation_id": officer.organisation_id}
    assert selectors.live_consent(**where, at=AT) == consent
    assert selectors.live_consent(**where, at=AT - timedelta(seconds=1)) == earlier
    assert steps_of(earlier) == ["replace"]


def test_a_no_opens_nothing_and_is_respected_for_a_week() -> None:
    membership, officer = MembershipFactory(), OfficerFactory()
    consent = ask(membership.business, officer)
    with capture_events() as events:
        services.deny_request(consent_id=consent.uuid, by=membership.user, at=AT)
    assert events == [ConsentDenied(consent_id=consent.pk, business_id=membership.business_id)]
    with pytest.raises(services.UnableToRequest, match="seven days"):
        ask(membership.business, officer, at=AT + timedelta(days=6))
    assert ask(membership.business, officer, at=AT + timedelta(days=8)).status == ConsentStatus.REQUESTED


@pytest.mark.parametrize("answer", [services.grant_request, services.deny_request, services.withdraw_consent])
def test_nobody_but_the_owner_answers(answer) -> None:
    consent = ask(MembershipFactory().business, officer := OfficerFactory())
    with pytest.raises(NotVisible):
        answer(consent_id=consent.uuid, by=OwnerFactory(), at=AT)
    with pytest.raises(Forbidden):
        answer(consent_id=consent.uuid, by=officer, at=AT)


def test_an_answered_request_is_not_answered_again() -> None:
    membership = MembershipFactory()
    consent = ask(membership.business, OfficerFactory())
    services.deny_request(consent_id=consent.uuid, by=membership.user, at=AT)
    with pytest.raises(services.UnableToGrant):
        services.grant_request(consent_id=consent.uuid, by=membership.user, at=AT)
    with pytest.raises(services.UnableToDeny):
        services.deny_request(consent_id=consent.uuid, by=membership.user, at=AT)
    with pytest.raises(services.UnableToWithdraw):
        services.withdraw_consent(consent_id=consent.uuid, by=membership.user, at=AT)


def test_a_request_that_ran_out_cannot_be_granted() -> None:
    membership = MembershipFactory()
    consent = ask(membership.business, OfficerFactory())
    with pytest.raises(services.UnableToGrant, match="time asked for is over"):
        services.grant_request(consent_id=consent.uuid, by=membership.user, at=LATER)


def test_a_bank_asks_once_and_not_for_what_it_has() -> None:
    membership, officer = MembershipFactory(), OfficerFactory()
    consent = ask(membership.business, officer)
    with pytest.raises(services.UnableToRequest, match="asked already"):
        ask(membership.business, officer)
    services.grant_request(consent_id=consent.uuid, by=membership.user, at=AT)
    with pytest.raises(services.UnableToRequest, match="may read this already"):
        ask(membership.business, officer)
    assert ask(membership.business, officer, kinds=["upi_payments"]).status == ConsentStatus.REQUESTED


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ({"kinds": []}, "consent.kinds"),
        ({"kinds": ["diaries"]}, "consent.kinds"),
        ({"purpose": "curiosity"}, "consent.purpose"),
        ({"expires_at": AT}, "consent.expires_at"),
        ({"expires_at": AT + timedelta(days=732)}, "consent.expires_at"),
    ],
)
def test_a_request_that_breaks_a_rule_names_it(terms: dict[str, object], rule: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ask(BusinessFactory(), OfficerFactory(), **terms)
    assert refusal.value.rule == rule


def test_trying_out_gstins_leaves_a_trace() -> None:
    officer = OfficerFactory()
    with pytest.raises(NotVisible):
        ask(Business(gstin=gstin.compose(29, "AAACZ9999K")), officer)
    with pytest.raises(InvalidInput):
        ask(Business(gstin="29AAACZ9999K1ZZ"), officer)
    assert [entry.outcome for entry in AuditEntry.objects.all()] == ["unknown_gstin"]


def test_staff_of_the_platform_and_owners_do_not_ask() -> None:
    business = BusinessFactory()
    with pytest.raises(Forbidden):
        ask(business, OwnerFactory())
    with pytest.raises(Forbidden):
        ask(business, OfficerFactory(organisation=selectors.platform()))


def test_the_sweep_closes_what_ran_out_once_and_announces_it() -> None:
    membership = MembershipFactory()
    asked = ask(membership.business, OfficerFactory())
    given = ConsentFactory(expires_at=LATER)
    lasting = ConsentFactory()
    with capture_events() as events:
        assert services.expire_consents(at=LATER) == 2
        assert services.expire_consents(at=LATER) == 0
    assert {event.consent_id for event in events if isinstance(event, ConsentExpired)} == {asked.pk, given.pk}
    states = dict(Consent.objects.values_list("pk", "status"))
    assert states == {asked.pk: "expired", given.pk: "expired", lasting.pk: "granted"}
    assert AuditEntry.objects.filter(action="consents.expired").count() == 1
    assert not Consent.objects.live_at(LATER).filter(pk=asked.pk).exists()


def test_the_steps_of_a_consent_cannot_be_rewritten() -> None:
    consent = ask(MembershipFactory().business, OfficerFactory())
    for change in (lambda rows: rows.update(step="grant"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change(ConsentEvent.objects.filter(consent=consent))


def test_giving_nothing_is_refused() -> None:
    membership = MembershipFactory()
    terms = services.ConsentTerms(organisation=selectors.platform(), expires_at=LATER, kinds=[])
    with pytest.raises(InvalidInput):
        services.grant_consent(business=membership.business, terms=terms, by=membership.user, at=AT)


def test_access_says_what_a_bank_may_read_and_how_it_stands() -> None:
    membership, officer = MembershipFactory(), OfficerFactory()
    bank = officer.organisation_id
    none = selectors.access(business=membership.business, organisation_id=bank, at=AT)
    assert (none.live, none.is_asked, len(none.missing)) == (None, False, len(EvidenceKind))
    consent = ask(membership.business, officer)
    assert selectors.access(business=membership.business, organisation_id=bank, at=AT).is_asked
    services.deny_request(consent_id=consent.uuid, by=membership.user, at=AT)
    assert selectors.access(business=membership.business, organisation_id=bank, at=AT).was_denied
