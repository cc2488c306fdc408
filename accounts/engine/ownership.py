"""Who owns a business in the end: shares multiplied along every path, added over all of them.

x_h = s_h + Σ_e s_he · x_e, where s_h is what holder h holds of the business itself and s_he what it holds of entity e
that has x_e of the business. Companies may hold each other: the equations are solved exactly, in fractions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MOST_PATHS = 200
HUNDRED = Decimal(100)


class Unsound(ValueError):
    """The declared structure cannot be true; the sentence says what to mend. `holder` names where."""

    def __init__(self, message: str, holder: str) -> None:
        super().__init__(message)
        self.holder = holder


@dataclass(frozen=True)
class Stake:
    """`holder` has `percent` of `held`."""

    holder: str
    held: str
    percent: Decimal


@dataclass(frozen=True)
class Path:
    """One way to the business: the holder first, then whom it goes through; percent of the business, two places."""

    through: tuple[str, ...]
    percent: Decimal


@dataclass(frozen=True)
class Holding:
    """What a holder has of the business in the end, percent with two places, and by which ways."""

    holder: str
    effective: Decimal
    paths: tuple[Path, ...]


def holdings(stakes: Sequence[Stake], *, of: str) -> tuple[Holding, ...]:
    """Every holder's share of the business `of`, the largest first. Raises Unsound.

    >>> chain = [Stake("Holding", "Mill", Decimal(60)), Stake("Asha", "Holding", Decimal(50))]
    >>> direct = Stake("Asha", "Mill", Decimal(5))
    >>> [(one.holder, str(one.effective)) for one in holdings([*chain, direct], of="Mill")]
    [('Holding', '60.00'), ('Asha', '35.00')]
    """
    _refuse_unsound(stakes, of)
    shares = {(stake.holder, stake.held): Fraction(stake.percent) / 100 for stake in stakes}
    holders = list(dict.fromkeys(stake.holder for stake in stakes))
    effective = _solved(holders, shares, of)
    found = [
        Holding(holder, _percent(effective[holder]), _paths(holder, shares, of, (holder,), Fraction(1)))
        for holder in holders
    ]
    return tuple(sorted(found, key=lambda one: (-one.effective, one.holder)))


def _refuse_unsound(stakes: Sequence[Stake], of: str) -> None:
    seen: set[tuple[str, str]] = set()
    totals: dict[str, Decimal] = {}
    for stake in stakes:
        if not 0 < stake.percent <= HUNDRED:
            raise Unsound("A share is more than 0 and at most 100 percent.", stake.holder)
        if stake.holder in {stake.held, of}:
            raise Unsound("Nobody holds themselves; leave out shares that the business has of itself.", stake.holder)
        if (stake.holder, stake.held) in seen:
            raise Unsound("This share is written twice. Write it once, with its sum.", stake.holder)
        seen.add((stake.holder, stake.held))
        totals[stake.held] = totals.get(stake.held, Decimal(0)) + stake.percent
        if totals[stake.held] > HUNDRED:
            raise Unsound("The shares add up to more than 100 percent of what they are in.", stake.holder)


def _solved(holders: list[str], shares: dict[tuple[str, str], Fraction], of: str) -> dict[str, Fraction]:
    """Gauss elimination of (I − S)·x = s over the holders."""
    size = len(holders)
    rows = [
        [
            *(Fraction(int(a == b)) - shares.get((a, b), Fraction(0)) for b in holders),
            shares.get((a, of), Fraction(0)),
        ]
        for a in holders
    ]
    for column in range(size):
        pivot = next((row for row in range(column, size) if rows[row][column]), None)
        if pivot is None:
            raise Unsound("These companies hold each other entirely, so nobody owns them.", holders[column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for other in range(size):
            factor = rows[other][column]
            if other != column and factor:
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[column], strict=True)]
    return {holder: rows[place][size] for place, holder in enumerate(holders)}


def _paths(
    holder: str, shares: dict[tuple[str, str], Fraction], of: str, walked: tuple[str, ...], share: Fraction
) -> tuple[Path, ...]:
    """Ways that visit nobody twice, the largest first."""
    found: list[Path] = []
    for (owner, held), part in shares.items():
        if owner != holder or held in walked:
            continue
        if held == of:
            found.append(Path(walked, _percent(share * part)))
        else:
            found.extend(_paths(held, shares, of, (*walked, held), share * part))
    return tuple(sorted(found, key=lambda path: (-path.percent, path.through)))[:MOST_PATHS]


def _percent(share: Fraction) -> Decimal:
    exact = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
