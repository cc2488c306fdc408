"""Who looked: every act that reads evidence names the consent it was read under."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from django.db import transaction

from accounts.engine.spans import Span
from accounts.models import Business, Consent, ConsentAct, ConsentUse, User
from accounts.models.consent_trail import hour_of
from accounts.models.people import OUTSIDE_ROLES
from creditiq.kernel.errors import ApplicationError

BATCH = 1000
PER = {"HOUR": "hour", "DAY": "day", "MONTH": "month", "YEAR": "year"}


class LookedTooOften(ApplicationError):
    """The owner let the organisation look so and so often, and it has done so."""

    code = "looked_too_often"


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

    Owners who look at their own evidence need no consent and leave no row. Raises LookedTooOften where the consent
    bounds how often its holder looks: doors call this before they answer, so nothing more is seen.
    """
    if by.role in OUTSIDE_ROLES or by.organisation_id is None:
        return
    live = Consent.objects.live_at(at).filter(business=business, organisation=by.organisation_id)
    consent = live.order_by("purpose", "-granted_at", "-pk").first()  # to assess a loan, before to watch one
    if consent is None:
        return
    if consent.frequency is None:
        record_uses(consent_ids=[consent.pk], act=act, target=target, by=by, at=at)
        return
    with transaction.atomic():
        _refuse_beyond(consent, consent.frequency, ConsentUse(act=act, target=target, by=by, at=at))
        record_uses(consent_ids=[consent.pk], act=act, target=target, by=by, at=at)


def _refuse_beyond(consent: Consent, frequency: Span, look: ConsentUse) -> None:
    """Looks of the reader's people within one unit back, two at once counted one after the other."""
    Consent.objects.select_for_update().get(pk=consent.pk, organisation=consent.organisation_id)
    since = Span(frequency.unit, 1).before(look.at)
    looks = ConsentUse.objects.filter(consent=consent, by__isnull=False, at__gt=since)
    if looks.filter(act=look.act, target=look.target, by=look.by, hour=hour_of(look.at)).exists():
        return
    if looks.count() >= frequency.value:
        often = f"{'once' if frequency.value == 1 else f'{frequency.value} times'} a {PER[frequency.unit]}"
        raise LookedTooOften(f"The owner lets your organisation look {often}, and it has. Look again later.")
