"""Who may do what, and who sees whom."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Business, Consent, ConsentStatus, OrganisationStatus, Role, User
from accounts.permissions import CAPABILITIES, OF_DUTIES, Capability, can, require
from creditiq.kernel.errors import Forbidden, NotVisible
from tests.factories.accounts import (
    AdminFactory,
    AnalystFactory,
    BusinessFactory,
    ConsentFactory,
    MembershipFactory,
    OfficerFactory,
    OwnerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


def test_every_role_has_a_row_and_every_capability_belongs_to_somebody() -> None:
    assert set(CAPABILITIES) == set(Role)
    assert set().union(*CAPABILITIES.values(), *OF_DUTIES.values()) == set(Capability)


def test_an_admin_takes_no_part_in_lending_and_a_maker_is_no_checker() -> None:
    lending = {Capability.SANCTION, Capability.DECLINE, Capability.RECOMMEND, Capability.WORK_FRAUD}
    assert not CAPABILITIES[Role.ADMIN] & lending
    assert not any({Capability.RECOMMEND, Capability.SANCTION} <= held for held in CAPABILITIES.values())


def test_an_owner_sees_their_own_business_only() -> None:
    membership, other = MembershipFactory(), BusinessFactory()
    assert can(membership.user, Capability.VIEW_SCORE, membership.business)
    assert not can(membership.user, Capability.VIEW_SCORE, other)


def test_a_bank_sees_who_consented_to_it_and_nobody_else() -> None:
    consent, other = ConsentFactory(), ConsentFactory()
    officer = OfficerFactory(organisation=consent.organisation)
    assert list(Business.objects.visible_to(officer)) == [consent.business]
    assert not can(officer, Capability.VIEW_SCORE, other.business)


@pytest.mark.parametrize(
    ("moment", "seen"),
    [
        (MOMENT - timedelta(microseconds=1), False),
        (MOMENT, True),
        (MOMENT + timedelta(days=1), True),
        (MOMENT + timedelta(days=2), False),
    ],
)
def test_a_consent_counts_from_its_grant_until_its_withdrawal(moment: datetime, seen: bool) -> None:
    consent = ConsentFactory(status=ConsentStatus.WITHDRAWN, granted_at=MOMENT, withdrawn_at=MOMENT + timedelta(days=2))
    officer = OfficerFactory(organisation=consent.organisation)
    assert Business.objects.visible_to(officer, moment).exists() is seen


def test_a_consent_ends_at_its_expiry_and_covers_only_its_kinds() -> None:
    consent = ConsentFactory(granted_at=MOMENT, expires_at=MOMENT + timedelta(days=1), kinds=["upi_payments"])
    assert not Consent.objects.live_at(consent.expires_at).exists()
    assert Consent.objects.live_at(MOMENT).covering(["upi_payments"]).exists()
    assert not Consent.objects.live_at(MOMENT).covering(["upi_payments", "gst_invoices"]).exists()


def test_people_of_a_suspended_bank_see_nothing() -> None:
    consent = ConsentFactory(organisation__status=OrganisationStatus.SUSPENDED)
    officer = OfficerFactory(organisation=consent.organisation)
    assert not Business.objects.visible_to(officer).exists()
    assert not Consent.objects.visible_to(officer).exists()


def test_the_platforms_people_see_all_and_still_need_the_capability() -> None:
    business = BusinessFactory()
    assert can(AnalystFactory(), Capability.VIEW_SCORE, business)
    assert not can(AdminFactory(), Capability.VIEW_SCORE, business)


@pytest.mark.parametrize("stranger", [AnonymousUser(), User(role=Role.ADMIN, is_active=False)])
def test_nobody_and_a_closed_account_may_do_nothing(stranger: User | AnonymousUser) -> None:
    BusinessFactory()
    assert not any(can(stranger, capability) for capability in Capability)
    assert not Business.objects.visible_to(stranger).exists()
    assert not Consent.objects.visible_to(stranger).exists()


def test_require_says_forbidden_for_the_role_and_not_visible_for_the_object() -> None:
    business = BusinessFactory()
    with pytest.raises(Forbidden):
        require(UserFactory(), Capability.VIEW_SCORE, business)
    with pytest.raises(NotVisible):
        require(OwnerFactory(), Capability.VIEW_SCORE, business)


def test_what_belongs_to_a_bank_is_not_visible_to_another_with_the_same_consent() -> None:
    mine = ConsentFactory()
    theirs = ConsentFactory(business=mine.business)
    officer = OfficerFactory(organisation=mine.organisation)
    assert can(officer, Capability.VIEW_CONSENTS, mine)
    assert not can(officer, Capability.VIEW_CONSENTS, theirs)
    assert can(AnalystFactory(), Capability.VIEW_SCORE, theirs)


def test_what_belongs_to_an_organisation_alone_is_for_its_people_and_the_platforms() -> None:
    officer, other = OfficerFactory(), OfficerFactory()
    thing = User(organisation=officer.organisation)
    assert can(officer, Capability.VIEW_QUEUE, thing)
    assert not can(other, Capability.VIEW_QUEUE, thing)
    assert not can(OwnerFactory(), Capability.VIEW_SCORE, thing)
    assert not can(officer, Capability.VIEW_QUEUE, object())
