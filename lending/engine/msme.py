"""The class of an enterprise by the limits in force since 1 April 2025."""

from decimal import Decimal
from enum import StrEnum

CRORE = Decimal(10_000_000)


class MsmeCategory(StrEnum):
    """The classes of the MSMED Act; `LARGE` is outside it."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


_ORDER = tuple(MsmeCategory)
# Yearly turnover up to which a class reaches (gazette S.O. 1364(E) of 21 March 2025).
TURNOVER_LIMITS = (
    (MsmeCategory.MICRO, 10 * CRORE),
    (MsmeCategory.SMALL, 100 * CRORE),
    (MsmeCategory.MEDIUM, 500 * CRORE),
)


def by_turnover(turnover: Decimal) -> MsmeCategory:
    """The class of a yearly turnover in rupees, limits included.

    >>> by_turnover(10 * CRORE).value, by_turnover(10 * CRORE + 1).value
    ('micro', 'small')
    """
    return next((category for category, limit in TURNOVER_LIMITS if turnover <= limit), MsmeCategory.LARGE)


def msme_category(turnover: Decimal | None, registered: MsmeCategory | None) -> MsmeCategory | None:
    """The higher of the class by turnover and the class registered on Udyam; None when neither is known.

    An enterprise belongs to the higher of its classes by investment and by turnover. Investment in plant
    is seen only through the Udyam registration, so that class stands in for it.

    >>> msme_category(CRORE, MsmeCategory.SMALL).value
    'small'
    """
    known = [category for category in (by_turnover(turnover) if turnover is not None else None, registered) if category]
    return max(known, key=_ORDER.index) if known else None
