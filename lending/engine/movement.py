"""How a book of loans moved between two days: roll rates and the movement of non-performing assets."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

NOTHING = Decimal(0)
HUNDRED = Decimal(100)
NEW, ENDED, WRITTEN_OFF = "New", "Ended", "Written off"


@dataclass(frozen=True, slots=True)
class Place:
    """One loan of a book: its standing (Regular, SMA-0 … or its class), whether that is bad, and rupees outstanding."""

    standing: str
    bad: bool
    outstanding: Decimal


Book = Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Roll:
    """Loans that went from one standing to another; `percent` of those that began in the first."""

    start: str
    end: str
    loans: int
    outstanding: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Movement:
    """Non-performing assets between two days, in rupees: closing = opening + fresh + grown − the three ways out."""

    opening: Decimal
    fresh: Decimal
    grown: Decimal
    upgraded: Decimal
    recovered: Decimal
    written_off: Decimal
    closing: Decimal


def roll_rates(before: Book, after: Book, written_off: Collection[str] = ()) -> tuple[Roll, ...]:
    """From which standing to which, by number of loans; amounts are those of the first day (of the last for new ones).

    >>> one = {"A": Place("Regular", False, Decimal(10)), "B": Place("Regular", False, Decimal(30))}
    >>> [(roll.end, roll.percent) for roll in roll_rates(one, {"A": Place("SMA-0", False, Decimal(9))})]
    [('Ended', Decimal('50.0')), ('SMA-0', Decimal('50.0'))]
    """
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    starts: dict[str, int] = defaultdict(int)
    for account in sorted({*before, *after}):
        was, now = before.get(account), after.get(account)
        start = was.standing if was else NEW
        gone = WRITTEN_OFF if account in written_off else ENDED
        amount = was.outstanding if was else now.outstanding if now else NOTHING
        starts[start] += 1
        found[start, now.standing if now else gone].append(amount)
    return tuple(
        Roll(start, end, len(some), sum(some, NOTHING), (len(some) * HUNDRED / starts[start]).quantize(Decimal("0.1")))
        for (start, end), some in sorted(found.items())
    )


def npa_movement(before: Book, after: Book, written_off: Collection[str] = ()) -> Movement:
    """The movement of non-performing assets; the parts add up to the closing figure exactly.

    >>> first = {"A": Place("Substandard", True, Decimal(100)), "B": Place("SMA-2", False, Decimal(50))}
    >>> last = {"A": Place("Substandard", True, Decimal(70)), "B": Place("Substandard", True, Decimal(51))}
    >>> move = npa_movement(first, last)
    >>> move.opening + move.fresh - move.recovered == move.closing == Decimal(121)
    True
    """
    parts: dict[str, Decimal] = defaultdict(Decimal)
    for account in {*before, *after}:
        was, now = before.get(account), after.get(account)
        for name, amount in _parts(was, now, written_off=account in written_off):
            parts[name] += amount
    names = ("opening", "fresh", "grown", "upgraded", "recovered", "written_off", "closing")
    return Movement(**{name: parts[name] for name in names})


def _parts(was: Place | None, now: Place | None, *, written_off: bool) -> list[tuple[str, Decimal]]:
    opening = was.outstanding if was and was.bad else None
    closing = now.outstanding if now and now.bad else None
    parts = [("opening", opening or NOTHING), ("closing", closing or NOTHING)]
    if opening is None:
        return [*parts, ("fresh", closing or NOTHING)]
    if closing is not None:
        more = closing - opening
        return [*parts, ("grown", more) if more > 0 else ("recovered", -more)]
    way_out = "upgraded" if now is not None else "written_off" if written_off else "recovered"
    return [*parts, (way_out, opening)]
