"""What a loan really costs: the internal rate of its cash flows, yearly and effective, and income at that rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from lending.engine.plans import Instalment
from lending.engine.rounding import rounded

NOTHING = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
PRECISION = 40
STEPS = 200
ENOUGH = Decimal("1e-25")


class NoRate(ValueError):
    """The cash flows have no rate: nothing was received, or less comes back than was lent."""


def periodic_rate(received: Decimal, payments: Sequence[Decimal], first: Decimal = ONE) -> Decimal:
    """The rate a period, as a fraction, at which the payments are worth what was received (the IRR).

    `first` is the length of the first period in periods, where it is a broken one. Newton's method from
    zero: the worth of payments ≥ 0 falls and is convex in the rate, so each step stays below the root and
    comes closer. Raises NoRate.

    >>> round(periodic_rate(Decimal(980000), [Decimal("33214.31")] * 35 + [Decimal("33214.30")]) * 100, 6)
    Decimal('1.117566')
    """
    if received <= 0 or sum(payments, NOTHING) < received or min(payments) < 0:
        raise NoRate("The payments have to return at least what was received, and that has to be above zero.")
    with localcontext() as context:
        context.prec = PRECISION
        rate = NOTHING
        for _ in range(STEPS):
            worth, slope = _worth(rate, payments, first)
            step = (received - worth) / slope
            rate += step
            if abs(step) < ENOUGH:
                break
    return +rate


def _worth(rate: Decimal, payments: Sequence[Decimal], first: Decimal) -> tuple[Decimal, Decimal]:
    """Present value and its derivative by the rate, by Horner's rule from the last payment."""
    discount = 1 / (1 + rate)
    value, derivative = NOTHING, NOTHING
    for payment in reversed(payments):
        derivative = (derivative - (value + payment) * discount) * discount
        value = (value + payment) * discount
    if first == ONE:
        return value, derivative
    shift = (1 + rate) ** (ONE - first)
    return value * shift, derivative * shift + value * shift * (ONE - first) * discount


def present_worth(rate: Decimal, payments: Sequence[Decimal], first: Decimal = ONE) -> Decimal:
    """What payments at the ends of coming periods are worth today at the rate of a period, unrounded."""
    return _worth(rate, payments, first)[0]


def yearly(rate: Decimal, periods: int = 12) -> Decimal:
    """The annual percentage rate: the rate of a period times the periods of a year, per cent with two places.

    RBI's key fact statement (15 April 2024, Annex B) asks for this one, not for the effective rate.
    """
    return rounded(rate * periods * HUNDRED)


def effective(rate: Decimal, periods: int = 12) -> Decimal:
    """The compounded yearly rate, per cent with four places: (1 + i)ᵐ − 1.

    >>> effective(Decimal("0.01"))
    Decimal('12.6825')
    """
    return (((1 + rate) ** periods - 1) * HUNDRED).quantize(Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class EffectiveIncome:
    """A period's income at the effective rate: what the contract gives plus the part of the fee that belongs to it."""

    number: int
    income: Decimal
    contractual: Decimal
    deferred: Decimal
    carrying: Decimal


def effective_income(received: Decimal, rows: Sequence[Instalment]) -> tuple[EffectiveIncome, ...]:
    """Income by the effective interest method (Ind AS 109): carrying amount · rate, period by period, in rupees.

    `received` is what the borrower got net of deferred fees. The last period takes what rounding left, so
    the deferred parts add up to the fee exactly.
    """
    return tuple(_income(received, rows))


def _income(received: Decimal, rows: Sequence[Instalment]) -> Iterator[EffectiveIncome]:
    rate, carrying = periodic_rate(received, [row.amount for row in rows]), received
    for row in rows:
        last = row is rows[-1]
        contractual = row.interest + row.capitalised
        income = row.amount - carrying if last else rounded(carrying * rate)
        carrying += income - row.amount
        yield EffectiveIncome(row.number, income, contractual, income - contractual, carrying)
