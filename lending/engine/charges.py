"""Fees and penal charges: amounts beside the interest, each with its tax, none of them ever bearing interest."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lending.engine.rounding import rounded

HUNDRED = Decimal(100)
YEAR = Decimal(365)


class Basis(StrEnum):
    """What a fee is a share of."""

    FIXED = "fixed"
    PRINCIPAL = "principal"
    OUTSTANDING = "outstanding"


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount and the goods and services tax on it, in rupees."""

    amount: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """What is asked for."""
        return self.amount + self.tax


@dataclass(frozen=True, slots=True)
class FeeRule:
    """One fee: rupees when fixed, else per cent of its basis between `least` and `most`; `tax` in per cent."""

    name: str
    basis: Basis
    value: Decimal
    tax: Decimal
    least: Decimal = Decimal(0)
    most: Decimal | None = None
    third_party: bool = False
    line: str = "A1"


@dataclass(frozen=True, slots=True)
class PenalPolicy:
    """A penal charge: per cent a year on what is overdue, capped, never capitalised (RBI, 18 August 2023)."""

    percent: Decimal
    tax: Decimal
    most: Decimal | None = None


def fee(rule: FeeRule, base: Decimal) -> Charge:
    """The fee on `base` rupees, with its tax.

    >>> fee(FeeRule("Processing", Basis.PRINCIPAL, Decimal("2.5"), Decimal(18)), Decimal(47000)).total
    Decimal('1386.50')
    """
    asked = rule.value if rule.basis is Basis.FIXED else rounded(base * rule.value / HUNDRED)
    asked = max(asked, rule.least)
    return _taxed(min(asked, rule.most) if rule.most is not None else asked, rule.tax)


def penal(policy: PenalPolicy, overdue: Decimal, days: int) -> Charge:
    """Simple, ACT/365, on the overdue instalment. It is a charge of its own: nothing is ever charged on it.

    >>> penal(PenalPolicy(Decimal(2), Decimal(18)), Decimal("33214.31"), 15)
    Charge(amount=Decimal('27.30'), tax=Decimal('4.91'))
    """
    amount = rounded(overdue * policy.percent / HUNDRED * days / YEAR)
    return _taxed(min(amount, policy.most) if policy.most is not None else amount, policy.tax)


def _taxed(amount: Decimal, percent: Decimal) -> Charge:
    return Charge(amount=rounded(amount), tax=rounded(amount * percent / HUNDRED))
