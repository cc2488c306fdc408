"""What fraud does when a business lets the platform in, or shuts it out."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Consent
from creditiq.kernel import locks
from fraud.models import Alert, RingMember, Screening
from fraud.services.screening import screen_business


def take_up(*, business_id: int, consent_id: int, as_of: datetime) -> Screening | None:
    """Screen a business that let the platform read again, so that a score follows; None for a bank's consent."""
    if not Consent.objects.to_platform().live_at(as_of).filter(pk=consent_id).exists():
        return None
    return screen_business(business_id=business_id, as_of=as_of)


def forget(*, business_id: int, consent_id: int, at: datetime) -> int:
    """Strike a business that shut the platform out from the rings nobody suspects. Returns from how many.

    Screenings stay as rows and are read for nothing new. A ring under a standing alert keeps its members: taking a
    consent back is no way out of a hold.
    """
    if _is_still_read(business_id, consent_id, at):
        return 0
    with transaction.atomic(durable=True):
        locks.hold("fraud.rings", 0)
        alerted = Alert.objects.standing().filter(ring__isnull=False).values("ring_id")
        watched = RingMember.objects.filter(business_id=business_id, current=True).exclude(ring_id__in=alerted)
        struck = watched.update(current=False)
        if struck:
            audit.record("fraud.forgotten", target=f"business:{business_id}", at=at, payload={"rings": struck})
    return struck


def _is_still_read(business_id: int, consent_id: int, at: datetime) -> bool:
    """A bank's consent changes nothing here; nor does one of two to the platform."""
    if not Consent.objects.to_platform().filter(pk=consent_id).exists():
        return True
    return Consent.objects.to_platform().live_at(at).filter(business=business_id).exists()
