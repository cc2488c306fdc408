"""Taking a consent back: at once, by the business only, and everybody who reads evidence hears of it."""

from datetime import timedelta

import pytest

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
