"""A bill as it was sent, with values that can be relied on, and the findings about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from wallets.engine.importers.documents import as_number, as_text, elements, members

ERROR, WARNING = "error", "warning"
UNREGISTERED = "URP"


@dataclass(frozen=True)
class Finding:
    """One rule a bill breaks. `bill` counts from 1 (0: the file); an error makes the bill invalid, a warning not."""

    bill: int
    rule: str
    level: str
    message: str
    pointer: str


@dataclass(frozen=True)
class Breach:
    """A finding without its place: `field` is relative to the bill, as “itemList/0/hsnCode”."""

    rule: str
    message: str
    field: str = ""
    level: str = ERROR


@dataclass(frozen=True)
class Today:
    """What the rules need to know of the world: the date in India and parties known to be in a special zone."""

    day: date
    special_zone: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Bill:
    """The members of a bill whose fields are well formed; a malformed one is treated as absent."""

    values: Mapping[str, object]

    def text(self, name: str) -> str:
        """Text in capitals where letters are identifiers; empty when absent."""
        return as_text(self.values.get(name))

    def code(self, name: str) -> int | None:
        """A whole number, also when written as text."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() else None

    def money(self, name: str) -> Decimal:
        """An amount; zero when absent."""
        return as_number(self.values.get(name)) or Decimal(0)

    def has(self, name: str) -> bool:
        """Whether the member is there and not empty."""
        return self.text(name) != ""

    def day(self, name: str) -> date | None:
        """A dd/mm/yyyy date."""
        return read_day(self.text(name))

    @property
    def items(self) -> Iterator[tuple[str, "Bill"]]:
        """Relative pointer and members of every item."""
        for place, item in enumerate(elements(self.values.get("itemList"))):
            yield f"itemList/{place}", Bill(members(item))

    @property
    def parties(self) -> tuple[str, str]:
        """The bill's own side first: from and to when outward, to and from when inward."""
        sender, receiver = self.text("fromGstin").upper(), self.text("toGstin").upper()
        return (sender, receiver) if self.text("supplyType") == "O" else (receiver, sender)


def read_day(text: str) -> date | None:
    """A dd/mm/yyyy date of the years 2010 to 2029, else None.

    >>> read_day("14/06/2026"), read_day("31/02/2026")
    (datetime.date(2026, 6, 14), None)
    """
    parts = text.split("/")
    if [len(part) for part in parts] != [2, 2, 4] or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    number_of_day, month, year = map(int, parts)
    try:
        return date(year, month, number_of_day) if 2010 <= year <= 2029 else None
    except ValueError:
        return None
