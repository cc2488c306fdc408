"""Reconciliation: which invoice belongs to which e-way bill and to which receipt, and what stays alone.

Frames in, frames out (evidence.md §5). An invoice is paid by one receipt of exactly its value with tax, from its buyer
where the payer is known, within 180 days; receipts are given out oldest first and once each. What is left over from a
known payer pays invoices of theirs in parts, oldest first, never more than is open. Purchases are matched alike, with
what was paid in the place of receipts. A bill carries an invoice
when number, buyer and value (± ₹2) agree and the dates are at most 60 days apart, since numbers start again every year;
several bills may carry one invoice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

DAY: Final = 86_400_000_000
PAYMENT_DAYS: Final = 180
DOCUMENT_DAYS: Final = 60
TOLERANCE_PAISE: Final = 200
BILL_NEEDED_PAISE: Final = 50_000 * 100
"""Goods worth more than ₹50,000 do not move without a bill."""
UNREGISTERED: Final = "URP"

_HEADS: Final = ("taxable_paise", "igst_paise", "cgst_paise", "sgst_paise", "cess_paise")

COMPLETE, NO_RECEIPT, NO_BILL, ALONE, OUTSIDE = "complete", "no_receipt", "no_bill", "alone", "outside"
IN_PART, NO_BILL_IN_PART = "in_part", "no_bill_in_part"
MATCHED, UNMATCHED = "matched", "unmatched"
BUCKETS: Final = ("0–30 days", "31–60 days", "61–90 days", "91–180 days", "over 180 days")
_EDGES: Final = (30, 60, 90, 180)


@dataclass(frozen=True)
class Flow:
    """One side of trade: the direction of its documents, and of the money that settles them on both rails."""

    documents: str
    payments: str
    entries: str
    purpose: str


SALES: Final = Flow("out", "in", "credit", "receipt")
PURCHASES: Final = Flow("in", "out", "debit", "supplier")


@dataclass(frozen=True)
class Parties:
    """Business key by GSTIN for buyers and suppliers we know, and whether the firm deals in goods."""

    keys: Mapping[str, int]
    deals_in_goods: bool


@dataclass(frozen=True)
class Reconciliation:
    """Every row of each side with its `state`, `age_days` and `bucket`, newest first.

    invoices: number, counterparty_gstin, value_paise, occurred_at, needs_bill, has_bill, paid_paise, paid_at (None: not
    paid, or not yet in full).
    bills: number, document_number, counterparty_gstin, value_paise, occurred_at.
    receipts: rail, reference, counterparty, payer, value_paise, occurred_at.
    """

    invoices: pl.DataFrame
    bills: pl.DataFrame
    receipts: pl.DataFrame


def reconcile(frames: Mapping[str, pl.DataFrame], parties: Parties, as_of: int, flow: Flow = SALES) -> Reconciliation:
    """Match the sales (or the purchases) of one firm's evidence as of a time in microseconds.

    `frames` has gst_invoices, eway_bills, upi_payments and bank_entries with their usual columns.
    """
    invoices = _invoices(frames["gst_invoices"], parties, flow)
    bills = _bills(frames["eway_bills"], flow)
    receipts = _receipts(frames["upi_payments"], frames["bank_entries"], flow)
    carried = _carried(invoices, bills)
    paid = _paid(invoices, receipts)
    paid = pl.concat([paid, _in_parts(invoices, receipts, paid)])
    return Reconciliation(
        invoices=_aged(_with_state(invoices, carried, paid), as_of),
        bills=_aged(_marked(bills, "bill", carried["bill"]), as_of),
        receipts=_aged(_marked(receipts, "receipt", paid["receipt"]), as_of),
    )


def ageing(rows: pl.DataFrame) -> list[tuple[str, int, int]]:
    """Bucket, number of rows and their paise, every bucket once, youngest first."""
    sums = rows.group_by("bucket").agg(count=pl.len(), paise=pl.col("value_paise").sum())
    found = {bucket: (count, paise) for bucket, count, paise in sums.select("bucket", "count", "paise").iter_rows()}
    return [(bucket, *found.get(bucket, (0, 0))) for bucket in BUCKETS]


def _invoices(rows: pl.DataFrame, parties: Parties, flow: Flow) -> pl.DataFrame:
    """Documents of the flow; those that nobody expects a match for are `outside`."""
    heads = [name for name in _HEADS if name in rows.columns]
    value = pl.sum_horizontal(heads)
    buyer = pl.col("counterparty_gstin")
    known = list(parties.keys)
    sold = rows.filter(pl.col("direction") == flow.documents).with_columns(value_paise=value)
    expected = ~pl.col("cancelled") & (pl.col("kind") != "CDNR") & buyer.is_not_null()
    return sold.select(
        number="invoice_number",
        counterparty_gstin="counterparty_gstin",
        buyer=buyer.replace_strict(known, [parties.keys[one] for one in known], default=None, return_dtype=pl.Int64),
        value_paise="value_paise",
        occurred_at="occurred_at",
        expected=expected,
        needs_bill=pl.lit(parties.deals_in_goods) & (pl.col("value_paise") > BILL_NEEDED_PAISE),
    ).with_row_index("invoice")


def _bills(rows: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    columns = ("number", "document_number", "counterparty_gstin", "value_paise", "occurred_at")
    return rows.filter(pl.col("direction") == flow.documents).select(columns).with_row_index("bill")


def _receipts(payments: pl.DataFrame, entries: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    """Money of the flow on both rails; `payer` is the other side's UPI address, none on the bank's rail."""
    upi = payments.filter(pl.col("direction") == flow.payments, pl.col("status") == "success")
    bank = entries.filter(pl.col("direction") == flow.entries, pl.col("purpose") == flow.purpose)
    columns = ("rail", "reference", "counterparty", "payer", "value_paise", "occurred_at")
    sides = (
        upi.with_columns(rail=pl.lit("upi"), payer="counterparty_vpa"),
        bank.with_columns(rail=pl.lit("bank"), payer=pl.lit(None, pl.String)),
    )
    money = pl.concat([side.rename({"amount_paise": "value_paise"}).select(columns) for side in sides])
    return money.with_row_index("receipt")


def _carried(invoices: pl.DataFrame, bills: pl.DataFrame) -> pl.DataFrame:
    """(invoice, bill) of every bill that carries an invoice."""
    party = pl.col("counterparty_gstin").fill_null(UNREGISTERED).alias("party")
    sold = invoices.filter("expected").select("invoice", "number", "value_paise", "occurred_at", party)
    moved = bills.select("bill", "document_number", "value_paise", "occurred_at", party)
    pairs = sold.join(moved, left_on=["number", "party"], right_on=["document_number", "party"])
    same_value = (pl.col("value_paise") - pl.col("value_paise_right")).abs() <= TOLERANCE_PAISE
    near = (pl.col("occurred_at") - pl.col("occurred_at_right")).abs() <= DOCUMENT_DAYS * DAY
    return pairs.filter(same_value & near).select("invoice", "bill")


def _paid(invoices: pl.DataFrame, receipts: pl.DataFrame) -> pl.DataFrame:
    """(invoice, receipt, paise, paid_at): oldest invoice first, each takes the earliest receipt that is still free."""
    sold = invoices.filter("expected").select("invoice", "value_paise", "buyer", invoiced_at="occurred_at")
    money = receipts.select("receipt", "value_paise", "counterparty", paid_at="occurred_at")
    lag = pl.col("paid_at") - pl.col("invoiced_at")  # a date-only invoice stands at midday
    same_payer = (pl.col("buyer") == pl.col("counterparty")).fill_null(True)
    pairs = sold.join(money, on="value_paise").filter(same_payer, lag >= -DAY // 2, lag < PAYMENT_DAYS * DAY)
    ordered = pairs.sort("invoiced_at", "invoice", "paid_at", "receipt")
    taken: dict[int, tuple[int, int, int]] = {}
    used: set[int] = set()
    for invoice, receipt, paise, at in ordered.select("invoice", "receipt", "value_paise", "paid_at").iter_rows():
        if invoice not in taken and receipt not in used:
            taken[invoice] = (receipt, paise, at)
            used.add(receipt)
    return _payments([(invoice, *payment) for invoice, payment in taken.items()])


def _payments(rows: list[tuple[int, int, int, int]]) -> pl.DataFrame:
    schema = {"invoice": pl.UInt32, "receipt": pl.UInt32, "paise": pl.Int64, "paid_at": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _in_parts(invoices: pl.DataFrame, receipts: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """The same for part payments: what is left over of a known payer goes to their oldest invoice it fits into."""
    open_ = invoices.filter("expected", pl.col("buyer").is_not_null()).join(paid, on="invoice", how="anti")
    left = receipts.filter(pl.col("counterparty").is_not_null()).join(paid, on="receipt", how="anti")
    owed: dict[int, list[list[int]]] = {}
    for buyer, invoice, at, paise in (
        open_.sort("occurred_at", "invoice").select("buyer", "invoice", "occurred_at", "value_paise").iter_rows()
    ):
        owed.setdefault(buyer, []).append([invoice, at, paise])
    rows: list[tuple[int, int, int, int]] = []
    money = left.sort("occurred_at", "receipt").select("counterparty", "receipt", "occurred_at", "value_paise")
    for payer, receipt, at, paise in money.iter_rows():
        for bill in owed.get(payer, []):
            if paise <= bill[2] + TOLERANCE_PAISE and -DAY // 2 <= at - bill[1] < PAYMENT_DAYS * DAY:
                bill[2] -= paise
                rows.append((bill[0], receipt, paise, at))
                break
    return _payments(rows)


def _with_state(invoices: pl.DataFrame, carried: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    has_bill = pl.col("invoice").is_in(carried["invoice"].implode())
    sums = paid.group_by("invoice").agg(pl.col("paise").sum().alias("paid_paise"), last=pl.col("paid_at").max())
    whole = invoices.join(sums, on="invoice", how="left", maintain_order="left").with_columns(
        pl.col("paid_paise").fill_null(0), has_bill=has_bill
    )
    settled = pl.col("last").is_not_null() & (pl.col("value_paise") - pl.col("paid_paise") <= TOLERANCE_PAISE)
    whole = whole.with_columns(paid_at=pl.when(settled).then(pl.col("last"))).drop("last")
    no_bill, no_receipt = pl.col("needs_bill") & ~pl.col("has_bill"), pl.col("paid_at").is_null()
    in_part = no_receipt & (pl.col("paid_paise") > 0)
    state = (
        pl.when(~pl.col("expected"))
        .then(pl.lit(OUTSIDE))
        .when(no_bill & in_part)
        .then(pl.lit(NO_BILL_IN_PART))
        .when(in_part)
        .then(pl.lit(IN_PART))
        .when(no_bill & no_receipt)
        .then(pl.lit(ALONE))
        .when(no_receipt)
        .then(pl.lit(NO_RECEIPT))
        .when(no_bill)
        .then(pl.lit(NO_BILL))
        .otherwise(pl.lit(COMPLETE))
    )
    return whole.with_columns(state=state).drop("invoice", "buyer", "expected")


def _marked(rows: pl.DataFrame, key: str, matched: pl.Series) -> pl.DataFrame:
    found = pl.col(key).is_in(matched.implode())
    state = pl.when(found).then(pl.lit(MATCHED)).otherwise(pl.lit(UNMATCHED))
    return rows.with_columns(state=state).drop(key)


def _aged(rows: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """With age in whole days and its bucket; newest first."""
    age = ((as_of - pl.col("occurred_at")) // DAY).alias("age_days")
    bucket = pl.lit(BUCKETS[-1])
    for edge, name in reversed(list(zip(_EDGES, BUCKETS, strict=False))):
        bucket = pl.when(pl.col("age_days") <= edge).then(pl.lit(name)).otherwise(bucket)
    order = pl.col("occurred_at")
    return rows.with_columns(age).with_columns(bucket=bucket).sort(order, "value_paise", descending=True)
