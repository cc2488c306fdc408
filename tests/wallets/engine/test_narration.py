"""What bank entries were for."""

import pytest

from wallets.engine.narration import PURPOSES, purpose_of
from wallets.engine.world.banking import _PRINT
from wallets.engine.world.flows import Kind

# The bank never prints these.
UNTOLD = {(Kind.LOAN, "debit"), (Kind.EMI, "credit"), (Kind.RETURN_CHARGE, "credit")}


@pytest.mark.parametrize("kind", list(Kind))
def test_the_narrations_of_the_simulated_bank_are_read_as_meant(kind: Kind) -> None:
    _, paid, received, text = _PRINT[kind]
    for direction, meant in (("debit", paid), ("credit", received)):
        if (kind, direction) not in UNTOLD:
            assert purpose_of(text, direction) == meant


@pytest.mark.parametrize(
    ("text", "direction", "meant"),
    [
        ("ACH D- BAJAJ FINANCE LTD-12345", "debit", "emi"),
        ("ACH DEBIT RETURN CHARGES BAJAJ FINANCE", "debit", "mandate_return"),
        ("I/W CHQ RETURN-000123-FUNDS INSUFFICIENT", "debit", "cheque_return"),
        ("EMI BOUNCE CHARGE", "debit", "mandate_return"),
        ("NEFT RETURN-HDFC0000001", "credit", "other"),
        ("GST PMT CPIN 26060000000001", "debit", "gst"),
        ("EPFO/JUN26/CHALLAN", "debit", "epf"),
        ("ESIC CONTRIBUTION JUN", "debit", "esic"),
        ("TDS 26Q Q1", "debit", "tds"),
        ("SALARY JUNE 26 STAFF", "debit", "salary"),
        ("RENT FOR SHOP 4", "debit", "rent"),
        ("NACH-LIC PREMIUM", "debit", "mandate_ok"),
        ("UPI/612345678901/ASHA/COLLECT", "credit", "receipt"),
        ("INT PD 01-04-26 TO 30-06-26", "credit", "other"),
        ("CASH DEPOSIT SELF", "credit", "receipt"),
        ("NEFT VENDOR PAYMENT ACME", "debit", "supplier"),
        ("LOAN DISBURSAL A/C 77", "credit", "loan"),
        ("CURRENT ACCOUNT", "debit", "other"),
        ("", "credit", "other"),
    ],
)
def test_words_of_real_statements_are_understood(text: str, direction: str, meant: str) -> None:
    assert purpose_of(text, direction) == meant
    assert purpose_of(text.lower(), direction) in PURPOSES
