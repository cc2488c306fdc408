"""Which document belongs to which: rules by example, and that nothing is lost or counted twice."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallets.engine.reconciliation import (
    ALONE,
    BUCKETS,
    COMPLETE,
    IN_PART,
    MATCHED,
    NO_BILL,
    NO_BILL_IN_PART,
    NO_RECEIPT,
    OUTSIDE,
    PURCHASES,
    SALES,
    UNMATCHED,
    Flow,
    Parties,
    Reconciliation,
    ageing,
    reconcile,
)

DAY = 86_400_000_000
AS_OF = 20_000 * DAY
BUYER, STRANGER = "29ABCPN5678M1Z9", "27AAPFU0939F1ZV"
PARTIES = Parties(keys={BUYER: 7}, deals_in_goods=True)
SCHEMAS = {
    "gst_invoices": {
        "direction": pl.String, "counterparty_gstin": pl.String, "invoice_number": pl.String, "kind": pl.String,
        "cancelled": pl.Boolean, "taxable_paise": pl.Int64, "igst_paise": pl.Int64, "cgst_paise": pl.Int64,
        "sgst_paise": pl.Int64, "occurred_at": pl.Int64,
    },
    "eway_bills": {
        "number": pl.String, "direction": pl.String, "counterparty_gstin": pl.String, "document_number": pl.String,
        "value_paise": pl.Int64, "occurred_at": pl.Int64,
    },
    "upi_payments": {
        "reference": pl.String, "direction": pl.String, "amount_paise": pl.Int64, "status": pl.String,
        "counterparty_vpa": pl.String, "counterparty": pl.Int64, "occurred_at": pl.Int64,
    },
    "bank_entries": {
        "reference": pl.String, "direction": pl.String, "purpose": pl.String, "amount_paise": pl.Int64,
        "counterparty": pl.Int64, "occurred_at": pl.Int64,
    },
}  # fmt: skip
Row = dict[str, object]


def invoice(age: float = 50, rupees: int = 60_000, **changes: object) -> Row:
    return {
        "direction": "out", "counterparty_gstin": BUYER, "invoice_number": "A/1", "kind": "B2B", "cancelled": False,
        "taxable_paise": rupees * 100, "igst_paise": 0, "cgst_paise": 0, "sgst_paise": 0,
        "occurred_at": AS_OF - int(age * DAY),
    } | changes  # fmt: skip


def bill(age: float = 49, rupees: int = 60_000, **changes: object) -> Row:
    return {
        "number": "1", "direction": "out", "counterparty_gstin": BUYER, "document_number": "A/1",
        "value_paise": rupees * 100, "occurred_at": AS_OF - int(age * DAY),
    } | changes  # fmt: skip


def payment(age: float = 20, rupees: int = 60_000, **changes: object) -> Row:
    return {
        "reference": "612345678901", "direction": "in", "amount_paise": rupees * 100, "status": "success",
        "counterparty_vpa": "b@ybl", "counterparty": 7, "occurred_at": AS_OF - int(age * DAY),
    } | changes  # fmt: skip


def credit(age: float = 20, rupees: int = 60_000, **changes: object) -> Row:
    return {
        "reference": "N1", "direction": "credit", "purpose": "receipt", "amount_paise": rupees * 100,
        "counterparty": None, "occurred_at": AS_OF - int(age * DAY),
    } | changes  # fmt: skip


def matched(
    *,
    invoices: list[Row] | None = None,
    bills: list[Row] | None = None,
    payments: list[Row] | None = None,
    entries: list[Row] | None = None,
    flow: Flow = SALES,
) -> Reconciliation:
    rows = dict(zip(SCHEMAS, (invoices or [], bills or [], payments or [], entries or []), strict=True))
    frames = {name: pl.DataFrame(rows[name], schema=schema) for name, schema in SCHEMAS.items()}
    return reconcile(frames, PARTIES, AS_OF, flow)


def test_an_invoice_with_its_bill_and_its_receipt_is_complete() -> None:
    found = matched(invoices=[invoice()], bills=[bill()], payments=[payment()])
    assert found.invoices["state"].to_list() == [COMPLETE]
    assert found.bills["state"].to_list() == found.receipts["state"].to_list() == [MATCHED]


@pytest.mark.parametrize(
    ("sides", "state"),
    [
        ({"bills": [bill()]}, NO_RECEIPT),
        ({"entries": [credit()]}, NO_BILL),
        ({}, ALONE),
        ({"bills": [bill(rupees=60_002)]}, NO_RECEIPT),
        ({"bills": [bill(rupees=60_003)]}, ALONE),
        ({"bills": [bill(counterparty_gstin=STRANGER)]}, ALONE),
        ({"bills": [bill(age=120)]}, ALONE),
        ({"payments": [payment(counterparty=8)]}, ALONE),
        ({"payments": [payment(counterparty=None)]}, NO_BILL),
        ({"payments": [payment(rupees=59_999)]}, NO_BILL),
        ({"payments": [payment(rupees=59_000)]}, NO_BILL_IN_PART),
        ({"payments": [payment(rupees=59_000)], "bills": [bill()]}, IN_PART),
        ({"payments": [payment(rupees=59_000, counterparty=None)]}, ALONE),
        ({"payments": [payment(rupees=60_003)]}, ALONE),
        ({"payments": [payment(status="failed_funds")]}, ALONE),
        ({"payments": [payment(age=51)]}, ALONE),
    ],
)
def test_what_is_missing_is_told(sides: dict[str, list[Row]], state: str) -> None:
    assert matched(invoices=[invoice()], **sides).invoices["state"].to_list() == [state]


def test_parts_of_a_known_payer_add_up_oldest_invoice_first() -> None:
    first, second = invoice(age=60, rupees=40_000), invoice(age=50, rupees=30_000, invoice_number="A/2")
    parts = [payment(age=40, rupees=25_000), payment(age=30, rupees=15_000), payment(age=20, rupees=10_000)]
    found = matched(invoices=[first, second], payments=parts)
    rows = dict(found.invoices.select("number", "state").iter_rows())
    assert rows == {"A/1": COMPLETE, "A/2": IN_PART}
    paid = dict(found.invoices.select("number", "paid_paise").iter_rows())
    assert paid == {"A/1": 4_000_000, "A/2": 1_000_000}
    assert found.receipts["state"].to_list() == [MATCHED] * 3


def test_purchases_are_matched_with_what_was_paid() -> None:
    bought = invoice(direction="in")
    moved, made = bill(direction="in"), payment(direction="out")
    sold = {"invoices": [bought, invoice(invoice_number="S")], "bills": [moved], "payments": [made, payment()]}
    found = matched(**sold, flow=PURCHASES)
    assert found.invoices.select("number", "state").rows() == [("A/1", COMPLETE)]
    assert (found.bills["state"].to_list(), found.receipts["state"].to_list()) == ([MATCHED], [MATCHED])
    by_bank = matched(invoices=[bought], entries=[credit(direction="debit", purpose="supplier")], flow=PURCHASES)
    assert by_bank.invoices["state"].to_list() == [NO_BILL]


def test_a_receipt_counts_for_180_days() -> None:
    old = invoice(age=200)
    assert matched(invoices=[old], payments=[payment(age=20.1)]).invoices["state"].to_list() == [NO_BILL]
    assert matched(invoices=[old], payments=[payment(age=20)]).invoices["state"].to_list() == [ALONE]


def test_goods_of_small_value_need_no_bill() -> None:
    small = matched(invoices=[invoice(rupees=50_000)], payments=[payment(rupees=50_000)])
    assert small.invoices["state"].to_list() == [COMPLETE]


@pytest.mark.parametrize("changes", [{"kind": "CDNR"}, {"cancelled": True}, {"counterparty_gstin": None}])
def test_notes_cancelled_invoices_and_sales_to_nobody_in_particular_stay_outside(changes: Row) -> None:
    assert matched(invoices=[invoice(**changes)], payments=[payment()]).invoices["state"].to_list() == [OUTSIDE]


def test_one_receipt_pays_one_invoice_the_older() -> None:
    twins = [invoice(age=40, invoice_number="A/2"), invoice(age=50)]
    found = matched(invoices=twins, payments=[payment()])
    states = dict(zip(found.invoices["number"], found.invoices["state"], strict=True))
    assert states == {"A/1": NO_BILL, "A/2": ALONE}


def test_several_bills_may_carry_one_invoice() -> None:
    found = matched(invoices=[invoice()], bills=[bill(), bill(number="2")])
    assert found.bills["state"].to_list() == [MATCHED, MATCHED]


def test_inward_documents_are_not_sales() -> None:
    found = matched(
        invoices=[invoice(direction="in")], bills=[bill(direction="in")], payments=[payment(direction="out")]
    )
    assert found.invoices.height == found.bills.height == found.receipts.height == 0


def test_every_bucket_is_told_once_youngest_first() -> None:
    ages = [0, 30, 31, 60.5, 61, 90, 91, 180, 181, 400]
    found = matched(invoices=[invoice(age=age, rupees=100) for age in ages])
    assert [(bucket, count) for bucket, count, _ in ageing(found.invoices)] == [
        (BUCKETS[0], 2), (BUCKETS[1], 2), (BUCKETS[2], 2), (BUCKETS[3], 2), (BUCKETS[4], 2),
    ]  # fmt: skip
    assert ageing(found.bills) == [(bucket, 0, 0) for bucket in BUCKETS]


ages = st.floats(0, 400)
values = st.sampled_from([100, 60_000, 60_001, 60_004])
numbers = st.sampled_from(["A/1", "A/2", "A/3"])
parties = st.sampled_from([BUYER, STRANGER, None])
invoices = st.builds(
    lambda age, rupees, number, party, kind: invoice(
        age, rupees, invoice_number=number, counterparty_gstin=party, kind=kind
    ),
    ages, values, numbers, parties, st.sampled_from(["B2B", "CDNR"]),
)  # fmt: skip
bills = st.builds(
    lambda age, rupees, number, party: bill(age, rupees, document_number=number, counterparty_gstin=party),
    ages, values, numbers, parties,
)  # fmt: skip
payments = st.builds(
    lambda age, rupees, party: payment(age, rupees, counterparty=party), ages, values, st.sampled_from([7, 8, None])
)


@given(st.lists(invoices, max_size=12), st.lists(bills, max_size=8), st.lists(payments, max_size=12))
def test_every_document_is_in_exactly_one_state(sold: list[Row], moved: list[Row], paid: list[Row]) -> None:
    found = matched(invoices=sold, bills=moved, payments=paid)
    assert (found.invoices.height, found.bills.height, found.receipts.height) == (len(sold), len(moved), len(paid))
    assert set(found.invoices["state"]) <= {COMPLETE, IN_PART, NO_BILL_IN_PART, NO_RECEIPT, NO_BILL, ALONE, OUTSIDE}
    assert set(found.bills["state"]) | set(found.receipts["state"]) <= {MATCHED, UNMATCHED}
    settled = found.invoices["paid_at"].count()
    assert settled == found.invoices["state"].is_in([COMPLETE, NO_BILL]).sum()
    assert settled <= (found.receipts["state"] == MATCHED).sum()  # parts of one payer may settle one invoice
    assert sum(count for _, count, _ in ageing(found.invoices)) == len(sold)
