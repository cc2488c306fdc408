"""Where a payment goes: by due date first (horizontal) or by kind of due first (vertical)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lending.engine.classification import AssetClass

NOTHING = Decimal(0)


class Component(StrEnum):
    """The kinds of dues."""

    PRINCIPAL = "principal"
    INTEREST = "interest"
    FEE = "fee"
    PENAL = "penal"


class Orientation(StrEnum):
    """All of an older due date before the next, or all of one component before the next."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class FutureRule(StrEnum):
    """What happens to money beyond the dues of the day: kept for the borrower, or used for coming dues in order."""

    HOLD = "hold"
    NEXT_DUES = "next-dues"


@dataclass(frozen=True, slots=True)
class Due:
    """An amount of one component, in rupees; as a part of an allocation it is what was paid on it."""

    due: date
    component: Component
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The order in which dues are met."""

    components: tuple[Component, ...]
    orientation: Orientation
    future: FutureRule = FutureRule.HOLD

    def __post_init__(self) -> None:
        """Raises ValueError unless every component has its place, once."""
        if sorted(self.components) != sorted(Component):
            raise ValueError("A waterfall names every component once: principal, interest, fee, penal.")


@dataclass(frozen=True, slots=True)
class Allocated:
    """Money laid out: what each due got, what is left of the dues, and what is left of the money."""

    paid: tuple[Due, ...]
    left: tuple[Due, ...]
    surplus: Decimal


@dataclass(frozen=True, slots=True)
class AllocationPolicy:
    """The waterfall of each asset class; `usual` serves the classes that have none of their own."""

    usual: Waterfall
    by_class: Mapping[AssetClass, Waterfall]

    def waterfall(self, asset_class: AssetClass) -> Waterfall:
        """The order for a loan of this class."""
        return self.by_class.get(asset_class, self.usual)


def allocate(dues: Iterable[Due], amount: Decimal, on: date, waterfall: Waterfall) -> Allocated:
    """Lay `amount` rupees received on `on` out over the dues. What is paid, left and surplus add up exactly.

    >>> old, new = date(2026, 2, 5), date(2026, 3, 5)
    >>> dues = [Due(old, Component.INTEREST, Decimal(10)), Due(new, Component.FEE, Decimal(5))]
    >>> kinds = (Component.FEE, Component.PENAL, Component.INTEREST, Component.PRINCIPAL)
    >>> order = Waterfall(kinds, Orientation.VERTICAL)
    >>> [str(part.amount) for part in allocate(dues, Decimal(9), date(2026, 3, 20), order).paid]
    ['5', '4']
    """
    ordered = sorted(dues, key=lambda due: _place(due, on, waterfall))
    paid, left = [], []
    for due in ordered:
        reachable = due.due <= on or waterfall.future is FutureRule.NEXT_DUES
        part = min(due.amount, amount) if reachable else NOTHING
        amount -= part
        paid.append(replace(due, amount=part))
        left.append(replace(due, amount=due.amount - part))
    return Allocated(paid=_real(paid), left=_real(left), surplus=amount)


def oldest_due(dues: Iterable[Due], on: date) -> date | None:
    """The oldest due date with principal or interest unpaid; fees and penal charges never make a loan past due."""
    counted = (Component.PRINCIPAL, Component.INTEREST)
    return min((due.due for due in dues if due.amount and due.component in counted and due.due <= on), default=None)


def _place(due: Due, on: date, waterfall: Waterfall) -> tuple[bool, date | int, date | int]:
    # What is not due yet comes after everything that is, whatever the orientation.
    rank = waterfall.components.index(due.component)
    pair = (due.due, rank) if waterfall.orientation is Orientation.HORIZONTAL else (rank, due.due)
    return (due.due > on, *pair)


def _real(dues: Sequence[Due]) -> tuple[Due, ...]:
    return tuple(due for due in dues if due.amount)
