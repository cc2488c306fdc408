"""What the definitions promise, on firms simple enough to know the answer."""

import math

import pytest

from scoring.engine.measure import measure
from tests.scoring.engine.features.random_evidence import AS_OF, DAY, Row, tables

# 17 June 2026, midday IST: where date-only documents are placed.
MIDDAY = 1_781_677_800_000_000
MIDNIGHT = MIDDAY + DAY // 2
FIRM: Row = {"business": 1, "deals_in_goods": True, "quarterly_filer": False}


def measured(name: str, as_of: int = MIDNIGHT, **frames: list[Row]) -> float | None:
    return measure(tables({"businesses": [FIRM], **frames}), as_of).mapping()[name]


def at(moment: int, **columns: object) -> Row:
    return {"business": 1, "occurred_at": moment, "received_at": moment, **columns}


def sale(moment: int, paise: int = 100_000, **columns: object) -> Row:
    usual = {"direction": "out", "kind": "B2B", "cancelled": False, "hsn": "7201", "counterparty_gstin": "A"}
    tax = dict.fromkeys(("igst_paise", "cgst_paise", "sgst_paise"), 0)
    return at(moment, taxable_paise=paise, invoice_number="1", **tax) | usual | columns


def payment(moment: int, paise: int = 100, **columns: object) -> Row:
    usual = {"direction": "in", "kind": "P2P", "status": "success", "counterparty_vpa": "a@ybl", "counterparty": None}
    return at(moment, amount_paise=paise) | usual | columns


@pytest.mark.parametrize("days", [7, 30, 90])
def test_a_thousand_rupees_a_day_reads_the_value_of_the_window(days: int) -> None:
    daily = [sale(MIDDAY - day * DAY) for day in range(2000)]
    assert measured(f"gst_{days}d_value", gst_invoices=daily) == pytest.approx(1000 * days, rel=1e-3)


@pytest.mark.parametrize("days", [7, 30, 90])
def test_two_receipts_a_day_read_the_count_of_the_window(days: int) -> None:
    daily = [payment(MIDDAY - day * DAY) for day in range(2000) for _ in range(2)]
    assert measured(f"upi_{days}d_inbound_count", upi_payments=daily) == pytest.approx(2 * days, rel=1e-3)


def test_a_credit_note_takes_back_its_sale() -> None:
    rows = [sale(MIDDAY), sale(MIDDAY, kind="CDNR")]
    assert measured("gst_30d_value", gst_invoices=rows) == 0


def test_failed_payments_are_not_money() -> None:
    rows = [payment(MIDDAY, status="failed_technical"), payment(MIDDAY, status="failed_funds")]
    assert measured("upi_30d_inbound_count", upi_payments=rows) == 0
    assert measured("upi_daily_avg_throughput", upi_payments=rows) == 0


def test_a_single_payer_is_full_concentration() -> None:
    rows = [payment(MIDDAY - hour * DAY // 24, 50 + hour) for hour in range(5)]
    assert measured("upi_hhi_30d", upi_payments=rows) == 1
    assert measured("upi_top3_concentration", upi_payments=rows) == 1


def test_two_equal_chapters_are_one_bit() -> None:
    assert measured("hsn_entropy_90d", gst_invoices=[sale(MIDDAY), sale(MIDDAY, hsn="52081100")]) == 1
    assert measured("hsn_entropy_90d", gst_invoices=[sale(MIDDAY), sale(MIDDAY, hsn="7202")]) == 0


def test_one_wild_delay_does_not_move_the_trend() -> None:
    delays = [1, 2, 3, 90, 5, 6]
    returns = [
        at(due, return_type="GSTR3B", period=number, due_at=due, filed_at=due + delay * DAY)
        for number, delay in enumerate(delays)
        for due in [MIDDAY - (400 - 30 * number) * DAY]
    ]
    assert measured("gst_filing_delay_trend", gst_returns=returns) == 1


def test_a_return_filed_in_the_last_minute_of_its_due_day_is_on_time() -> None:
    due = MIDDAY - 10 * DAY
    row = at(due, return_type="GSTR3B", period=1, due_at=due, filed_at=due + DAY // 2 - 1)
    assert measured("filing_compliance_rate", gst_returns=[row]) == 1
    assert measured("filing_compliance_rate", gst_returns=[row | {"filed_at": due + DAY // 2}]) == 0


def test_silence_up_to_now_counts() -> None:
    rows = [payment(MIDNIGHT - 50 * DAY), payment(MIDNIGHT - 40 * DAY)]
    assert measured("longest_gap_days", upi_payments=rows) == 40


def test_a_network_value_that_is_not_a_number_is_missing() -> None:
    assert measured("pagerank_score", network=[{"business": 1, "pagerank_score": math.nan}]) is None
    assert measured("pagerank_score", network=[{"business": 1, "pagerank_score": 1.25}]) == 1.25


def test_an_amount_beyond_belief_does_not_break_the_measurement() -> None:
    assert measured("gst_7d_value", gst_invoices=[sale(MIDDAY, 9 * 10**17)], as_of=AS_OF) is not None


@pytest.mark.parametrize(
    ("state", "pincode", "share"),
    [(27, "411001", 0), (27, "110001", 1), (27, "4", 1), (27, "", 1), (28, "411001", 0), (99, "411001", 0)],
)
def test_a_pin_code_is_judged_where_its_state_is_known(state: int, pincode: str, share: float) -> None:
    bill = at(
        MIDDAY, direction="out", value_paise=100, distance_km=1, document_number="1", counterparty_gstin=None,
        from_state=state, from_pincode=pincode, to_state=27, to_pincode="411001",
    )  # fmt: skip
    assert measured("pin_code_implausible_share", eway_bills=[bill]) == share
