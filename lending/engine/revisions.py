"""What changes a running loan: a prepayment, a new rate, an exit, a restructuring."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lending.engine.accrual import Stretch, accrued
from lending.engine.apr import present_worth
from lending.engine.days import DayCount
from lending.engine.plans import Instalment, Plan, plan
from lending.engine.rounding import rounded
from lending.engine.terms import Method, Terms, UnsoundTerms

NOTHING = Decimal(0)
HUNDRED = Decimal(100)
YEAR = Decimal(365)


class Keep(StrEnum):
    """What the borrower keeps when the loan changes; the other one follows."""

    TENOR = "tenor"
    INSTALMENT = "instalment"


@dataclass(frozen=True, slots=True)
class Revision:
    """The rows from now on and what they change; `saved` is interest less than before, negative when it is more."""

    plan: Plan
    saved: Decimal

    @property
    def instalment(self) -> Decimal:
        """The level instalment from now on; zero when nothing is left to repay."""
        return self.plan.level if self.plan.rows else NOTHING


def prepay(running: Plan, paid: int, amount: Decimal, keep: Keep) -> Revision:
    """The plan after `amount` rupees repaid on the due date of instalment `paid`, every due up to it being paid.

    Raises UnsoundTerms when the amount is not below the balance: that is a foreclosure.
    """
    balance = _balance(running, paid) - amount
    if amount <= 0 or balance <= 0:
        raise UnsoundTerms("amount", "A part prepayment is above zero and below the outstanding principal.")
    return _revise(running, paid, keep, balance=balance, percent=running.terms.percent)


def reset_rate(running: Plan, paid: int, percent: Decimal, keep: Keep) -> Revision:
    """The plan at a new yearly rate from the due date of instalment `paid` on.

    RBI (18 August 2023, floating instalments) lets the borrower choose between a longer tenor and a higher
    instalment. Raises UnsoundTerms when the old instalment would not even pay the new interest.
    """
    return _revise(running, paid, keep, balance=_balance(running, paid), percent=percent)


def _balance(running: Plan, paid: int) -> Decimal:
    if not 0 <= paid < len(running.rows):
        raise UnsoundTerms("paid", "The loan has no instalment after this one.")
    return running.rows[paid - 1].balance if paid else running.terms.principal


def _revise(running: Plan, paid: int, keep: Keep, *, balance: Decimal, percent: Decimal) -> Revision:
    left = running.rows[paid:]
    terms = _rest(running.terms, left, running.rows[paid - 1].due if paid else running.terms.disbursed, balance)
    fixed = running.level if keep is Keep.INSTALMENT else None
    revised = plan(replace(terms, percent=percent, instalment=fixed))
    before = sum((row.interest + row.capitalised for row in left), NOTHING)
    return Revision(plan=revised, saved=before - revised.interest)


def _rest(terms: Terms, left: tuple[Instalment, ...], start: date, balance: Decimal) -> Terms:
    if terms.method is not Method.EMI:
        raise UnsoundTerms("method", "Only loans with level instalments are revised row by row.")
    moratorium = terms.moratorium
    waited = moratorium and terms.waiting <= terms.periods - len(left)
    if moratorium and not waited:
        gone = (terms.periods - len(left)) * terms.every
        moratorium = replace(moratorium, months=moratorium.months - gone)
    return replace(
        terms,
        principal=balance,
        months=len(left) * terms.every,
        disbursed=start,
        first_due=left[0].due,
        moratorium=None if waited else moratorium,
        instalment=None,
    )


@dataclass(frozen=True, slots=True)
class Exit:
    """What closes a loan on a day, part by part in rupees."""

    principal: Decimal
    interest: Decimal
    charges: Decimal

    @property
    def total(self) -> Decimal:
        """The whole amount to pay."""
        return self.principal + self.interest + self.charges


def foreclosure(stretch: Stretch, count: DayCount, *, unpaid: Decimal = NOTHING, charges: Decimal = NOTHING) -> Exit:
    """Principal, interest from the last due date to the day, unpaid interest, and charges with their tax.

    A floating-rate loan to a micro or small enterprise sanctioned from 1 January 2026 has no charge for
    closing early (RBI, 3 July 2025): the caller passes none.
    """
    return Exit(stretch.balance, rounded(accrued([stretch], count)) + unpaid, charges)


def cooling_off(principal: Decimal, percent: Decimal, days: int) -> Exit:
    """Leaving within the cooling-off days: principal and the annual percentage rate for the days, nothing else.

    RBI digital lending directions 2025; `percent` is the APR of the key fact statement, days count ACT/365.

    >>> cooling_off(Decimal(1000000), Decimal("13.45"), 2).total
    Decimal('1000736.99')
    """
    return Exit(principal, rounded(principal * percent / HUNDRED * days / YEAR), NOTHING)


@dataclass(frozen=True, slots=True)
class Restructured:
    """The new plan and the fair value the lender gives up by it, in rupees."""

    plan: Plan
    sacrifice: Decimal


def restructure(outstanding: Decimal, unpaid_interest: Decimal, former_percent: Decimal, terms: Terms) -> Restructured:
    """New terms for what is owed; unpaid interest may join the principal, penal charges never do.

    Sacrifice: what is owed less the new payments discounted at the rate charged before (RBI prudential
    norms, erosion in fair value), never below zero. Raises UnsoundTerms when the terms repay another sum.
    """
    owed = outstanding + unpaid_interest
    if terms.principal != owed:
        raise UnsoundTerms("principal", "The new loan is the principal and the unpaid interest, and nothing else.")
    new = plan(terms)
    rate = former_percent * terms.every / Decimal(1200)
    return Restructured(plan=new, sacrifice=max(rounded(owed - present_worth(rate, new.payments)), NOTHING))
