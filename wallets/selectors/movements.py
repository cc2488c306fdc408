"""Money and goods that moved between businesses."""

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_

import polars as pl
import pyarrow as pa
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Business, Consent
from wallets.models import BankEntry, EwayBill, GstInvoice, UpiPayment, known_at
from wallets.selectors.covering import covered
from wallets.selectors.reading import arrow, read

OWNER = ("business_id", "business_id")
PARTNER = ("business_id", "counterparty")
BUYER = ("business__gstin", "counterparty_gstin")
"""Columns of a consent and of a record that both say who stands at an end of a movement."""
LEG = ("business", "counterparty", "direction", "amount_paise", "occurred_at", "received_at", "reference")


def transfers(
    *,
    since: datetime,
    until: datetime,
    as_of: datetime,
    businesses: Collection[int] | None = None,
    consents_at: datetime | None = None,
    bank: int | None = None,
) -> pa.Table:
    """Successful payments between businesses, each real transfer once, in time order.

    Columns payer, payee, amount_paise, occurred_at, received_at (microseconds), reference, rail ('upi' | 'bank').
    The two legs of a payment share its reference; it is known from the moment the first leg was. Only legs of
    businesses whose consent to the platform is live at `consents_at` and covers kind and time are read: that is
    `as_of` for what is screened or replayed, the present for a page that shows the past. With `businesses`, only
    transfers that touch one of them; with `bank`, only those that touch one whose consent to it covers them too.
    """
    judged = consents_at or as_of
    happened = Q(known_at(as_of), occurred_at__gte=since, occurred_at__lte=min(until, as_of))
    between = Q(counterparty__isnull=False) & ~Q(counterparty=F("business_id"))
    touching = Q() if businesses is None else Q(business_id__in=businesses) | Q(counterparty__in=businesses)
    legs = happened & between & touching
    may_read = {
        kind: shared(kind, judged) & touched(kind, judged, bank, (OWNER, PARTNER))
        for kind in ("upi_payments", "bank_entries")
    }
    upi = UpiPayment.objects.filter(legs, may_read["upi_payments"], status="success").order_by()
    entries = BankEntry.objects.filter(legs, may_read["bank_entries"]).exclude(purpose__endswith="return").order_by()
    frame = pl.concat([_legs(upi, "upi", "out"), _legs(entries, "bank", "debit")])
    once = frame.group_by("payer", "payee", "reference", "rail").agg(
        pl.col("amount_paise", "occurred_at", "received_at").min()
    )
    columns = ("payer", "payee", "amount_paise", "occurred_at", "received_at", "reference", "rail")
    return arrow(once.select(columns).sort("occurred_at", "reference", "payer", "payee", "rail"))


def shared(kind: str, at: datetime) -> Q:
    """Records of businesses that let the platform read this kind at `at`, from the time that they share."""
    willing = Consent.objects.to_platform().live_at(at).covering([kind])
    return Q(business_id__in=willing.values("business_id")) & covered(willing)


def touched(kind: str, at: datetime, bank: int | None, ends: Collection[tuple[str, str]]) -> Q:
    """Records with somebody at one of the `ends` who lets the bank itself read this kind of that time at `at`.

    Without a bank, every record.
    """
    if bank is None:
        return Q()
    own = Consent.objects.to_bank(bank).live_at(at).covering([kind])
    begun = Q(data_from__isnull=True) | Q(data_from__lte=OuterRef("occurred_at"))
    lasts = Q(data_to__isnull=True) | Q(data_to__gte=OuterRef("occurred_at"))
    told = [Q(Exists(own.filter(begun, lasts, **{there: OuterRef(here)}))) for there, here in ends]
    return reduce(or_, told)


def _legs(rows: QuerySet[UpiPayment] | QuerySet[BankEntry], rail: str, paid: str) -> pl.DataFrame:
    leg = read(rows, LEG)
    paying = pl.col("direction") == paid
    return leg.with_columns(
        payer=pl.when(paying).then("business").otherwise("counterparty"),
        payee=pl.when(paying).then("counterparty").otherwise("business"),
        rail=pl.lit(rail),
    )


def trades(
    *,
    businesses: Collection[int],
    since: datetime,
    as_of: datetime,
    consents_at: datetime | None = None,
    bank: int | None = None,
) -> pa.Table:
    """Goods and services sold between the named businesses, as documents tell: invoices and e-way bills.

    Columns seller, buyer, taxable_paise, occurred_at (microseconds), document ('invoice' | 'eway'), in time order.
    Only documents of sellers whose consent to the platform covers them; `consents_at` and `bank` as of transfers.
    """
    judged = consents_at or as_of
    ids = dict(Business.register.filter(pk__in=businesses).values_list("gstin", "pk"))
    sold = Q(
        known_at(as_of), direction="out", business_id__in=businesses, counterparty_gstin__in=list(ids),
        occurred_at__gte=since, occurred_at__lte=as_of,
    )  # fmt: skip
    may_read = {
        kind: shared(kind, judged) & touched(kind, judged, bank, (OWNER, BUYER))
        for kind in ("gst_invoices", "eway_bills")
    }
    mine = GstInvoice.objects.filter(sold, may_read["gst_invoices"], cancelled=False)
    invoices = mine.exclude(kind="CDNR").order_by()
    bills = EwayBill.objects.filter(sold, may_read["eway_bills"]).order_by()
    frame = pl.concat([_documents(invoices, "invoice", ids), _documents(bills, "eway", ids)])
    return arrow(frame.sort("occurred_at", "seller", "buyer", "document", "taxable_paise"))


def _documents(rows: QuerySet[GstInvoice] | QuerySet[EwayBill], document: str, ids: dict[str, int]) -> pl.DataFrame:
    found = read(rows, ("business", "counterparty_gstin", "taxable_paise", "occurred_at"))
    return found.select(
        "taxable_paise",
        "occurred_at",
        seller="business",
        buyer=pl.col("counterparty_gstin").replace_strict(ids, default=None, return_dtype=pl.Int64),
        document=pl.lit(document),
    )
