"""Who looked: every act that reads evidence names the consent it was read under."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from accounts.models import Business, Consent, ConsentAct, ConsentUse, User
from accounts.models.consent_trail import hour_of
from accounts.models.people import OUTSIDE_ROLES

BATCH = 1000


def record_uses(
    *, consent_ids: Iterable[int], act: ConsentAct, target: str, at: datetime, by: User | None = None
) -> None:
    """One row per consent for one act, inside the caller's transaction; the same act within the hour is one.

    Set-based: a thousand consents are one statement, and nothing is read first.
    """
    remaining = iter(consent_ids)
    while batch := list(islice(remaining, BATCH)):
        uses = [
            ConsentUse(consent_id=consent_id, act=act, target=target, by=by, at=at, hour=hour_of(at))
            for consent_id in batch
        ]
        ConsentUse.objects.bulk_create(uses, ignore_conflicts=True)


def record_look(*, business: Business, act: ConsentAct, target: str, by: User, at: datetime) -> None:
    """Somebody from an organisation looks at evidence: under the consent their organisation has now.

    Owners who look at their own evidence need no consent and leave no row.
    """
    if by.role in OUTSIDE_ROLES or by.organisation_id is None:
        return
    live = Consent.objects.live_at(at).filter(business=business, organisation=by.organisation_id)
    newest = live.order_by("-granted_at", "-pk").values_list("pk", flat=True)[:1]
    record_uses(consent_ids=newest, act=act, target=target, by=by, at=at)
