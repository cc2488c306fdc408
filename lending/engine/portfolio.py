"""The book of loans as one: shares, what moved, what a shock would cost."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lending.engine.rounding import rounded

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Position:
    """One loan in the book: rupees, per cent; `standing` is Regular, SMA-0 … or its class."""

    account: str
    outstanding: Decimal
    overdue: Decimal
    standing: str
    non_performing: bool
    sector: str
    state: str
    product: str
    vintage: str
    pd: Decimal
    lgd: Decimal
    irac: Decimal
    ecl: Decimal
    held: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """The loans of one name."""

    name: str
    loans: int
    outstanding: Decimal


@dataclass(frozen=True, slots=True)
class Shock:
    """What a shock would cost: expected loss before and after it, and by how much it exceeds the appetite."""

    name: str
    before: Decimal
    after: Decimal

    @property
    def more(self) -> Decimal:
        """What it adds."""
        return self.after - self.before


def shares(positions: Iterable[Position], name: Callable[[Position], str]) -> tuple[Share, ...]:
    """The book by a name, the largest share first."""
    amounts: dict[str, list[Decimal]] = defaultdict(list)
    for position in positions:
        amounts[name(position)].append(position.outstanding)
    found = [Share(key, len(some), sum(some, NOTHING)) for key, some in amounts.items()]
    return tuple(sorted(found, key=lambda share: (-share.outstanding, share.name)))


def concentration(found: Sequence[Share]) -> Decimal:
    """Herfindahl–Hirschman index of the shares: 1 when everything is in one.

    >>> concentration([Share("a", 1, Decimal(3)), Share("b", 1, Decimal(1))])
    Decimal('0.6250')
    """
    whole = sum((share.outstanding for share in found), NOTHING)
    if not whole:
        return NOTHING
    return sum(((share.outstanding / whole) ** 2 for share in found), NOTHING).quantize(Decimal("0.0001"))


def expected_loss(positions: Iterable[Position], pd_factor: Decimal = Decimal(1)) -> Decimal:
    """Σ EAD · PD · LGD of a year, in rupees; a loan in default counts with a PD of one.

    >>> expected_loss([])
    Decimal('0.00')
    """
    parts = (
        position.outstanding
        * (Decimal(1) if position.non_performing else min(position.pd * pd_factor / HUNDRED, Decimal(1)))
        * position.lgd
        / HUNDRED
        for position in positions
    )
    return rounded(sum(parts, NOTHING))


def shocked(positions: Sequence[Position], name: str, factors: Callable[[Position], Decimal]) -> Shock:
    """A shock multiplies the PD of each loan by its factor."""
    before = expected_loss(positions)
    after = sum((expected_loss([position], factors(position)) for position in positions), NOTHING)
    return Shock(name, before, after)
