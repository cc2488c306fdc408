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
    band: str = ""
    stage: int = 1
    floor: Decimal = NOTHING
    stressed: Decimal = Decimal(1)
    """By how much the model's PD grows when GST sales fall; one when nothing is known."""


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """One class of the book under both rules, in rupees; `gap` is what expected loss asks beyond IRAC."""

    name: str
    loans: int
    outstanding: Decimal
    irac: Decimal
    ecl: Decimal
    floor: Decimal
    held: Decimal

    @property
    def gap(self) -> Decimal:
        """Expected loss, or its floor when that is more, less IRAC."""
        return max(self.ecl, self.floor) - self.irac


@dataclass(frozen=True, slots=True)
class Appetite:
    """Expected loss of a year of performing loans of one name against what the policy bears, in rupees."""

    name: str
    loans: int
    expected: Decimal
    budget: Decimal
    above: int

    @property
    def percent(self) -> Decimal:
        """How much of the budget is expected to be lost."""
        return (self.expected * HUNDRED / self.budget).quantize(Decimal("0.1")) if self.budget else NOTHING

    @property
    def exceeded(self) -> bool:
        """More than the policy bears."""
        return self.expected > self.budget


@dataclass(frozen=True, slots=True)
class Share:
    """The loans of one name, and how much of what is outstanding is non-performing."""

    name: str
    loans: int
    outstanding: Decimal
    bad: Decimal = NOTHING

    @property
    def bad_percent(self) -> Decimal:
        """Its share that is non-performing, per cent."""
        return (self.bad * HUNDRED / self.outstanding).quantize(Decimal("0.1")) if self.outstanding else NOTHING


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
    by_name: dict[str, list[Position]] = defaultdict(list)
    for position in positions:
        by_name[name(position)].append(position)
    found = [
        Share(
            name=key,
            loans=len(some),
            outstanding=sum((one.outstanding for one in some), NOTHING),
            bad=sum((one.outstanding for one in some if one.non_performing), NOTHING),
        )
        for key, some in by_name.items()
    ]
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


def bridge(positions: Sequence[Position]) -> tuple[BridgeRow, ...]:
    """The book by standing under IRAC and under expected loss, and its total as the last row."""
    by_name: dict[str, list[Position]] = defaultdict(list)
    for position in positions:
        by_name[f"Stage {position.stage} · {position.standing}"].append(position)
    return (*(_bridge_row(name, some) for name, some in sorted(by_name.items())), _bridge_row("Whole book", positions))


def _bridge_row(name: str, some: Sequence[Position]) -> BridgeRow:
    sums = {
        part: sum((getattr(one, part) for one in some), NOTHING)
        for part in ("outstanding", "irac", "ecl", "floor", "held")
    }
    return BridgeRow(name=name, loans=len(some), **sums)


def appetites(positions: Iterable[Position], each: Decimal) -> tuple[Appetite, ...]:
    """Expected loss by sector against `each` rupees of appetite per performing loan; the whole book comes first."""
    good = [position for position in positions if not position.non_performing]
    by_sector: dict[str, list[Position]] = defaultdict(list)
    for position in good:
        by_sector[position.sector].append(position)
    sectors = (_appetite(name, some, each) for name, some in by_sector.items())
    ranked = sorted(sectors, key=lambda row: (-row.percent, row.name))
    return (_appetite("Whole book", good, each), *ranked)


def _appetite(name: str, some: Sequence[Position], each: Decimal) -> Appetite:
    losses = [expected_loss([position]) for position in some]
    return Appetite(name, len(some), sum(losses, NOTHING), each * len(some), sum(loss > each for loss in losses))
