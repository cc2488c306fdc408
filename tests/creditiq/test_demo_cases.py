"""The demo's applications are at different points of their way, by the real services."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import Organisation
from accounts.services.personas import STATE_BANK
from creditiq.management.demo import cases, cast
from fraud.models import Screening
from lending.models import LoanApplication
from tests.factories.accounts import BusinessFactory, MembershipFactory
from tests.factories.lending import AT, ApplicationFactory, ScoreRunFactory
from tests.lending.conftest import give_evidence

pytestmark = pytest.mark.integration


def test_officers_are_at_work_on_the_applications_and_a_second_run_changes_nothing(db) -> None:
    cast.found_banks_and_people(AT)
    bank = Organisation.objects.get(name=STATE_BANK)
    played = [MembershipFactory().business, MembershipFactory().business]
    cast.lending.offer_products(at=AT)
    for _ in range(7):
        business = BusinessFactory(udyam="", constitution="proprietorship")
        give_evidence(business)
        Screening.objects.create(
            business=business, as_of=AT - timedelta(hours=3), fraud_ring_flag=0.0, fraud_confidence=0.01,
            complete=True, window_hours=72,
        )  # fmt: skip
        ScoreRunFactory(business=business)
        ApplicationFactory(business=business, organisation=bank, amount=300_000)

    cases.work(played=played, at=AT)
    states = Counter(LoanApplication.objects.values_list("state", flat=True))
    cases.work(played=played, at=AT)

    worked = {"info_requested": 1, "declined": 1, "recommended": 2, "kfs_issued": 2}
    assert states == {**worked, "under_review": 1, "draft": 1}
    assert Counter(LoanApplication.objects.values_list("state", flat=True)) == states
