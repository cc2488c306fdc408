from datetime import date
from decimal import Decimal

from lending.engine.quotation import quote
from tests.lending.engine.loans import terms


def test_a_quotation_is_written_with_money_as_strings_of_two_decimals():
    document = quote(terms(20_000, 15, 24), Decimal(400)).written()

    assert (document["emi"], document["last_emi"], document["total_interest"]) == ("969.73", "969.79", "3273.58")
    assert (document["apr"], document["effective_rate"], document["net_disbursed"]) == ("17.07", "18.4715", "19600.00")
    assert document["schedule"][0] == {
        "n": 1,
        "due": "2026-02-05",
        "principal": "719.73",
        "interest": "250.00",
        "capitalised": "0.00",
        "amount": "969.73",
        "balance": "19280.27",
    }


def test_the_monthly_rate_of_a_quarterly_loan_is_a_third_of_its_quarter():
    quarterly = quote(terms(100_000, 12, 12, every=3, first_due=date(2026, 4, 5)))

    assert quarterly.apr == Decimal("12.00")
    assert round(quarterly.irr_monthly, 2) == 1


def test_a_broken_first_period_counts_by_its_days_in_the_annual_rate():
    broken = quote(terms(1_000_000, 12, 36, disbursed=date(2026, 1, 12), first_due=date(2026, 2, 5)))

    assert abs(broken.apr - 12) < Decimal("0.05")
