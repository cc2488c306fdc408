"""Typologies on evidence made for them: each sees its own case and leaves its honest neighbour alone."""

from collections.abc import Iterable, Mapping

import polars as pl
import pytest

from fraud.engine.policy import DAY, HOUR, FraudPolicy
from fraud.engine.typologies.registry import TYPOLOGIES

END = 1_000 * DAY
LAKH = 100_000 * 100
RECORDS: Mapping[str, Mapping[str, object]] = {
    "upi_payments": {
        "business": 0, "reference": "", "direction": "in", "amount_paise": 0, "status": "success", "vpa": "",
        "counterparty_vpa": "", "counterparty": None, "kind": "P2M", "occurred_at": 0, "received_at": 0,
    },
    "gst_invoices": {
        "business": 0, "direction": "out", "invoice_number": "", "kind": "B2B", "cancelled": False, "hsn": "5208",
        "taxable_paise": LAKH, "igst_paise": 0, "cgst_paise": 0, "sgst_paise": 0, "occurred_at": 0, "received_at": 0,
    },
    "eway_bills": {
        "business": 0, "number": "", "direction": "out", "value_paise": LAKH, "taxable_paise": LAKH,
        "document_type": "INV", "document_number": "", "hsn": "5208", "distance_km": 500,
        "from_pincode": "110001", "to_pincode": "600001", "transport_mode": 1, "vehicle": None,
        "occurred_at": 0, "received_at": 0,
    },
    "bank_entries": {
        "business": 0, "reference": "", "direction": "credit", "mode": "NEFT", "purpose": "other", "amount_paise": 0,
        "occurred_at": 0, "received_at": 0,
    },
}  # fmt: skip
SCHEMA = {"counterparty": pl.Int64, "vehicle": pl.String}


def frames(**given: Iterable[Mapping[str, object]]) -> dict[str, pl.DataFrame]:
    """All frames; a row says what differs, and is known when it happened."""
    made = {"businesses": pl.DataFrame({"business": [1, 2], "hsn": ["5208", "5208"]})}
    for name, usual in RECORDS.items():
        rows = []
        for number, row in enumerate(given.get(name, ())):
            full = {**usual, "reference": f"r{number}", "number": f"n{number}", "invoice_number": f"i{number}", **row}
            rows.append({column: full[column] for column in usual} | {"received_at": full["occurred_at"]})
        types = {column: SCHEMA.get(column, pl.Series([value]).dtype) for column, value in usual.items()}
        made[name] = pl.DataFrame(rows, schema=types)
    return made


def found(typology: str, policy: FraudPolicy | None = None, **given: Iterable[Mapping[str, object]]) -> dict[int, int]:
    """Businesses found, and how many rows stand behind each."""
    seen = TYPOLOGIES[typology](frames(**given), END, policy or FraudPolicy())
    return {finding.business: len(finding.rows) for finding in seen}


def passed(
    business: int, payers: list[tuple[str, int | None]], payees: list[str], hours: int
) -> list[dict[str, object]]:
    """Every three days each payer pays ₹20,000, and 98 % leaves so many hours later."""
    rows: list[dict[str, object]] = []
    for wave in range(10):
        at = END - (60 - 3 * wave) * DAY
        for number, (address, party) in enumerate(payers):
            rows.append({"business": business, "amount_paise": LAKH // 5, "occurred_at": at + number,
                         "counterparty_vpa": address, "counterparty": party})  # fmt: skip
        share = round(0.98 * len(payers) * (LAKH // 5) / len(payees))
        for number, address in enumerate(payees):
            rows.append({"business": business, "amount_paise": share, "occurred_at": at + hours * HOUR + number,
                         "direction": "out", "counterparty_vpa": address})  # fmt: skip
    return rows


KNOWN = [("a@x", 7), ("b@x", 8), ("c@x", None)]
STRANGERS = [(f"p{number}@x", None) for number in range(12)]


@pytest.mark.parametrize(
    ("typology", "payers", "payees"),
    [
        ("mule_hub", KNOWN, ["out@x"]),
        ("mule_beneficiary", STRANGERS, ["hub@x"]),
        ("fan_in_fan_out", STRANGERS, [f"q{number}@x" for number in range(12)]),
        ("rapid_in_out", STRANGERS, ["hub@x", "other@x"]),
    ],
)
def test_money_that_only_passes_through(typology: str, payers: list[tuple[str, int | None]], payees: list[str]) -> None:
    fast = passed(1, payers, payees, hours=20)
    slow = passed(2, payers, payees, hours=30 * 24)
    assert set(found(typology, upi_payments=fast + slow)) == {1}
    big = {"business": 1, "occurred_at": END - 20 * DAY, "taxable_paise": 1_000 * LAKH}
    assert found(typology, upi_payments=fast, gst_invoices=[big]) == {}


def test_who_collects_from_many_for_many_and_trades_is_not_told_of_loudly() -> None:
    rows = passed(1, STRANGERS, [f"seller{number}@x" for number in range(12)], hours=20)
    commission = {"business": 1, "occurred_at": END - 20 * DAY, "taxable_paise": LAKH // 10}
    given = frames(upi_payments=rows, gst_invoices=[commission])
    (seen,) = TYPOLOGIES["rapid_in_out"](given, END, FraudPolicy())
    assert seen.severity == "medium"
    (alone,) = TYPOLOGIES["rapid_in_out"](frames(upi_payments=rows), END, FraudPolicy())
    assert alone.severity == "high"


def sold(business: int, day: int, hsn: str = "5208", direction: str = "out") -> dict[str, object]:
    return {"business": business, "occurred_at": END - day * DAY, "hsn": hsn, "direction": direction}


def test_sales_of_another_trade_than_is_registered_and_bought() -> None:
    bought = [sold(business, day, "5201", "in") for business in (1, 2) for day in range(10, 50, 10)]
    strange = [sold(1, day, "7108") for day in range(10, 70, 10)]
    general = [
        sold(2, 10 * place, hsn) for place, hsn in enumerate(("7108", "3901", "8401", "1001", "4801", "2801"), 1)
    ]
    assert found("hsn_repurposing", gst_invoices=bought + strange + general) == {1: 6}
    traded = [sold(1, day, "7110", "in") for day in (5, 15, 25, 35)]
    assert found("hsn_repurposing", gst_invoices=bought + strange + traded) == {}


def test_a_sleeper_that_wakes_and_one_that_always_sells_rarely() -> None:
    weekly = [sold(1, day) for day in range(400, 330, -7)]
    awake = [sold(1, day) for day in (60, 40, 20)]
    rarely = [sold(2, day) for day in (700, 540, 380, 60, 40, 20)]
    assert found("dormant_reactivation", gst_invoices=weekly + awake + rarely) == {1: 3}
    assert found("dormant_reactivation", gst_invoices=weekly) == {}


def bill(business: int, day: float, km: int, start: str = "110001", end: str = "600001") -> dict[str, object]:
    return {"business": business, "occurred_at": round(END - day * DAY), "distance_km": km, "from_pincode": start,
            "to_pincode": end}  # fmt: skip


def test_kilometres_that_cannot_join_their_pin_codes() -> None:
    near = [bill(1, day, 12) for day in range(10, 70, 10)]
    at_home = [bill(2, day, 400, "110001", "110001") for day in range(10, 70, 10)]
    honest = [bill(3, day, 2_200) for day in range(10, 70, 10)]
    border = [bill(4, day, 12, "201301", "110001") for day in range(10, 70, 10)]
    assert set(found("implausible_distance", eway_bills=near + at_home + honest + border)) == {1, 2}


def test_places_of_risk_are_those_the_policy_names() -> None:
    bills = [bill(1, day, 900, end="797001") for day in range(10, 70, 10)] + [
        bill(2, day, 900) for day in range(10, 70, 10)
    ]
    assert found("high_risk_geography", eway_bills=bills) == {}
    policy = FraudPolicy.from_document({"high_risk_pincodes": ["797"]})
    assert found("high_risk_geography", policy, eway_bills=bills) == {1: 6}


def test_one_address_of_two_businesses() -> None:
    rows = [{"business": business, "vpa": address, "occurred_at": END - day * DAY, "amount_paise": 100}
            for business, address in ((1, "same@x"), (2, "same@x"), (3, "own@x")) for day in (1, 2, 3)]  # fmt: skip
    assert found("shared_address", upi_payments=rows) == {1: 3, 2: 3}


def entry(business: int, day: float, purpose: str, paise: int, direction: str = "credit") -> dict[str, object]:
    return {"business": business, "occurred_at": round(END - day * DAY), "purpose": purpose, "amount_paise": paise,
            "direction": direction}  # fmt: skip


def test_three_loans_in_weeks_are_stacked_and_three_in_a_year_are_not() -> None:
    close = [entry(1, day, "loan", 5 * LAKH) for day in (100, 90, 70)]
    apart = [entry(2, day, "loan", 5 * LAKH) for day in (300, 200, 70)]
    assert found("loan_stacking", bank_entries=close + apart) == {1: 3}


def test_a_loan_closed_with_a_strangers_money() -> None:
    rows = []
    for business, purpose in ((1, "other"), (2, "receipt")):
        rows += [entry(business, 200, "loan", 5 * LAKH), entry(business, 100, "emi", LAKH // 5, "debit")]
        rows += [entry(business, 21, purpose, 5 * LAKH), entry(business, 20, "emi", 5 * LAKH, "debit")]
    assert found("round_tripped_repayment", bank_entries=rows) == {1: 1}


def trips(business: int, lorry: str, hours_between: int) -> list[dict[str, object]]:
    """Twelve trips of 900 km by one lorry, alternately to two towns."""
    return [
        {"business": business, "vehicle": lorry, "distance_km": 900, "to_pincode": ("600001", "700001")[trip % 2],
         "occurred_at": END - 60 * DAY + trip * hours_between * HOUR}
        for trip in range(12)
    ]  # fmt: skip


def test_a_lorry_on_the_road_again_before_it_can_have_arrived() -> None:
    rounds = [row | {"to_pincode": "600001"} for row in trips(3, "KA01CD0003", 2)]
    bills = trips(1, "KA01AB0001", 2) + trips(2, "KA01AB0002", 48) + rounds
    assert found("impossible_transport", eway_bills=bills) == {1: 11}


def paid_out(business: int, day: float, address: str, paise: int) -> dict[str, object]:
    return {"business": business, "direction": "out", "counterparty_vpa": address, "amount_paise": paise,
            "occurred_at": round(END - day * DAY)}  # fmt: skip


def test_a_month_that_goes_to_strangers_and_one_that_only_grows() -> None:
    usual = [paid_out(business, 40 + 4 * time, "supplier@x", LAKH // 10) for business in (1, 2) for time in range(30)]
    strangers = [paid_out(1, 1 + day, f"new{day}@x", LAKH // 5) for day in range(20)]
    season = [paid_out(2, 1 + day, "supplier@x", LAKH // 5) for day in range(20)]
    assert found("new_counterparty_burst", upi_payments=usual + strangers + season) == {1: 20}
    few = [paid_out(1, 1 + day, f"new{day % 4}@x", LAKH // 5) for day in range(20)]
    assert found("new_counterparty_burst", upi_payments=usual + few) == {}


def test_sums_no_invoice_adds_up_to() -> None:
    whole = [{"business": 1, "amount_paise": 2 * LAKH, "occurred_at": END - day * DAY} for day in range(1, 26)]
    taxed = [
        {"business": 2, "amount_paise": 2 * LAKH + 18 * day, "occurred_at": END - day * DAY} for day in range(1, 26)
    ]
    assert found("round_sums", upi_payments=whole + taxed) == {1: 25}
    assert found("round_sums", upi_payments=whole[:19]) == {}


def test_money_without_a_salary_a_rent_or_a_bill() -> None:
    money = [entry(business, day, "transfer", 5 * LAKH) for business in (1, 2, 4) for day in range(1, 13)]
    older = [entry(business, 100, "transfer", LAKH) for business in (1, 2, 3)]
    living = [entry(2, 5, "epf", LAKH // 5, "debit")]
    poor = [entry(3, day, "transfer", LAKH // 20) for day in range(1, 13)]
    assert found("shell_profile", bank_entries=older + money + living + poor) == {1: 12}


def test_sales_nobody_pays_for_and_a_customer_who_pays_late() -> None:
    invoices = [sold(business, day) | {"taxable_paise": 4 * LAKH} for business in (1, 2) for day in range(70, 220, 30)]
    little = [entry(1, 50, "receipt", LAKH)]
    late = [entry(2, 5, "receipt", 9 * LAKH)]
    assert found("receipts_gap", gst_invoices=invoices, bank_entries=little + late) == {1: 5}
    assert found("receipts_gap", gst_invoices=invoices) == {}
    settled = [row | {"mode": "UPI", "amount_paise": 20 * LAKH} for row in little]
    assert found("receipts_gap", gst_invoices=invoices, bank_entries=little + settled) == {1: 5}


def test_goods_that_leave_the_road_or_never_arrive() -> None:
    lorries = [bill(business, day, 500) for business in (1, 2) for day in range(70, 200, 10)]
    flown = [bill(1, day, 500) | {"transport_mode": 3} for day in range(5, 55, 5)]
    usual = [bill(2, day, 500) for day in range(5, 55, 5)]
    assert found("unusual_transport", eway_bills=lorries + flown + usual) == {1: 23}
    purchases = [sold(business, 30, direction="in") for business in (2, 3)]
    supplied = [bill(3, day, 500) for day in range(5, 55, 5)]
    supplied += [bill(3, day, 500) | {"direction": "in"} for day in range(5, 55, 5)]
    assert found("unusual_transport", eway_bills=lorries[13:] + usual + supplied, gst_invoices=purchases) == {2: 23}


def test_goods_sent_on_before_their_lorry_can_have_come() -> None:
    came = [bill(business, day, 1_900) | {"direction": "in"} for business in (1, 2) for day in range(10, 70, 10)]
    at_once = [bill(1, day - 1 / 48, 300) for day in range(10, 70, 10)]
    after = [bill(2, day - 2, 300) for day in range(10, 70, 10)]
    assert found("zero_logistics_lag", eway_bills=came + at_once + after) == {1: 6}
    other = [row | {"hsn": "7208"} for row in at_once]
    assert found("zero_logistics_lag", eway_bills=came + other) == {}


def test_goods_worth_less_than_their_way() -> None:
    far = [bill(1, day, 2_100) | {"value_paise": LAKH // 5} for day in range(10, 70, 10)]
    dear = [bill(2, day, 2_100) | {"value_paise": 9 * LAKH} for day in range(10, 70, 10)]
    assert found("costly_distance", eway_bills=far + dear) == {1: 6}


def test_payments_faster_than_a_pin_can_be_typed() -> None:
    def run(business: int, day: int, seconds: float, times: int = 10) -> list[dict[str, object]]:
        start = END - day * DAY
        moments = [start + round(1_000_000 * seconds * number) for number in range(times)]
        return [{"business": business, "counterparty_vpa": "one@x", "occurred_at": at} for at in moments]

    fast, slow, once = [*run(1, 9, 2), *run(1, 8, 2)], [*run(2, 9, 60), *run(2, 8, 60)], run(3, 9, 5, times=6)
    assert set(found("impossible_bursts", upi_payments=fast + slow + once)) == {1}


def test_bills_whose_invoices_nobody_reported() -> None:
    bills = [bill(business, day, 500) | {"document_number": f"d{business}-{day}"}
             for business in (1, 2, 3) for day in range(70, 170, 10)]  # fmt: skip
    known = [sold(2, day) | {"invoice_number": f"d2-{day}"} for day in range(70, 170, 10)]
    assert found("bills_without_invoices", eway_bills=bills, gst_invoices=[*known, sold(1, 100)]) == {1: 10}


def test_plates_no_authority_gave() -> None:
    bills = [bill(business, day, 500) | {"vehicle": plate}
             for business, plate in ((1, "TRUCK1"), (2, "mh 12 ab 1234"), (3, "22BH1234AB"), (4, "MH12AB0000"))
             for day in range(10, 70, 10)]  # fmt: skip
    assert set(found("implausible_vehicle", eway_bills=bills)) == {1, 4}
