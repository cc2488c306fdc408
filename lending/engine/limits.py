"""How much a business may borrow: the smallest of a row of named bounds, each with its own reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lending.engine.schedule import down_to_rupee, present_value
from lending.engine.working_capital import Assets, permissible_finance

NOTHING = Decimal(0)
TURNOVER_MOST = Decimal(50_000_000)
"""RBI: the turnover method is for limits up to ₹5 crore; above, what the bank may finance is read from the books."""


class Constraint(StrEnum):
    """The bounds in binding order: of two equal ones the earlier is named."""

    FRAUD = "fraud_stop"
    TURNOVER = "turnover"
    PERMISSIBLE = "permissible_finance"
    CAPACITY = "repayment_capacity"
    EXPECTED_LOSS = "expected_loss"
    BAND = "band_cap"
    SCHEME = "scheme_cap"
    EXPOSURE = "exposure_cap"


_ORDER = tuple(Constraint)


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit in rupees. `amount` is None where the fact behind it is unknown: then nothing can be lent on it."""

    constraint: Constraint
    amount: Decimal | None
    basis: str

    @property
    def known(self) -> bool:
        """Whether there was evidence to compute it from."""
        return self.amount is not None


@dataclass(frozen=True, slots=True)
class FacilityLimit:
    """The limit of one facility with the bound that set it and all bounds that were looked at."""

    amount: Decimal
    binding: Bound
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """Both facilities of a business; the working-capital bound is the one named when only one can be."""

    working_capital: FacilityLimit
    term_loan: FacilityLimit

    @property
    def binding_constraint(self) -> Constraint:
        """The name of the bound that sets the working-capital limit."""
        return self.working_capital.binding.constraint


def binding(bounds: Sequence[Bound]) -> FacilityLimit:
    """The facility limit set by the smallest bound; an unknown bound counts as nothing, so it never passes silently.

    >>> cap = Bound(Constraint.BAND, Decimal(500000), "cap")
    >>> binding([Bound(Constraint.TURNOVER, Decimal(300000), "20 %"), cap]).binding.constraint.value
    'turnover'
    """
    first = min(bounds, key=lambda bound: (_size(bound), _ORDER.index(bound.constraint)))
    return FacilityLimit(amount=_size(first), binding=first, bounds=tuple(bounds))


def _size(bound: Bound) -> Decimal:
    return bound.amount if bound.amount is not None else NOTHING


@dataclass(frozen=True, slots=True)
class TurnoverRule:
    """The Nayak committee's turnover method with the RBI's incentive for digital sales; shares as fractions.

    `most` is the limit in rupees up to which the method may be used at all.
    """

    share: Decimal
    digital_from: Decimal
    digital_share: Decimal
    other_share: Decimal
    most: Decimal = TURNOVER_MOST


def turnover_bound(turnover: Decimal | None, digital: Decimal | None, rule: TurnoverRule) -> Bound:
    """Working capital as a share of yearly turnover: 20 %, or 30 % of digital and 25 % of other sales.

    The higher shares apply when at least a quarter of the turnover is digital. Turnover in rupees a year.

    >>> nayak = TurnoverRule(Decimal("0.20"), Decimal("0.25"), Decimal("0.30"), Decimal("0.25"))
    >>> turnover_bound(Decimal(20000000), None, nayak).amount
    Decimal('4000000')
    """
    if turnover is None:
        return Bound(Constraint.TURNOVER, None, "No yearly turnover was shared")
    sales = max(turnover, NOTHING)
    seen = min(digital or NOTHING, sales)
    if sales and seen / sales >= rule.digital_from:
        amount = rule.digital_share * seen + rule.other_share * (sales - seen)
        basis = f"{_percent(rule.digital_share)} of digital and {_percent(rule.other_share)} of other yearly turnover"
        return Bound(Constraint.TURNOVER, down_to_rupee(amount), basis)
    return Bound(Constraint.TURNOVER, down_to_rupee(rule.share * sales), f"{_percent(rule.share)} of yearly turnover")


def working_bound(
    turnover: Decimal | None, digital: Decimal | None, rule: TurnoverRule, assets: Assets | None
) -> Bound:
    """What working capital needs: by turnover up to `rule.most`, above it the maximum permissible bank finance (MPBF).

    Without a statement of current assets the turnover method ends at its own ceiling: more cannot be judged by it.

    >>> nayak = TurnoverRule(Decimal("0.20"), Decimal("0.25"), Decimal("0.30"), Decimal("0.25"))
    >>> books = Assets(Decimal(80_000_000), Decimal(60_000_000), Decimal(0), Decimal(30_000_000), Decimal(0))
    >>> working_bound(Decimal(400_000_000), None, nayak, books).amount
    Decimal('75000000')
    """
    bound = turnover_bound(turnover, digital, rule)
    if bound.amount is None or bound.amount <= rule.most:
        return bound
    if assets is None:
        basis = "The turnover method reaches no further; above it the bank needs a statement of current assets"
        return Bound(Constraint.TURNOVER, rule.most, basis)
    basis = f"75 % of current assets less current liabilities, as stated on {assets.on or 'the last statement'}"
    return Bound(Constraint.PERMISSIBLE, permissible_finance(assets.current, assets.liabilities), basis)


def room_for_service(net_flow: Decimal, debt_service: Decimal, coverage: Decimal) -> Decimal:
    """What a month still leaves for new instalments: net flow ÷ DSCR − existing service, never below zero.

    >>> room_for_service(Decimal(125000), Decimal(20000), Decimal("1.25"))
    Decimal('80000')
    """
    return max(net_flow / coverage - debt_service, NOTHING)


def revolving_capacity(room: Decimal, rate: Decimal) -> Decimal:
    """The drawn limit whose monthly interest fits into `room`; a cash credit is serviced, not repaid, month by month.

    >>> revolving_capacity(Decimal(1000), Decimal("0.01"))
    Decimal('100000')
    """
    return down_to_rupee(room / rate)


def term_capacity(room: Decimal, rate: Decimal, months: int) -> Decimal:
    """The principal whose level instalment over `months` fits into `room`.

    >>> term_capacity(Decimal("33214.31"), Decimal("0.01"), 36)
    Decimal('1000000')
    """
    return down_to_rupee(present_value(room, rate, months)) if months else NOTHING


def expected_loss_bound(appetite: Decimal, pd: Decimal, lgd: Decimal) -> Bound:
    """The exposure whose expected loss is the appetite: appetite ÷ (PD · LGD), down to the rupee.

    >>> expected_loss_bound(Decimal(15000), Decimal("0.06"), Decimal("0.65")).amount
    Decimal('384615')
    """
    return Bound(
        Constraint.EXPECTED_LOSS, down_to_rupee(appetite / (pd * lgd)), "Expected loss the bank accepts on one borrower"
    )


def exposure_bound(cap: Decimal | None, used: Decimal, name: str) -> Bound:
    """What a cap on a group, sector, state or product still leaves, in rupees; without a cap nothing is known.

    >>> exposure_bound(Decimal(50000000), Decimal(49000000), "textiles").amount
    Decimal('1000000')
    """
    if cap is None:
        return Bound(Constraint.EXPOSURE, None, f"No exposure limit is set for {name}")
    return Bound(
        Constraint.EXPOSURE, down_to_rupee(max(cap - used, NOTHING)), f"What the exposure limit of {name} leaves"
    )


def _percent(fraction: Decimal) -> str:
    return f"{(fraction * 100).normalize():f} %"
