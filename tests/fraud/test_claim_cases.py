"""A disputed claim opens a case of the platform, once."""

import pytest

from accounts.models import Organisation
from fraud import services
from fraud.models import Case, CaseAct
from tests.factories.accounts import AT, MembershipFactory, PlatformFactory

pytestmark = pytest.mark.django_db


def test_a_disputed_claim_opens_one_case_that_nobody_has_taken() -> None:
    PlatformFactory()
    owner = MembershipFactory()
    dispute = {"business_id": owner.business_id, "by_id": owner.user_id, "at": AT}
    case = services.open_case_of_claim(**dispute)
    assert services.open_case_of_claim(**dispute) == case
    assert (Case.objects.count(), case.business, case.assignee) == (1, owner.business, None)
    assert case.organisation == Organisation.objects.get(kind="platform")
    assert [event.act for event in case.events.all()] == [CaseAct.OPENED]
    assert case.title.startswith("Disputed claim: ")
