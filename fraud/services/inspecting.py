"""Looking at the papers of a business, or at the records behind an alert, reads evidence: its owner is told of it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import ConsentAct, User
from accounts.services import record_look
from fraud.selectors.alerts import AlertView, alert_view
from fraud.selectors.patterns import Patterns, inspected_business, patterns, reading_consent


def inspect_business(*, business_id: UUID, by: User, at: datetime) -> Patterns:
    """E-way bills near the line and invoices against receipts. Raises NotVisible, Forbidden."""
    business = inspected_business(user=by, business_id=business_id)
    consent = reading_consent(user=by, business=business, at=at)
    found = patterns(business=business, consent=consent, as_of=at)
    with transaction.atomic(durable=True):
        record_look(business=business, act=ConsentAct.RECORDS, target="papers", by=by, at=at)
    return found


def inspect_alert(*, alert_id: UUID, by: User, at: datetime) -> AlertView:
    """One alert about a business with the rows behind it. Raises NotVisible, for the alert of a ring too."""
    view = alert_view(user=by, alert_id=alert_id, at=at)
    if view.row.alert.business is not None and view.evidence:
        with transaction.atomic(durable=True):
            record_look(
                business=view.row.alert.business, act=ConsentAct.RECORDS, target=f"alert:{alert_id}", by=by, at=at
            )
    return view
