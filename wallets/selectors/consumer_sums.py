"""Consumer sums of a GSTR-1 beside sales that other files tell singly: declared, explained, and what still counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce

from django.db import connection
from django.db.models import Max, Min
from psycopg import sql

from accounts.models import Business, User
from creditiq.kernel.clock import IST
from creditiq.kernel.money import from_paise
from wallets.engine.consumer_sums import (
    LARGE_PAISE,
    MONTHS_OF_A_QUARTER,
    SUM_NUMBER,
    SUM_PREFIX,
    Amounts,
    is_sum,
    left_over,
    months_summed,
)
from wallets.models import GstInvoice, InvoiceSource, Upload
from wallets.selectors.covering import grounds

SALES_RETURN = "gstr1"
MOST_SHOWN = 200
Place = tuple[int, int, int, int]
"""Business, month (year × 12 + month − 1), place of supply, rate in basis points."""

# What a GSTR-1 lists singly itself (b2cl, cdnur) is outside its sums; so is what it would have to list.
_SINGLES = sql.SQL(
    "SELECT business_id, month, place_of_supply, rate_bp, sum(sign * taxable_paise), sum(sign * igst_paise), "
    "sum(sign * cgst_paise), sum(sign * sgst_paise), sum(sign * cess_paise) FROM ("
    "SELECT *, CASE WHEN kind = 'CDNR' THEN -1 ELSE 1 END AS sign, extract(year FROM day)::int * 12 "
    "+ extract(month FROM day)::int - 1 AS month FROM ("
    "SELECT *, (occurred_at AT TIME ZONE 'Asia/Kolkata')::date AS day, "
    "taxable_paise + igst_paise + cgst_paise + sgst_paise + cess_paise AS value FROM {invoices} "
    "WHERE business_id = ANY({businesses}) AND occurred_at >= {since} AND occurred_at <= {until} AND direction = 'out' "
    "AND counterparty_gstin IS NULL AND NOT cancelled AND superseded_at IS NULL AND kind IN ('B2CS', 'B2CL', 'CDNR') "
    "AND invoice_number !~ {number} {only}) sold) dated "
    "WHERE (kind <> 'B2CL' OR place_of_supply = left(supplier_gstin, 2)::int OR value <= CASE {limits} END) "
    "AND NOT EXISTS (SELECT 1 FROM {uploads} first WHERE first.id = dated.upload_id AND first.format = {listing}) "
    "AND NOT EXISTS (SELECT 1 FROM {sources} told JOIN {uploads} it ON it.id = told.upload_id WHERE "
    "told.business_id = dated.business_id AND told.invoice = dated.id AND it.format = {listing}) GROUP BY 1, 2, 3, 4"
)


@dataclass(frozen=True)
class ConsumerSum:
    """One sum of a GSTR-1: what it declared, what single rows tell of it, and what is counted of it besides.

    `last` is the newest row of the sum, `places` where its single sales are.
    """

    declared: GstInvoice
    last: GstInvoice
    places: tuple[Place, ...]
    singles: Amounts
    left: Amounts

    @property
    def month(self) -> int:
        """Year × 12 + month − 1 of the return."""
        return self.places[-1][1]

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The first and the last moment of the months that are summed."""
        return _between(self.places[0][1], self.month + 1)

    @property
    def standing(self) -> bool:
        """Whether the newest row is counted now."""
        return self.last.superseded_at is None

    @property
    def changed(self) -> bool:
        """Whether what is counted of the sum is no longer what is left of it."""
        return (amounts_of(self.last) if self.standing else Amounts()) != self.left


@dataclass(frozen=True)
class ToldSum:
    """A consumer sum as its owner reads it, rupees; `excess` is what single sales tell beyond the declared sum."""

    month: str
    place_of_supply: int
    rate: Decimal
    declared: Decimal
    told_singly: Decimal
    counted: Decimal

    @property
    def excess(self) -> Decimal:
        """A discrepancy where it is not zero."""
        return self.told_singly + self.counted - self.declared


def amounts_of(row: GstInvoice) -> Amounts:
    """The amounts of a row, what went back as negative."""
    sign = -1 if row.kind == "CDNR" else 1
    heads = (row.taxable_paise, row.igst_paise, row.cgst_paise, row.sgst_paise, row.cess_paise)
    return Amounts(*(sign * head for head in heads))


def consumer_sums(businesses: Collection[int], *, since: datetime, until: datetime) -> list[ConsumerSum]:
    """Every sum in force whose quarter touches the span, as what is on record now explains it."""
    first, last = _quarter(since), _quarter(until) + MONTHS_OF_A_QUARTER
    rows = GstInvoice.objects.filter(
        business__in=businesses, invoice_number__startswith=SUM_PREFIX, occurred_at__range=_between(first, last)
    )
    held = _newest_versions(row for row in rows.order_by("revision", "pk") if is_sum(row.invoice_number))
    if not held:
        return []
    told = _singles({rows[0].business_id for rows in held}, first, last)
    return [found for group in _grouped(held) for found in _explained(group, told)]


def told_sums(upload: Upload, *, user: User, at: datetime) -> tuple[ToldSum, ...]:
    """The sums a GSTR-1 declared, or those that the single sales of another file are part of; by month and rate.

    None for a bank without a consent for invoices of all the time that is summed.
    """
    ground = grounds(user=user, business=upload.business, at=at)
    if upload.kind != GstInvoice.FRAME_NAME or upload.kind not in ground.kinds:
        return ()
    mine = GstInvoice.objects.filter(business=upload.business_id, upload=upload)
    span = mine.aggregate(since=Min("occurred_at"), until=Max("occurred_at"))
    if span["since"] is None:
        return ()
    found = [it for it in consumer_sums([upload.business_id], **span) if it.singles != Amounts()]
    if upload.format == SALES_RETURN:
        found = [it for it in found if it.declared.upload_id == upload.pk]
    elif found:
        months = _quarter(span["since"]), _quarter(span["until"]) + MONTHS_OF_A_QUARTER
        touched = _singles({upload.business_id}, *months, only=upload)
        found = [it for it in found if any(place in touched for place in it.places)]
    found = [it for it in found if all(map(ground.holds, it.span))]
    shown = sorted(map(_told, found), key=lambda it: (it.month, it.place_of_supply, it.rate))
    return tuple(shown[:MOST_SHOWN])


def _told(it: ConsumerSum) -> ToldSum:
    return ToldSum(
        f"{it.month // 12}-{it.month % 12 + 1:02d}",
        it.declared.place_of_supply,
        Decimal(it.declared.rate_bp) / 100,
        from_paise(amounts_of(it.declared).taxable),
        from_paise(it.singles.taxable),
        from_paise(it.left.taxable),
    )


def _newest_versions(rows: Iterable[GstInvoice]) -> list[list[GstInvoice]]:
    """Of every sum the rows of its newest version, the declared one first."""
    held: defaultdict[tuple[object, ...], list[GstInvoice]] = defaultdict(list)
    for row in rows:
        held[row.business_id, row.supplier_gstin, row.invoice_number, row.financial_year].append(row)
    newest = {key: max(row.version for row in kept) for key, kept in held.items()}
    return [[row for row in kept if row.version == newest[key]] for key, kept in held.items()]


def _grouped(held: Iterable[list[GstInvoice]]) -> list[tuple[list[Place], list[list[GstInvoice]]]]:
    """Sums that hold the same single sales (one for each channel), with the places of those."""
    found = list(held)
    months: defaultdict[int, set[int]] = defaultdict(set)
    for rows in found:
        months[rows[0].business_id].add(_month(rows[0].occurred_at))
    quarterly = set(Business.register.filter(pk__in=months, quarterly_filer=True).values_list("pk", flat=True))
    groups: defaultdict[tuple[Place, ...], list[list[GstInvoice]]] = defaultdict(list)
    for rows in sorted(found, key=lambda rows: rows[0].invoice_number, reverse=True):
        row, month = rows[0], _month(rows[0].occurred_at)
        first, last = months_summed(month, quarterly=row.business_id in quarterly)
        if any(earlier in months[row.business_id] for earlier in range(first, last)):
            first = last  # it summed every month by itself then
        places = ((row.business_id, each, row.place_of_supply, row.rate_bp) for each in range(first, last + 1))
        groups[tuple(places)].append(rows)
    return [(list(places), rows) for places, rows in groups.items()]


def _explained(
    group: tuple[list[Place], list[list[GstInvoice]]], told: Mapping[Place, Amounts]
) -> Iterator[ConsumerSum]:
    places, sums = group
    singles = reduce(Amounts.plus, (told.get(place, Amounts()) for place in places))
    for rows, left in zip(sums, left_over([amounts_of(rows[0]) for rows in sums], singles), strict=True):
        yield ConsumerSum(rows[0], rows[-1], tuple(places), singles, left)


def _singles(businesses: Collection[int], first: int, last: int, only: Upload | None = None) -> dict[Place, Amounts]:
    """What is told singly by business, month, state and rate from one month up to another; of one file if given."""
    since, until = _between(first, last)
    limits = sql.SQL(" ").join(
        sql.SQL("WHEN day >= {} THEN {}").format(sql.Literal(day), sql.Literal(paise)) for day, paise in LARGE_PAISE
    )
    query = _SINGLES.format(
        invoices=sql.Identifier(GstInvoice._meta.db_table), uploads=sql.Identifier(Upload._meta.db_table),
        sources=sql.Identifier(InvoiceSource._meta.db_table), businesses=sql.Literal(list(businesses)),
        since=sql.Literal(since), until=sql.Literal(until), number=sql.Literal(SUM_NUMBER), limits=limits,
        listing=sql.Literal(SALES_RETURN),
        only=sql.SQL("AND upload_id = {}").format(sql.Literal(only.pk)) if only else sql.SQL(""),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {(row[0], row[1], row[2], row[3]): Amounts(*map(int, row[4:])) for row in cursor.fetchall()}


def _month(moment: datetime) -> int:
    day = moment.astimezone(IST)
    return day.year * 12 + day.month - 1


def _quarter(moment: datetime) -> int:
    """The first month of a moment's quarter."""
    return _month(moment) // MONTHS_OF_A_QUARTER * MONTHS_OF_A_QUARTER


def _between(first: int, last: int) -> tuple[datetime, datetime]:
    """Where the first month begins, and the last moment before the other one."""
    opening, closing = (datetime(month // 12, month % 12 + 1, 1, tzinfo=IST) for month in (first, last))
    return opening, closing - timedelta(microseconds=1)
