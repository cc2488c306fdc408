"""A quotation: the plan of a loan with its yearly cost, in the written form commands and doors answer with."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from creditiq.kernel.money import rupees
from lending.engine.apr import effective, periodic_rate, yearly
from lending.engine.charges import Basis, FeeRule
from lending.engine.keyfacts import Conditions, KeyFacts, key_facts
from lending.engine.plans import Instalment, Plan, plan
from lending.engine.terms import Terms

MONTHS = 12
SIX_PLACES = Decimal("0.000001")


class WrittenRow(TypedDict):
    """One instalment; money is a string with two decimals."""

    n: int
    due: str
    principal: str
    interest: str
    capitalised: str
    amount: str
    balance: str


class WrittenQuotation(TypedDict):
    """A quotation; rates are per cent, as strings."""

    emi: str
    last_emi: str
    total_interest: str
    apr: str
    irr_monthly: str
    effective_rate: str
    net_disbursed: str
    schedule: list[WrittenRow]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A plan, what is kept back at the disbursal in rupees, and the rate of a period as a fraction."""

    plan: Plan
    fees: Decimal
    rate: Decimal

    @property
    def apr(self) -> Decimal:
        """The annual percentage rate: the rate of a period times the periods of a year."""
        return yearly(self.rate, MONTHS // self.plan.terms.every)

    @property
    def irr_monthly(self) -> Decimal:
        """The rate of a month in per cent, six places."""
        return (self.rate * 100 / self.plan.terms.every).quantize(SIX_PLACES)

    def written(self) -> WrittenQuotation:
        """Plain values."""
        return {
            "emi": _money(self.plan.level),
            "last_emi": _money(self.plan.last),
            "total_interest": _money(self.plan.interest),
            "apr": f"{self.apr:f}",
            "irr_monthly": f"{self.irr_monthly:f}",
            "effective_rate": f"{effective(self.rate, MONTHS // self.plan.terms.every):f}",
            "net_disbursed": _money(self.plan.terms.principal - self.fees),
            "schedule": [_row(row) for row in self.plan.rows],
        }


def quote(terms: Terms, fees: Decimal = Decimal(0)) -> Quotation:
    """The quotation of terms with `fees` rupees, tax included, kept back at the disbursal. Raises NoRate.

    >>> from datetime import date
    >>> asked = Terms(Decimal(20000), Decimal(15), 24, date(2026, 1, 5), date(2026, 2, 5))
    >>> quote(asked, Decimal(400)).apr
    Decimal('17.07')
    """
    repayment = plan(terms)
    return Quotation(repayment, fees, periodic_rate(terms.principal - fees, repayment.payments, terms.first_period))


@dataclass(frozen=True, slots=True)
class Offered:
    """One of several offers for the same loan: its number as asked, its price, its key facts."""

    number: int
    quotation: Quotation
    facts: KeyFacts

    @property
    def cost(self) -> Decimal:
        """Interest and fees together, in rupees."""
        return self.quotation.plan.interest + self.quotation.fees


@dataclass(frozen=True, slots=True)
class Comparison:
    """All offers in the order asked; `best` has the lowest annual rate, of equal ones the first."""

    offers: tuple[Offered, ...]

    @property
    def best(self) -> Offered:
        """The offer a borrower pays least for."""
        return min(self.offers, key=lambda offer: (offer.quotation.apr, offer.number))


def compare(offers: Sequence[tuple[int, Terms, Decimal]]) -> Comparison:
    """Offers as (number, terms, fees in rupees with tax), each with its rate and key facts. Raises NoRate."""
    return Comparison(tuple(_offered(*offer) for offer in offers))


def _offered(number: int, terms: Terms, fees: Decimal) -> Offered:
    quotation = quote(terms, fees)
    rules = [FeeRule("Fees, tax included", Basis.FIXED, fees, Decimal(0))] if fees else []
    return Offered(number, quotation, key_facts(quotation.plan, rules, Conditions()))


def _row(row: Instalment) -> WrittenRow:
    return {
        "n": row.number,
        "due": row.due.isoformat(),
        "principal": _money(row.principal),
        "interest": _money(row.interest),
        "capitalised": _money(row.capitalised),
        "amount": _money(row.amount),
        "balance": _money(row.balance),
    }


def _money(amount: Decimal) -> str:
    return f"{rupees(amount):f}"
