"""Features of reconciliation: invoices against the receipts and the e-way bills that belong to them.

The firm's own evidence names the buyer of an invoice by GSTIN and the payer of a receipt by address, so here an invoice
and a receipt meet by exact amount and time; the reconciliation page also compares the payer where it is known.
"""

from typing import Final

from scoring.engine.features.dialect import (
    BooleanValue,
    NumericValue,
    Table,
    coalesce,
    greatest,
    ifelse,
    number,
    ratio,
    union,
)
from scoring.engine.features.gst import outward_documents
from scoring.engine.features.registry import Family, Grain, Risk, Unit, days, feature
from scoring.engine.features.windows import DAY_MICROS, visible

PAYMENT_DAYS: Final = 180
LOOKED_BACK_DAYS: Final = 240
# A return tells invoices up to four months late (quarterly filers); a bill is judged when its invoice must be known.
BILLS_FROM_DAYS: Final = 120
BILLS_UNTIL_DAYS: Final = 300
DOCUMENT_DAYS: Final = 60
TOLERANCE_PAISE: Final = 200
UNREGISTERED: Final = "URP"
OBSERVED_DAYS: Final = 60
SPAN_DAYS: Final = 90


def receipts() -> Table:
    """Money that came in by UPI or into a bank account for sales: `paise`, `paid_at`."""
    payments, entries = visible("upi_payments"), visible("bank_entries")
    upi = payments.filter(payments.status == "success", payments.direction == "in")
    bank = entries.filter(entries.direction == "credit", entries.purpose == "receipt")
    return union(*(rows.select("business", paise="amount_paise", paid_at="occurred_at") for rows in (upi, bank)))


def invoice_receipts() -> Table:
    """Invoices to registered buyers of the last 240 days with `lag_days` to the first receipt of the same amount.

    None when no receipt of that amount came within 180 days. A date-only invoice stands at midday, so a receipt of the
    same morning counts as paid at once.
    """
    documents, money = outward_documents(), receipts()
    recent = documents.filter(
        ~documents.credit, documents.counterparty_gstin.notnull(), documents.age_days < number(LOOKED_BACK_DAYS)
    )
    shown = recent.select("business", "invoice_number", "age_days", "gross_paise", invoiced_at="occurred_at")
    lag = money.paid_at - shown.invoiced_at
    same = [shown.business == money.business, shown.gross_paise == money.paise]
    near = [lag >= -DAY_MICROS // 2, lag < PAYMENT_DAYS * DAY_MICROS]
    pairs = shown.left_join(money, [*same, *near])
    late = greatest((pairs.paid_at - pairs.invoiced_at).cast("float64") / number(DAY_MICROS), number(0))
    dated = pairs.mutate(late=late, paid=pairs.paid_at.notnull())
    return dated.group_by("business", "invoice_number", "age_days", "gross_paise").aggregate(
        lag_days=dated.late.min(where=dated.paid)
    )


def bill_invoices() -> Table:
    """Outward bills 120 to 300 days old: `matched` when an invoice with its number, buyer and value is known."""
    bills = visible("eway_bills")
    aged = bills.filter(
        bills.direction == "out", bills.age_days >= number(BILLS_FROM_DAYS), bills.age_days < number(BILLS_UNTIL_DAYS)
    )
    moved = aged.select(
        "business", "document_number", "value_paise", billed_at="occurred_at",
        buyer=coalesce(aged.counterparty_gstin, UNREGISTERED),
    )  # fmt: skip
    documents = outward_documents()
    invoices = documents.filter(~documents.credit).select(
        "business", "gross_paise", "invoice_number", invoiced_at="occurred_at",
        sold_to=coalesce(documents.counterparty_gstin, UNREGISTERED),
    )  # fmt: skip
    keys = [
        moved.business == invoices.business,
        moved.document_number == invoices.invoice_number,
        moved.buyer == invoices.sold_to,
    ]
    near = [
        (moved.billed_at - invoices.invoiced_at).abs() <= DOCUMENT_DAYS * DAY_MICROS,
        (moved.value_paise - invoices.gross_paise).abs() <= TOLERANCE_PAISE,
    ]
    pairs = moved.left_join(invoices, [*keys, *near])
    return pairs.group_by("business", "document_number", "buyer", "value_paise", "billed_at").aggregate(
        matched=pairs.invoiced_at.count() > 0
    )


INVOICE_RECEIPTS: Final = Grain("invoice_receipts", invoice_receipts)
BILL_INVOICES: Final = Grain("bill_invoices", bill_invoices)


def _aged(invoices: Table, least: int, most: int) -> BooleanValue:
    return (invoices.age_days >= number(least)) & (invoices.age_days < number(most))


@feature(
    grain=INVOICE_RECEIPTS,
    family=Family.RECONCILIATION,
    unit=Unit.DAYS,
    window=days(180),
    risk=Risk.RISES,
    actionable=True,
    informative=True,
)
def invoice_payment_lag_days(invoices: Table) -> NumericValue:
    """Days until customers pay.

    Median days from invoice to the first receipt of exactly its amount including tax, invoices to registered buyers of
    the last 180 days that were paid in one sum.
    """
    return invoices.lag_days.median(where=_aged(invoices, 0, 180))


@feature(
    grain=INVOICE_RECEIPTS,
    family=Family.RECONCILIATION,
    unit=Unit.DAYS,
    window=days(240),
    risk=Risk.RISES,
    low=None,
    informative=True,
)
def invoice_payment_lag_trend(invoices: Table) -> NumericValue:
    """Change of payment delay.

    Median payment delay of invoices 60 to 150 days old minus that of invoices 150 to 240 days old, in days. Only
    payments within 60 days count, so that both groups were watched equally long.
    """
    prompt = invoices.lag_days < number(OBSERVED_DAYS)
    first, second = OBSERVED_DAYS, OBSERVED_DAYS + SPAN_DAYS
    later = invoices.lag_days.median(where=prompt & _aged(invoices, first, second))
    return later - invoices.lag_days.median(where=prompt & _aged(invoices, second, LOOKED_BACK_DAYS))


@feature(
    grain=INVOICE_RECEIPTS,
    family=Family.RECONCILIATION,
    unit=Unit.SHARE,
    window=days(240),
    risk=Risk.RISES,
    actionable=True,
    informative=True,
)
def unmatched_invoice_share(invoices: Table) -> NumericValue:
    """Invoices without a receipt.

    Share by value of invoices to registered buyers, 60 to 180 days old, for which no receipt of their amount came.
    Invoices paid in parts count as unmatched. Missing when not one invoice of 240 days met its receipt.
    """
    judged = _aged(invoices, OBSERVED_DAYS, PAYMENT_DAYS)
    unpaid = invoices.gross_paise.sum(where=judged & invoices.lag_days.isnull()).fill_null(0)
    share = ratio(unpaid, invoices.gross_paise.sum(where=judged))
    return ifelse(invoices.lag_days.notnull().any(), share, None)


@feature(
    grain=BILL_INVOICES,
    family=Family.RECONCILIATION,
    unit=Unit.SHARE,
    window=days(360),
    risk=Risk.RISES,
    actionable=True,
    informative=True,
)
def unmatched_bill_share(bills: Table) -> NumericValue:
    """Goods moved without an invoice.

    Share of outward e-way bills 120 to 300 days old with no invoice of the same number, buyer and value (± ₹2) within
    60 days. Younger bills are not judged: the return that tells their invoice may not be due.
    """
    return ratio((~bills.matched).cast("int64").sum(), bills.count())
