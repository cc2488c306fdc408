"""Lists as people see them: the columns and filters of each, declared once, and the views one keeps of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Generic, NamedTuple, TypeAlias, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import FlagName, SavedView, User
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible

COLUMNS = "columns"
"""The parameter of the address that names the chosen columns, by commas."""
LONGEST_FILTER = 200
Cell: TypeAlias = str | int | float | Decimal
Row = TypeVar("Row")


class Asked(NamedTuple):
    """Who asks for the rows of a list, by which filters of its address, when, and how many rows are of use to them."""

    user: User
    filters: Mapping[str, str]
    at: datetime
    most: int


class Sheet(NamedTuple):
    """A list as a file, and whether the list has more rows than a file of it may have."""

    headings: tuple[str, ...]
    rows: list[list[Cell]]
    truncated: bool


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its name in addresses and files, its heading on the page, and what the file says of a row.

    `also` are further cells of the file, for what the page says in small print below. A column that is not `usual`
    is shown when it is asked for.
    """

    key: str
    title: str
    cell: Callable[[Row], Cell]
    also: Mapping[str, Callable[[Row], Cell]] = field(default_factory=dict)
    numeric: bool = False
    usual: bool = True


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A list: the name of its page's address, its columns (the first leads to the row and always stays), the filters
    its address knows, its rows in the order of the page, the switch that turns it off, and how many rows
    its file has at most. A page of charts has filters alone, and no file.
    """

    page: str
    columns: tuple[Column[Row], ...] = ()
    rows: Callable[[Asked], Iterable[Row]] = lambda _asked: ()
    filters: tuple[str, ...] = ()
    flag: FlagName | None = None
    most: int = 10_000

    @property
    def usual(self) -> tuple[str, ...]:
        """Names of the columns shown to whoever chooses none."""
        return tuple(column.key for column in self.columns if column.usual)

    def chosen(self, given: QueryDict) -> tuple[Column[Row], ...]:
        """The columns that an address asks for; names that are no column are ignored, none left means the usual."""
        asked = {name for text in given.getlist(COLUMNS) for name in text.split(",")}
        if not asked & {column.key for column in self.columns}:
            asked = set(self.usual)
        return tuple(one for place, one in enumerate(self.columns) if place == 0 or one.key in asked)

    def kept(self, given: QueryDict) -> dict[str, str]:
        """The filters of an address that the list knows and that say something: what page, file and views go by."""
        said = {name: given.get(name, "").replace("\0", "")[:LONGEST_FILTER] for name in self.filters}
        return {name: text for name, text in said.items() if text}

    def query(self, given: QueryDict) -> str:
        """An address's filters and columns in their one way of writing; the usual columns are not said."""
        names = tuple(column.key for column in self.chosen(given))
        columns = {} if names == self.usual else {COLUMNS: ",".join(names)}
        return urlencode({**self.kept(given), **columns}, safe=",")

    def sheet(self, given: QueryDict, *, user: User, at: datetime) -> Sheet:
        """The file of the list: the chosen columns of the filtered rows. One row too many is read, never all."""
        cells = {
            heading: cell
            for column in self.chosen(given)
            for heading, cell in {column.key: column.cell, **column.also}.items()
        }
        asked = Asked(user, self.kept(given), at, self.most + 1)
        found = self.rows(asked)
        rows = list(found[: asked.most] if isinstance(found, QuerySet) else islice(found, asked.most))
        lines = [[cell(row) for cell in cells.values()] for row in rows[: self.most]]
        return Sheet(tuple(cells), lines, truncated=len(rows) > self.most)


def moment_cell(at: datetime | None) -> str:
    """A moment as files say it, by a clock in India; nothing for none."""
    return f"{at.astimezone(IST):%Y-%m-%d %H:%M}" if at else ""


def person_cell(person: User | None) -> str:
    """A person as files say it; nothing for nobody."""
    return person.get_full_name() if person else ""


def saved_views(*, user: User, page: str = "") -> QuerySet[SavedView]:
    """The views a person keeps, of one page or of all, by name."""
    kept = SavedView.objects.filter(person=user)
    return (kept.filter(page=page) if page else kept).order_by("page", "name", "pk")


def own_view(*, user: User, view_id: UUID) -> SavedView:
    """One of them. Raises NotVisible."""
    found = SavedView.objects.filter(person=user, uuid=view_id).first()
    if found is None:
        raise NotVisible
    return found
