"""Businesses that are known, and what is known of them."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from accounts.models import KycProfile, KycRisk, KycTier
from tests.factories.accounts import BusinessFactory


class KycProfileFactory(DjangoModelFactory[KycProfile]):
    """Verified long ago by another house, due again in a century."""

    class Meta:
        model = KycProfile

    business = factory.SubFactory(BusinessFactory)
    tier = KycTier.ENHANCED
    risk = KycRisk.LOW
    verified_at = datetime(2020, 1, 1, tzinfo=UTC)
    next_due = date(2120, 1, 1)
    note = "taken over"
