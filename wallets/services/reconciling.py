"""Reconciling somebody's documents reads evidence, so the look is kept."""

from datetime import datetime

from django.db import transaction

from accounts.models import Business, ConsentAct, User
from accounts.permissions import Capability, require
from accounts.services import record_look
from wallets.selectors.reconciliations import ReconciliationPage, reconciliation


def look_at_reconciliation(*, business: Business, by: User, at: datetime) -> ReconciliationPage:
    """The documents of a business side by side. Raises NoLiveConsent, NotVisible, Forbidden."""
    require(by, Capability.VIEW_EVIDENCE, business)
    page = reconciliation(user=by, business=business, as_of=at)
    with transaction.atomic(durable=True):
        record_look(business=business, act=ConsentAct.RECORDS, target="reconciliation", by=by, at=at)
    return page
