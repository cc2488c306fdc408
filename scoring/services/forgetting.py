"""What scoring does when a business shuts the platform out."""

from datetime import datetime

from accounts.models import Consent
from scoring.models import ScoreRun
from scoring.services.scoring import score_business


def forget(*, business_id: int, consent_id: int, at: datetime) -> ScoreRun | None:
    """Answer anew without the consent that ended: `insufficient_evidence`, with the consent as what is missing.

    None for a bank's consent, which no score rests on. Twice gives the first answer. Earlier runs stay for audit
    and are no longer the latest.
    """
    if not Consent.objects.to_platform().filter(pk=consent_id, business=business_id).exists():
        return None
    return score_business(business_id=business_id, as_of=at, consent_id=consent_id)
