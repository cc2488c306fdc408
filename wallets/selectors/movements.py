"""Money and goods that moved between businesses."""

from collections.abc import Collection
from datetime import datetime

import polars as pl
import pyarrow as pa
from django.db.models import F, Q, QuerySet

from accounts.models import Business, Consent
from wallets.models import BankEntry, EwayBill, GstInvoice, UpiPayment, known_at
from wallets.selectors.covering import covered
from wallets.selectors.reading import arrow, read

LEG = ("business", "counterparty", "direction", "amount_paise", "occurred_at", "received_at", "reference")


def transfers(
    *, since: datetime, until: datetime, as_of: datetime, businesses: Collection[int] | None = None
) -> pa.Table:
    """Successful payments between businesses, each real transfer once, in time order.

    Columns payer, payee, amount_paise, occurred_at, received_at (microseconds), reference, rail ('upi' | 'bank').
    The two legs of a payment share its reference; it is known from the moment the first leg was. Only legs of
    businesses whose consent to the platform was live at `as_of` and covers the kind are read. With `businesses`,
    only transfers that touch one of them.
    """
    happened = Q(known_at(as_of), occurred_at__gte=since, occurred_at__lte=min(until, as_of))
    between = Q(counterparty__isnull=False) & ~Q(counterparty=F("business_id"))
    touching = Q() if businesses is None else Q(business_id__in=businesses) | Q(counterparty__in=businesses)
    legs = happened & between & touching
    upi = UpiPayment.objects.filter(legs, shared("upi_payments", as_of), status="success").order_by()
    bank = BankEntry.objects.filter(legs, shared("bank_entries", as_of)).exclude(purpose__endswith="return").order_by()
    frame = pl.concat([_legs(upi, "upi", "out"), _legs(bank, "bank", "debit")])
    once = frame.group_by("payer", "payee", "reference", "rail").agg(
        pl.col("amount_paise", "occurred_at", "received_at").min()
    )
    columns = ("payer", "payee", "amount_paise", "occurred_at", "received_at", "reference", "rail")
    return arrow(once.select(columns).sort("occurred_at", "reference", "payer", "payee", "rail"))


def shared(kind: str, as_of: datetime) -> Q:
    """Records of businesses that let the platform read this kind at `as_of`, from the time that they share."""
    willing = Consent.objects.to_platform().live_at(as_of).covering([kind])
    return Q(business_id__in=willing.values("business_id")) & covered(willing)


def _legs(rows: QuerySet[UpiPayment] | QuerySet[BankEntry], rail: str, paid: str) -> pl.DataFrame:
    leg = read(rows, LEG)
    paying = pl.col("direction") == paid
    return leg.with_columns(
        payer=pl.when(paying).then("business").otherwise("counterparty"),
        payee=pl.when(paying).then("counterparty").otherwise("business"),
        rail=pl.lit(rail),
    )


def trades(*, businesses: Collection[int], since: datetime, as_of: datetime) -> pa.Table:
    """Goods and services sold between the named businesses, as documents tell: invoices and e-way bills.

    Columns seller, buyer, taxable_paise, occurred_at (microseconds), document ('invoice' | 'eway'), in time order.
    Only documents of sellers whose consent to the platform was live at `as_of` and covers the kind.
    """
    ids = dict(Business.register.filter(pk__in=businesses).values_list("gstin", "pk"))
    sold = Q(
        known_at(as_of), direction="out", business_id__in=businesses, counterparty_gstin__in=list(ids),
        occurred_at__gte=since, occurred_at__lte=as_of,
    )  # fmt: skip
    mine = GstInvoice.objects.filter(sold, shared("gst_invoices", as_of), cancelled=False)
    invoices = mine.exclude(kind="CDNR").order_by()
    bills = EwayBill.objects.filter(sold, shared("eway_bills", as_of)).order_by()
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
