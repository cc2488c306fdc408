"""Level instalments and the repayment schedule of a term loan."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from creditiq.kernel.money import rupees

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

    >>> rupees(annuity(Decimal(1000000), Decimal("0.01"), 36))
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


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row of a schedule, in rupees; `balance` is what is left after it."""

    number: int
    principal: Decimal
    interest: Decimal
    balance: Decimal

    @property
    def amount(self) -> Decimal:
        """What the borrower pays on the day."""
        return self.principal + self.interest


def schedule(principal: Decimal, rate: Decimal, months: int) -> tuple[Instalment, ...]:
    """The rows that repay `principal` in `months` level instalments at the monthly `rate`.

    The instalment and each period's interest are rounded half up to the paisa; the last row takes
    whatever is left, so the principal parts add up to the principal exactly.

    >>> [str(row.amount) for row in schedule(Decimal(50000), Decimal("0.015"), 12)][-2:]
    ['4584.00', '4583.99']
    """
    return tuple(_rows(principal, rate, months))


def _rows(principal: Decimal, rate: Decimal, months: int) -> Iterator[Instalment]:
    level, balance = rupees(annuity(principal, rate, months)), rupees(principal)
    for number in range(1, months + 1):
        interest = rupees(balance * rate)
        part = balance if number == months else min(level - interest, balance)
        balance -= part
        yield Instalment(number=number, principal=part, interest=interest, balance=balance)
