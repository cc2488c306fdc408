"""Sales told both singly and inside a GSTR-1's consumer sum count once: the sum gives way to the single rows.

What still counts of a sum is a row of its own, the next `revision` of it, with the file that declared it; the row
before stands for reads of the time before. A sum that single rows explain in full has no standing row.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from wallets.engine.consumer_sums import Amounts
from wallets.models import GstInvoice
from wallets.selectors.consumer_sums import ConsumerSum, consumer_sums

STAGED = (
    "SELECT array_agg(DISTINCT business_id), min(occurred_at), max(occurred_at), max(received_at) FROM staging "
    "WHERE direction = 'out' AND counterparty_gstin IS NULL"
)


def settle_consumer_sums() -> int:
    """Bring the sums of what was just staged in line with the single rows on record; how many rows gave way.

    Inside the transaction that stored the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(STAGED)
        businesses, since, until, at = cursor.fetchone()
    if businesses is None:
        return 0
    return settle_sums(businesses, since=since, until=until, at=at)


def settle_sums(businesses: Collection[int], *, since: datetime, until: datetime, at: datetime) -> int:
    """The same for the sums of these businesses whose quarter touches the span; `at` is when that became known."""
    changed = [it for it in consumer_sums(businesses, since=since, until=until) if it.changed]
    given_way = sum(_give_way(it, at) for it in changed)
    GstInvoice.objects.bulk_create([_remainder(it, at) for it in changed if it.left != Amounts()])
    return given_way


def _give_way(it: ConsumerSum, at: datetime) -> int:
    if not it.standing:
        return 0
    row = GstInvoice.objects.filter(business=it.last.business_id, id=it.last.id)
    return row.update(superseded_at=max(it.last.received_at, at))


def _remainder(it: ConsumerSum, at: datetime) -> GstInvoice:
    """What is left of the sum, as the next row of it."""
    declared, left = it.declared, it.left
    copied = {
        field.attname: getattr(declared, field.attname)
        for field in GstInvoice._meta.concrete_fields
        if field.name not in ("id", "superseded_at")
    }
    return GstInvoice(
        **copied
        | {
            "taxable_paise": abs(left.taxable), "igst_paise": abs(left.igst), "cgst_paise": abs(left.cgst),
            "sgst_paise": abs(left.sgst), "cess_paise": abs(left.cess), "revision": it.last.revision + 1,
            "received_at": max(declared.received_at, at),
        }
    )  # fmt: skip
