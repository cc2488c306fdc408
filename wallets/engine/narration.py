"""What a bank entry was for, read from the bank's own text.

Banks print free text; the words below are those of clearing systems and tax challans that they print alike. The first
rule that matches decides, so returns come before the mandates they return, and taxes before salaries. An entry that
no rule knows is a `receipt` when it credits through words of a transfer, a cheque or a cash deposit (a shop's takings),
and `other` otherwise.
"""

import polars as pl

PURPOSES = (
    "receipt", "supplier", "salary", "rent", "gst", "epf", "esic", "tds", "emi", "loan", "mandate_return",
    "cheque_return", "mandate_ok", "other",
)  # fmt: skip
CREDIT, DEBIT = "credit", "debit"
_MANDATE = r"\b(NACH|ECS|ACH|SI|E-?MANDATE|MANDATE|AUTOPAY)\b"
_LENT = r"\b(EMI|LOAN|INSTALMENT|INSTALLMENT|FINANCE|FINSERV|FINCORP|NBFC)\b"
_BACK = r"\b(RTN|RETURN(ED)?|BOUNCED?|UNPAID|DISHONOU?R(ED)?|REJECT(ED)?|INSUFF(ICIENT)?)\b"
_SELF = r"\b(OWN ACCOUNT|CAPITAL|PROPRIETOR|INTEREST|INT ?PD|SWEEP|FD|DIVIDEND|REFUND|REVERSAL)\b"
_TRADE = r"\b(TRADE|VENDOR|SUPPLIER|PURCHASE OF GOODS|INVOICE|INV|BILL PAYMENT|SETTLEMENT|PAYOUT|PO NO)\b"
_PAID_IN = r"\b(NEFT|RTGS|IMPS|UPI|INV|INVOICE|TRADE|COLLECTION|SETTLEMENT|PAYOUT|CHQ DEP|CLG|CASH DEP(OSIT)?)\b"
# purpose, direction it is said of (None: both), words that must all be there, words that must not
_RULES: tuple[tuple[str, str | None, tuple[str, ...], str], ...] = (
    ("mandate_return", None, (_BACK, _MANDATE), ""),
    ("mandate_return", None, (_BACK, _LENT), ""),
    ("cheque_return", None, (_BACK, r"\b(CHQ|CHEQUE|CHECK|CLG|CTS|I/W|O/W|RETURN CHARGES?)\b"), ""),
    ("other", None, (_BACK, r"\b(REFUND|REVERSAL|NEFT|RTGS|IMPS|UPI)\b"), ""),
    ("gst", DEBIT, (r"\b(GST|GSTN|CGST|SGST|IGST|GST ?PMT)\b",), ""),
    ("epf", DEBIT, (r"\b(EPF|EPFO|PROVIDENT FUND)\b",), ""),
    ("esic", DEBIT, (r"\b(ESIC?|EMPLOYEES? STATE INSURANCE)\b",), ""),
    ("tds", DEBIT, (r"\b(TDS|CHALLAN 281|ITNS ?281)\b",), ""),
    ("salary", DEBIT, (r"\b(SALAR(Y|IES)|SAL|WAGES|PAYROLL)\b",), ""),
    ("rent", DEBIT, (r"\b(RENT|LEASE RENT(AL)?)\b",), ""),
    ("emi", DEBIT, (_LENT,), r"\b(LOAN TO|ADVANCE)\b"),
    ("mandate_ok", DEBIT, (_MANDATE,), ""),
    ("loan", CREDIT, (r"\b(LOAN|DISBURS(AL|EMENT|ED)|OD LIMIT|TERM LOAN)\b",), ""),
    ("other", CREDIT, (_SELF,), ""),
    ("supplier", DEBIT, (_TRADE,), r"\b(ASSETS?|PERSONAL|WEEKLY)\b"),
    ("receipt", CREDIT, (_PAID_IN,), r"\b(WEEKLY|PERSONAL|ASSETS?)\b"),
)  # fmt: skip


def purpose(narration: pl.Expr, direction: pl.Expr) -> pl.Expr:
    """One of PURPOSES for each entry; `direction` is “credit” or “debit”.

    >>> frame = pl.DataFrame({"n": ["ACH DEBIT RTN INSUFFICIENT FUNDS", "NEFT/ACME STEEL"], "d": ["debit", "credit"]})
    >>> frame.select(purpose(pl.col("n"), pl.col("d"))).to_series().to_list()
    ['mandate_return', 'receipt']
    """
    text = narration.str.to_uppercase().str.replace_all(r"[^0-9A-Z /-]", " ")
    found = pl.lit("other")
    for name, side, words, without in reversed(_RULES):
        said = pl.all_horizontal(text.str.contains(word) for word in words)
        said = said & ~text.str.contains(without) if without else said
        said = said & (direction == side) if side else said
        found = pl.when(said).then(pl.lit(name)).otherwise(found)
    return found


def purpose_of(narration: str, direction: str) -> str:
    """The purpose of one entry.

    >>> purpose_of("BULK SALARY PAYMENT", "debit")
    'salary'
    """
    frame = pl.DataFrame({"narration": [narration], "direction": [direction]})
    return str(frame.select(purpose(pl.col("narration"), pl.col("direction"))).item())
