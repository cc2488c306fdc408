"""The level instalment of a loan, and what a level instalment repays."""

from decimal import ROUND_DOWN, Decimal

RUPEE = Decimal(1)
MONTHS_TIMES_PERCENT = Decimal(1200)


def down_to_rupee(amount: Decimal) -> Decimal:
    """The amount without its paise: the rule for limits, which are never rounded in the borrower's favour.

    >>> down_to_rupee(Decimal("384615.38"))
    Decimal('384615')
    """
    return amount.quantize(RUPEE, ROUND_DOWN)


def monthly_rate(percent_a_year: Decimal) -> Decimal:
    """The rate of one month as a fraction.

    >>> monthly_rate(Decimal(12))
    Decimal('0.01')
    """
    return percent_a_year / MONTHS_TIMES_PERCENT


def annuity(principal: Decimal, rate: Decimal, months: int) -> Decimal:
    """Level instalment A = P·r / (1 − (1+r)⁻ⁿ), unrounded, r the monthly rate; P/n when r is zero.

    >>> round(annuity(Decimal(1000000), Decimal("0.01"), 36), 2)
    Decimal('33214.31')
    """
    if months < 1:
        raise ValueError("a loan has at least one instalment")
    return principal * rate / (1 - (1 + rate) ** -months) if rate else principal / months


def present_value(instalment: Decimal, rate: Decimal, months: int) -> Decimal:
    """What a level instalment repays: P = A·(1 − (1+r)⁻ⁿ)/r, the inverse of `annuity`; A·n when r is zero.

    >>> present_value(Decimal(100), Decimal(0), 12)
    Decimal('1200')
    """
    return instalment * (1 - (1 + rate) ** -months) / rate if rate else instalment * months
