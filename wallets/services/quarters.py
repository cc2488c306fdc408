"""A quarterly filer's days do not depend on which file tells what: a quarter filed by month is so for all its returns.

A GSTR-3B filed for one of a quarter's first two months says that the quarter was filed month by month. Returns of it
that came in earlier, in another file, then get the monthly days in a new version; the one before stands for reads of
the time before.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Q

from accounts.models import Business
from creditiq.kernel.clock import moment
from creditiq.kernel.gst_calendar import MONTHS_OF_A_QUARTER
from wallets.engine.importers.quarterly import summary_due
from wallets.models import GstReturn

SUMMARY = "GSTR3B"
SUMMARY_FILE = "gstr3b"
LAST = MONTHS_OF_A_QUARTER - 1
STAGED = (
    "SELECT business_id, array_agg(DISTINCT period / 3), max(received_at) FROM staging "
    "WHERE return_type = 'GSTR3B' AND filed_at IS NOT NULL AND period % 3 <> 2 GROUP BY business_id"
)


@dataclass(frozen=True)
class _Redated:
    """A return on record, and what its next version says."""

    row: GstReturn
    due_at: datetime
    filing_known: bool


def quarters_by_month(business: Business) -> frozenset[int]:
    """Quarters (period ÷ 3) that returns on record tell to have been filed month by month."""
    filed = GstReturn.objects.filter(business=business, return_type=SUMMARY, filed_at__isnull=False, superseded_at=None)
    periods = filed.values_list("period", flat=True)
    return frozenset(period // MONTHS_OF_A_QUARTER for period in periods if period % MONTHS_OF_A_QUARTER != LAST)


def settle_quarters() -> int:
    """Set the returns on record anew whose quarter was filed by month, as what was just staged tells; how many.

    Inside the transaction that stored the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(STAGED)
        told = {business: (quarters, at) for business, quarters, at in cursor.fetchall()}
    changed = 0
    for business in Business.register.filter(pk__in=told, quarterly_filer=True):
        quarters, at = told[business.pk]
        for it in list(_redated(business, quarters)):
            _renew(it, at)
            changed += 1
    return changed


def _redated(business: Business, quarters: Collection[int]) -> Iterator[_Redated]:
    """Of these quarters what stands with the days of a quarterly filer. A day that a file told is none of them."""
    rows = GstReturn.objects.alias(quarter=F("period") / MONTHS_OF_A_QUARTER).filter(
        Q(upload__isnull=False), business=business, return_type=SUMMARY, quarter__in=quarters, superseded_at=None
    )
    for row in rows.select_related("upload").order_by("period", "pk"):
        by_quarter, by_month = (
            summary_due(row.period, state_code=business.state_code, quarterly=quarterly) for quarterly in (True, False)
        )
        due_at = row.due_at
        if by_month is not None and by_quarter is not None and due_at == moment(by_quarter):
            due_at = moment(by_month)
        # A month within the quarter was not owed; a GSTR-3B without its date still tells nothing of the filing.
        listed = row.upload is not None and row.upload.format != SUMMARY_FILE
        known = row.filing_known or (listed and by_quarter is None and row.filed_at is None)
        if (due_at, known) != (row.due_at, row.filing_known):
            yield _Redated(row, due_at, known)


def _renew(it: _Redated, at: datetime) -> None:
    row, since = it.row, max(it.row.received_at, at)
    GstReturn.objects.filter(business=row.business_id, id=row.id).update(superseded_at=since)
    copied = {
        field.attname: getattr(row, field.attname)
        for field in GstReturn._meta.concrete_fields
        if field.name not in ("id", "superseded_at")
    }
    newer = {
        "due_at": it.due_at, "filing_known": it.filing_known, "occurred_at": min(row.occurred_at, it.due_at),
        "received_at": since, "version": row.version + 1,
    }  # fmt: skip
    GstReturn.objects.create(**copied | newer)
