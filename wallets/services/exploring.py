"""Looking at the evidence of one business: its owner is told of each look, personal data takes a reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import ConsentAct, User
from accounts.permissions import Capability, require
from accounts.selectors import visible_business
from accounts.services import record_look
from creditiq.kernel.reasons import stated
from wallets.selectors.entity import EntityPage, entity_page, seen_business
from wallets.selectors.records import Readable, readable_records


def look_at_business(*, business_id: UUID, grain: str, by: User, at: datetime) -> EntityPage:
    """The page of a business with personal data covered. Raises NotVisible, Forbidden."""
    business = seen_business(user=by, business_id=business_id)
    require(by, Capability.VIEW_EVIDENCE, business)
    page = entity_page(user=by, business=business, grain=grain, as_of=at)
    with transaction.atomic(durable=True):
        record_look(business=business, act=ConsentAct.RECORDS, target="entity", by=by, at=at)
    return page


def look_at_records(*, gstin: str, kind: str, by: User, at: datetime) -> Readable:
    """Records of one kind of the business behind a GSTIN, in no order yet.

    Raises InvalidInput for a number that breaks a rule, NoLiveConsent, NotVisible, Forbidden.
    """
    business = visible_business(user=by, gstin=gstin)
    found = readable_records(user=by, business=business, kind=kind, at=at)
    with transaction.atomic(durable=True):
        record_look(business=business, act=ConsentAct.RECORDS, target=kind, by=by, at=at)
    return found


def reveal_personal_fields(*, business_id: UUID, reason: str, grain: str, by: User, at: datetime) -> EntityPage:
    """The page of a business with nothing covered, for this one answer; the audit entry holds who, whose and why.

    Raises InvalidInput for a reason that says nothing or that names somebody, NotVisible, Forbidden.
    """
    business = seen_business(user=by, business_id=business_id)
    require(by, Capability.VIEW_EVIDENCE, business)
    why = stated(reason)
    page = entity_page(user=by, business=business, grain=grain, as_of=at, revealed=True)
    with transaction.atomic(durable=True):
        record_look(business=business, act=ConsentAct.REVEAL, target="entity", by=by, at=at)
        payload = {
            "reason": why,
            "consent": page.consent.uuid if page.consent else None,
            "records": {source.kind: len(source.rows) for source in page.sources if source.rows},
        }
        audit.record("evidence.revealed", target=business, at=at, by=by, payload=payload)
    return page
