"""How a borrower pays: straight to the lender, by the link their phone understands, and whether it has arrived."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote, urlencode

from creditiq.kernel.clock import IST
from lending.models import Loan, PaymentIntention


@dataclass(frozen=True)
class Intention:
    """The last payment a borrower said they would make. `link` opens a UPI app, empty where the bank gave no address.

    `arrived`: a payment of the amount was booked since.
    """

    row: PaymentIntention
    arrived: bool

    @property
    def amount(self) -> Decimal:
        """Rupees."""
        return self.row.amount

    @property
    def link(self) -> str:
        """A UPI deep link (NPCI, linking specification 1.6): payee, amount, our reference, what it is for."""
        return upi_link(self.row) if self.row.payee else ""


def upi_link(row: PaymentIntention) -> str:
    """The link of one intention; every part is escaped."""
    parts = {
        "pa": row.payee, "pn": row.loan.organisation.name, "am": f"{row.amount:.2f}", "cu": "INR",
        "tr": row.reference, "tn": f"Loan {row.loan.account_no}",
    }  # fmt: skip
    return f"upi://pay?{urlencode(parts, quote_via=quote, safe='@')}"


def intention_of(loan: Loan) -> Intention | None:
    """The newest intention of a loan, None when there is none. Two queries."""
    rows = intentions_of(loan, most=1)
    return rows[0] if rows else None


def intentions_of(loan: Loan, most: int = 50) -> list[Intention]:
    """The newest first."""
    rows = list(loan.intentions.select_related("loan__organisation").order_by("-at", "-pk")[:most])
    if not rows:
        return []
    first = min(row.at for row in rows).astimezone(IST).date()
    came = list(loan.receipts.filter(on__gte=first, returned_on__isnull=True).values_list("on", "amount"))
    return [
        Intention(row, any(on >= row.at.astimezone(IST).date() and amount == row.amount for on, amount in came))
        for row in rows
    ]
