"""Looking at the papers of a business reads evidence, so it names the consent and its owner is told of the look."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import ConsentAct, User
from accounts.services import record_look
from fraud.selectors.patterns import Patterns, inspected_business, patterns, reading_consent


def inspect_business(*, business_id: UUID, by: User, at: datetime) -> Patterns:
    """E-way bills near the line and invoices against receipts. Raises NotVisible, Forbidden."""
    business = inspected_business(user=by, business_id=business_id)
    consent = reading_consent(user=by, business=business, at=at)
    found = patterns(business=business, consent=consent, as_of=at)
    with transaction.atomic(durable=True):
        record_look(business=business, act=ConsentAct.RECORDS, target="papers", by=by, at=at)
    return found
