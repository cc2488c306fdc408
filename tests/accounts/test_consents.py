"""Taking a consent back: at once, by the business only, and everybody who reads evidence hears of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from accounts import selectors, services
from accounts.events import ConsentWithdrawn
from accounts.models import AuditEntry
from creditiq.kernel.errors import Forbidden, NotVisible
from creditiq.kernel.events import capture_events
from tests.factories.accounts import AT, AdminFactory, ConsentFactory, MembershipFactory, OwnerFactory

pytestmark = pytest.mark.django_db


def test_withdrawing_ends_the_consent_from_now_on_and_is_announced() -> None:
    consent = ConsentFactory()
    owner = MembershipFactory(business=consent.business).user
    with capture_events() as events:
        services.withdraw_consent(consent_id=consent.uuid, by=owner, at=AT)
    where = {"business_id": consent.business_id, "organisation_id": consent.organisation_id}
    assert selectors.live_consent(**where, at=AT) is None
    assert selectors.live_consent(**where, at=AT - timedelta(seconds=1)) == consent
    assert events == [ConsentWithdrawn(consent_id=consent.pk, business_id=consent.business_id)]
    assert AuditEntry.objects.get().organisation == consent.organisation
    with pytest.raises(services.UnableToWithdraw):
        services.withdraw_consent(consent_id=consent.uuid, by=owner, at=AT)


def test_nobody_else_withdraws_it() -> None:
    consent = ConsentFactory()
    with pytest.raises(NotVisible):
        services.withdraw_consent(consent_id=consent.uuid, by=OwnerFactory(), at=AT)
    with pytest.raises(Forbidden):
        services.withdraw_consent(consent_id=consent.uuid, by=AdminFactory(), at=AT)


def test_a_role_without_the_act_learns_nothing_about_which_consents_exist() -> None:
    admin = AdminFactory()
    for consent_id in (ConsentFactory().uuid, uuid4()):
        with pytest.raises(Forbidden):
            services.withdraw_consent(consent_id=consent_id, by=admin, at=AT)


def test_a_consent_that_ends_before_it_begins_is_not_mistaken_for_one_in_force() -> None:
    membership = MembershipFactory()
    terms = services.ConsentTerms(organisation=selectors.platform(), expires_at=AT)
    with pytest.raises(IntegrityError, match="consent_granted_has_dates"):
        services.grant_consent(business=membership.business, terms=terms, by=membership.user, at=AT)
