"""The tariff: which HSN chapters and four-digit headings stand on a date (tariff.json, every version dated).

Headings are what the master is held by here: six and eight digits are subdivisions of a heading, and the subdivisions
change with every budget.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

SERVICES = "99"
"""Chapter of services; a bill moves goods."""
NO_HEADING = "The tariff has no heading with these first four digits."


@dataclass(frozen=True)
class Tariff:
    """Headings as four digits that stand from a date on."""

    since: date
    headings: frozenset[str]

    def knows(self, code: str) -> bool:
        """Whether the heading of a code of 4, 6 or 8 digits stands.

        >>> tariff_at(date(2026, 6, 14)).knows("72083990"), tariff_at(date(2026, 6, 14)).knows("9876")
        (True, False)
        """
        return code[:4] in self.headings


@cache
def tariff_table() -> tuple[Tariff, ...]:
    """All versions, oldest first."""
    versions = json.loads(Path(__file__).with_name("tariff.json").read_text(encoding="utf-8"))["versions"]
    table: list[Tariff] = []
    for version in versions:
        before = table[-1].headings if table else frozenset[str]()
        standing = (before - frozenset(_headings(version["removed"]))) | frozenset(_headings(version["added"]))
        table.append(Tariff(date.fromisoformat(version["since"]), standing))
    return tuple(table)


def tariff_at(day: date) -> Tariff:
    """The tariff in force on a day; before the first version, the first."""
    table = tariff_table()
    return next((tariff for tariff in reversed(table) if tariff.since <= day), table[0])


@cache
def every_heading() -> tuple[str, ...]:
    """Headings that stood at any time, in order: what a row of a table is held against."""
    return tuple(sorted(frozenset().union(*(tariff.headings for tariff in tariff_table()))))


def _headings(chapters: Mapping[str, str]) -> Iterator[str]:
    """Four digits of every heading; a chapter's are written as “1-3 5”."""
    for chapter, spans in chapters.items():
        for span in spans.split():
            low, _, high = span.partition("-")
            yield from (f"{chapter}{number:02d}" for number in range(int(low), int(high or low) + 1))


def unknown_heading(column: str) -> pl.Expr:
    """Whether a code is of no heading that ever stood; null where there is no code."""
    return ~pl.col(column).str.head(4).is_in(every_heading())
