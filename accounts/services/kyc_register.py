"""Verifications that were made elsewhere, taken over for many businesses at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.engine.kyc import next_due
from accounts.models import KycProfile, KycRisk, KycTier
from creditiq.kernel.clock import IST

REGISTER = "accounts.kyc"


def take_over_kyc(*, business_ids: Sequence[int], tier: KycTier, risk: KycRisk, at: datetime, note: str) -> int:
    """Note for each business that has no profile yet that it was verified at `at` by another house; how many.

    One act, one audit entry. The papers stay with whoever verified; `note` says who that is.
    """
    due = next_due(at.astimezone(IST).date(), risk)
    with transaction.atomic(durable=True):
        known = set(KycProfile.objects.filter(business__in=business_ids).values_list("business_id", flat=True))
        rows = [
            KycProfile(business_id=one, tier=tier, risk=risk, verified_at=at, next_due=due, note=note[:300])
            for one in dict.fromkeys(business_ids)
            if one not in known
        ]
        KycProfile.objects.bulk_create(rows, batch_size=1_000)
        if rows:
            audit.record("kyc.taken_over", target=REGISTER, at=at, payload={"businesses": len(rows), "tier": tier})
    return len(rows)
