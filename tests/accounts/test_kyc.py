"""How well a business is known, and who is behind it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import selectors, services
from accounts.models import AuditEntry, KycProfile, KycRisk, KycTier
from tests.factories.accounts import AT, BusinessFactory, RiskManagerFactory
from tests.factories.kyc import KycProfileFactory

pytestmark = pytest.mark.django_db


def test_a_business_nobody_looked_at_is_missing_everything_of_the_first_tier() -> None:
    found = selectors.kyc_of(business_id=BusinessFactory().pk, at=AT)
    assert (found.standing, found.is_good, found.tier) == ("missing", False, "")
    assert found.missing[0] == "PAN card of the business"
    assert "PAN card" in found.sentence
    assert not found.reaches("basic")


def test_a_verified_business_reaches_its_tier_and_those_below() -> None:
    profile = KycProfileFactory(tier=KycTier.ENHANCED)
    found = selectors.kyc_of(business_id=profile.business_id, at=AT)
    assert (found.standing, found.sentence, found.risk) == ("verified", "", "low")
    assert [found.reaches(tier) for tier in ("basic", "enhanced", "premium")] == [True, True, False]


def test_the_clock_runs_out_on_its_day() -> None:
    profile = KycProfileFactory(risk=KycRisk.HIGH, second_by=RiskManagerFactory(), next_due=date(2026, 11, 1))
    before = selectors.kyc_of(business_id=profile.business_id, at=AT - timedelta(days=1))
    found = selectors.kyc_of(business_id=profile.business_id, at=AT)
    assert (before.standing, found.standing, found.is_good) == ("verified", "due", False)
    assert "01 Nov 2026" in found.sentence


def test_the_past_is_answered_from_what_was_known_then() -> None:
    profile = KycProfileFactory(verified_at=AT)
    assert selectors.kyc_of(business_id=profile.business_id, at=AT - timedelta(seconds=1)).tier == ""


def test_a_verification_is_never_changed_and_two_people_stand_behind_a_grave_one() -> None:
    profile = KycProfileFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        KycProfile.objects.filter(pk=profile.pk).update(tier="premium")
    alone = RiskManagerFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        KycProfileFactory(risk=KycRisk.HIGH, verified_by=alone)
    with pytest.raises(IntegrityError), transaction.atomic():
        KycProfileFactory(risk=KycRisk.HIGH, verified_by=alone, second_by=alone)


def test_verifications_of_another_house_are_taken_over_once() -> None:
    known, new = KycProfileFactory().business, BusinessFactory()
    terms = {"tier": KycTier.BASIC, "risk": KycRisk.MEDIUM, "at": AT, "note": "core banking system"}
    ids = [known.pk, new.pk, new.pk]
    assert services.take_over_kyc(business_ids=ids, **terms) == 1
    assert services.take_over_kyc(business_ids=ids, **terms) == 0
    found = selectors.kyc_of(business_id=new.pk, at=AT)
    assert (found.tier, found.next_due) == ("basic", date(2034, 11, 1))
    assert AuditEntry.objects.filter(action="kyc.taken_over").count() == 1
