"""Consumer sums that were on record before single sales took their part out of them, or before a business changed."""

from django.db import transaction
from django.db.models import Max, Min

from wallets.engine.consumer_sums import SUM_PREFIX
from wallets.models import GstInvoice
from wallets.services.consumer_sums import settle_sums
from wallets.services.records import database_time, lock_evidence


def settle_every_sum() -> int:
    """Bring the consumer sums of every business in line with its single rows; how many rows gave way.

    A business at a time under its evidence lock. What is in line already is left as it is.
    """
    sums = GstInvoice.objects.filter(invoice_number__startswith=SUM_PREFIX)
    given_way = 0
    for business_id in sums.order_by("business").values_list("business", flat=True).distinct():
        with transaction.atomic(durable=True):
            lock_evidence(business_id)
            span = sums.filter(business=business_id).aggregate(since=Min("occurred_at"), until=Max("occurred_at"))
            given_way += settle_sums([business_id], **span, at=database_time())
    return given_way
