"""Know your customer: which papers a tier asks for, who counts as an owner, and when to ask again.

Numbers are dated rows of `kyc.json` with their source; a row that nobody has confirmed says so.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

TIERS = ("basic", "enhanced", "premium")
"""From the least to the most that is known of a business."""
RISKS = ("low", "medium", "high")
PAPERS = {
    "basic": ("pan_card", "registration", "address"),
    "enhanced": ("pan_card", "registration", "address", "identity", "deed"),
    "premium": ("pan_card", "registration", "address", "identity", "deed", "bank", "accounts"),
}
"""Papers of each tier; from enhanced on the owners are declared too."""
NO_DEED = "proprietorship"
"""A business that is one person has no deed."""


@dataclass(frozen=True)
class Figure:
    """One number, from the day it holds; `confirmed` is whether it was read in the primary source."""

    key: str
    value: Decimal
    since: date
    source: str
    confirmed: bool


@cache
def figures() -> tuple[Figure, ...]:
    """Every row as shipped, oldest first."""
    rows = json.loads((Path(__file__).parent / "kyc.json").read_text(encoding="utf-8"))
    read = [
        Figure(row["key"], Decimal(row["value"]), date.fromisoformat(row["from"]), row["source"], row["confirmed"])
        for row in rows
    ]
    return tuple(sorted(read, key=lambda figure: (figure.since, figure.key)))


def figure(key: str, on: date) -> Figure:
    """The row that held on a day; before the first, the first. Raises KeyError for an unknown key."""
    rows = [row for row in figures() if row.key == key]
    if not rows:
        raise KeyError(key)
    return next((row for row in reversed(rows) if row.since <= on), rows[0])


def owner_above(constitution: str, on: date) -> Decimal:
    """Percent: a person who holds more than this of the business is a beneficial owner.

    >>> owner_above("company", date(2026, 11, 1))
    Decimal('10')
    """
    return figure(f"owner.above.{constitution}", on).value


def next_due(verified_on: date, risk: str) -> date:
    """The day by which the business is asked again; 29 February becomes the 28th.

    >>> next_due(date(2024, 2, 29), "high"), next_due(date(2026, 11, 1), "low")
    (datetime.date(2026, 2, 28), datetime.date(2036, 11, 1))
    """
    year = verified_on.year + int(figure(f"rekyc.years.{risk}", verified_on).value)
    day = 28 if (verified_on.month, verified_on.day) == (2, 29) and not _is_leap(year) else verified_on.day
    return verified_on.replace(year=year, day=day)


def papers_of(tier: str, constitution: str) -> tuple[str, ...]:
    """What a tier asks a business of this constitution for.

    >>> papers_of("enhanced", "proprietorship")
    ('pan_card', 'registration', 'address', 'identity')
    """
    return tuple(kind for kind in PAPERS[tier] if constitution != NO_DEED or kind != "deed")


def missing(tier: str, constitution: str, *, accepted: Collection[str], owners_known: bool) -> tuple[str, ...]:
    """What is still missing for a tier, in the order it is asked for; `owners` stands for the declaration.

    >>> missing("basic", "company", accepted={"pan_card", "address"}, owners_known=False)
    ('registration',)
    """
    papers = tuple(kind for kind in papers_of(tier, constitution) if kind not in accepted)
    return papers if owners_known or tier == "basic" else (*papers, "owners")


def reached(constitution: str, *, accepted: Collection[str], owners_known: bool) -> str:
    """The highest tier that nothing is missing for; empty when not even the first."""
    full = [tier for tier in TIERS if not missing(tier, constitution, accepted=accepted, owners_known=owners_known)]
    return full[-1] if full else ""


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
