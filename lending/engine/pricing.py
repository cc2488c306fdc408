"""The price of a loan as a build-up of named parts, all in per cent a year."""

from dataclasses import dataclass
from decimal import Decimal

from creditiq.kernel.money import rupees

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class PricePolicy:
    """The bank's own costs, per cent a year."""

    cost_of_funds: Decimal
    operating_cost: Decimal
    capital_share: Decimal
    cost_of_capital: Decimal
    margin: Decimal


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A credit guarantee: `cover` is the guaranteed share, `fee` the yearly fee on that share, both in per cent."""

    cover: Decimal
    fee: Decimal


@dataclass(frozen=True, slots=True)
class RateBuildUp:
    """What a rate is made of, per cent a year; `rate` is the sum, rounded once to two places."""

    cost_of_funds: Decimal
    operating_cost: Decimal
    expected_loss: Decimal
    capital_charge: Decimal
    margin: Decimal
    guarantee_fee: Decimal

    @property
    def rate(self) -> Decimal:
        """The yearly rate quoted to the borrower."""
        costs = self.cost_of_funds + self.operating_cost + self.expected_loss
        return rupees(costs + self.capital_charge + self.margin + self.guarantee_fee)

    @property
    def parts(self) -> tuple[tuple[str, Decimal], ...]:
        """The parts in the order they are shown, zero parts left out."""
        named = (
            ("Cost of funds", self.cost_of_funds),
            ("Operating cost", self.operating_cost),
            ("Expected loss", self.expected_loss),
            ("Capital charge", self.capital_charge),
            ("Margin", self.margin),
            ("Guarantee fee", self.guarantee_fee),
        )
        return tuple((name, part) for name, part in named if part)


def expected_loss(pd: Decimal, lgd: Decimal, exposure: Decimal) -> Decimal:
    """EL = PD · LGD · exposure, with PD and LGD as fractions.

    >>> rupees(expected_loss(Decimal("0.034"), Decimal("0.45"), Decimal(1000000)))
    Decimal('15300.00')
    """
    return pd * lgd * exposure


def rate(policy: PricePolicy, *, pd: Decimal, lgd: Decimal, guarantee: Guarantee | None = None) -> RateBuildUp:
    """Cost of funds + operating cost + PD·LGD + capital charge + margin (lending rules §7).

    PD and LGD are fractions. Capital costs what its owners ask above the cost of funds it replaces.
    A guarantee lowers only the expected loss and brings its own fee.

    >>> bank = PricePolicy(Decimal("7.2"), Decimal("2.1"), Decimal(9), Decimal(16), Decimal("0.5"))
    >>> rate(bank, pd=Decimal("0.034"), lgd=Decimal("0.65")).rate
    Decimal('12.80')
    """
    uncovered = 1 - guarantee.cover / HUNDRED if guarantee else Decimal(1)
    return RateBuildUp(
        cost_of_funds=policy.cost_of_funds,
        operating_cost=policy.operating_cost,
        expected_loss=pd * lgd * HUNDRED * uncovered,
        capital_charge=policy.capital_share * (policy.cost_of_capital - policy.cost_of_funds) / HUNDRED,
        margin=policy.margin,
        guarantee_fee=guarantee.fee * guarantee.cover / HUNDRED if guarantee else Decimal(0),
    )
