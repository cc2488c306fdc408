from decimal import Decimal

import pyarrow as pa
import pytest

from lending.engine.flows import DAY, MONTH, YEAR, flows

AS_OF = 800 * DAY
NAMES = {
    "gst_invoices": ("direction", "kind", "cancelled", "taxable_paise", "occurred_at"),
    "gst_returns": ("return_type", "due_at", "filed_at", "occurred_at"),
    "upi_payments": ("direction", "kind", "status", "amount_paise", "occurred_at"),
    "bank_entries": ("direction", "mode", "purpose", "amount_paise", "occurred_at"),
}
TYPES = {"cancelled": pa.bool_(), **dict.fromkeys(("taxable_paise", "amount_paise", "occurred_at"), pa.int64())}
TYPES |= dict.fromkeys(("due_at", "filed_at"), pa.int64())


def frames(**rows: list[tuple[object, ...]]) -> dict[str, pa.Table]:
    """Evidence tables with the given rows, in the column order of NAMES."""
    return {
        kind: pa.table(
            {
                name: pa.array([row[index] for row in rows.get(kind, [])], TYPES.get(name, pa.string()))
                for index, name in enumerate(names)
            }
        )
        for kind, names in NAMES.items()
    }


def test_nothing_shared_is_unknown_and_not_zero():
    seen = flows(frames(), AS_OF, defaults=None)

    assert (seen.turnover, seen.digital, seen.net_flow, seen.debt_service) == (None, None, None, None)
    assert seen.filing_gaps is None
    assert seen.default_seen is None


def test_turnover_is_a_year_of_sales_less_credit_notes_and_cancelled_invoices():
    rows = [
        ("out", "B2B", False, 1_000_00, AS_OF - DAY),
        ("out", "B2CS", False, 500_00, AS_OF - 300 * DAY),
        ("out", "CDNR", False, 200_00, AS_OF - DAY),
        ("out", "B2B", True, 9_000_00, AS_OF - DAY),
        ("in", "B2B", False, 7_000_00, AS_OF - DAY),
        ("out", "B2B", False, 8_000_00, AS_OF - YEAR),
        ("out", "B2B", False, 8_000_00, AS_OF + 1),
    ]

    assert flows(frames(gst_invoices=rows), AS_OF, defaults=None).turnover == Decimal(1_300)


def test_digital_sales_are_successful_merchant_payments_received():
    rows = [
        ("in", "P2M", "success", 300_00, AS_OF - DAY),
        ("in", "P2P", "success", 50_00, AS_OF - DAY),
        ("in", "P2M", "failed_funds", 70_00, AS_OF - DAY),
        ("out", "P2M", "success", 90_00, AS_OF - DAY),
    ]

    assert flows(frames(upi_payments=rows), AS_OF, defaults=None).digital == Decimal(300)


def test_net_flow_counts_operations_and_leaves_loans_drawings_and_bounces_out():
    year_ago = AS_OF - YEAR + 1
    rows = [
        ("credit", "FT", "receipt", 12_000_00, year_ago),
        ("credit", "FT", "loan", 99_000_00, AS_OF - DAY),
        ("debit", "FT", "supplier", 4_000_00, AS_OF - DAY),
        ("debit", "FT", "rent", 2_000_00, AS_OF - DAY),
        ("debit", "FT", "other", 5_000_00, AS_OF - DAY),
        ("credit", "FT", "other", 5_000_00, AS_OF - DAY),
        ("debit", "FT", "emi", 3_000_00, AS_OF - DAY),
        ("debit", "FT", "mandate_return", 3_000_00, AS_OF - DAY),
    ]

    seen = flows(frames(bank_entries=rows), AS_OF, defaults=None)

    assert seen.net_flow == Decimal(500)
    assert seen.debt_service == Decimal(1000)


@pytest.mark.parametrize(("mode", "expected"), [("UPI", 120), ("FT", 220)])
def test_upi_is_counted_once_when_the_statement_lists_it(mode, expected):
    start = AS_OF - int(MONTH)
    bank = [("credit", mode, "receipt", 120_00, start)]
    upi = [("in", "P2M", "success", 100_00, start)]

    seen = flows(frames(bank_entries=bank, upi_payments=upi), AS_OF, defaults=None)

    assert seen.net_flow == Decimal(expected)


def test_upi_settlements_of_a_statement_are_receipts_whatever_their_purpose():
    start = AS_OF - int(MONTH)
    bank = [("credit", "UPI", "other", 500_00, start), ("debit", "UPI", "other", 80_00, start)]

    assert flows(frames(bank_entries=bank), AS_OF, defaults=None).net_flow == Decimal(420)


def test_only_instalments_of_the_last_quarter_are_debt_service():
    rows = [
        ("debit", "FT", "emi", 600_00, AS_OF - 10 * DAY),
        ("debit", "FT", "emi", 600_00, AS_OF - 100 * DAY),
    ]

    assert flows(frames(bank_entries=rows), AS_OF, defaults=None).debt_service == Decimal(200)


def test_a_return_filed_after_the_moment_still_counts_as_a_gap():
    rows = [
        ("GSTR3B", AS_OF - 10 * DAY, AS_OF - 5 * DAY, AS_OF - 10 * DAY),
        ("GSTR3B", AS_OF - 40 * DAY, AS_OF + DAY, AS_OF - 40 * DAY),
        ("GSTR3B", AS_OF - 70 * DAY, None, AS_OF - 70 * DAY),
        ("GSTR1", AS_OF - 70 * DAY, None, AS_OF - 70 * DAY),
        ("GSTR3B", AS_OF - 500 * DAY, None, AS_OF - 500 * DAY),
    ]

    assert flows(frames(gst_returns=rows), AS_OF, defaults=None).filing_gaps == 2


@pytest.mark.parametrize(
    ("defaults", "seen"),
    [(None, None), ((), False), ((None,), False), ((None, AS_OF), True), ((AS_OF + 1,), False)],
)
def test_a_default_counts_from_the_day_it_happened(defaults, seen):
    assert flows(frames(), AS_OF, defaults=defaults).default_seen is seen
