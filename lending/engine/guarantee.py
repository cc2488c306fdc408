"""The guarantee of CGTMSE: its cover, its yearly fee, and the cap of a claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lending.engine.rounding import rounded

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Cover:
    """The guaranteed part of a loan in rupees and the fee of a year on it."""

    guaranteed: Decimal
    fee: Decimal


def cover(amount: Decimal, *, percent: Decimal, fee: Decimal, concessions: Sequence[Decimal] = ()) -> Cover:
    """The cover of `amount` rupees and the year's fee on it; several concessions multiply. All shares in per cent.

    In the first year `amount` is the sanctioned loan, later what is outstanding.

    >>> cover(Decimal(4500000), percent=Decimal(75), fee=Decimal("0.55"))
    Cover(guaranteed=Decimal('3375000.00'), fee=Decimal('18562.50'))
    """
    guaranteed = amount * percent / HUNDRED
    asked = guaranteed * fee / HUNDRED
    for concession in concessions:
        asked *= (HUNDRED - concession) / HUNDRED
    return Cover(guaranteed=rounded(guaranteed), fee=rounded(asked))


def claim(in_default: Decimal, *, percent: Decimal, guaranteed: Decimal) -> Decimal:
    """What the trust pays for an amount in default: its share, capped by the guaranteed amount."""
    return min(rounded(in_default * percent / HUNDRED), guaranteed)
