"""What lending does when a business shuts the platform out."""

from datetime import datetime

from accounts.models import Consent
from lending.selectors.dossiers import drop_flows
from scoring.models import ScoreRun


def forget(*, business_id: int, consent_id: int, at: datetime) -> int:
    """Drop the flows kept for pages that were read from evidence under the consent. Returns for how many runs."""
    runs = ScoreRun.objects.filter(business=business_id, consent=consent_id, as_of__lte=at)
    if not Consent.objects.to_platform().filter(pk=consent_id).exists():
        return 0
    return drop_flows(runs.values_list("uuid", flat=True))
