"""Looking at a firm's scores beside the returns it filed reads evidence, so its owner is told of the look."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Business, ConsentAct, User
from accounts.services import record_look
from scoring.selectors.chronicles import Chronicle, chronicle


def look_over_time(*, business_id: UUID, by: User, at: datetime) -> Chronicle:
    """A firm's scores with what happened meanwhile. Raises NotVisible."""
    told = chronicle(user=by, business_id=business_id, at=at)
    if told.filings:
        business = Business.objects.visible_to(by).get(uuid=business_id)
        with transaction.atomic(durable=True):
            record_look(business=business, act=ConsentAct.RECORDS, target="gst_returns", by=by, at=at)
    return told
