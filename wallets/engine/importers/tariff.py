"""The tariff: which HSN chapters and four-digit headings stand on a date, every version dated.

Headings are what the master is held by here: six and eight digits are subdivisions of a heading, and the subdivisions
change with every budget. The product comes with a list of its own (tariff.json), written down from general knowledge
and not from the tax authority's file; a house puts its own in its place (`house_master`, `use_master`). Whoever is
told that a code is unknown is told by which list.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

SERVICES = "99"
"""Chapter of services; a bill moves goods."""
BUILT_IN = Path(__file__).with_name("tariff.json")
CODE_COLUMNS = frozenset({"hsn", "hsn_cd", "hsncode", "hsn_code", "code"})
GST_BEGAN = "2017-07-01"
FEWEST_HEADINGS = 100
LONGEST_NAME = 40
_CODE = re.compile(r"(?:[0-9]{2}){1,4}")
_chosen: list[Path] = []


class UnusableMaster(ValueError):
    """The file is no list of HSN codes; the message says why."""


@dataclass(frozen=True)
class Tariff:
    """Headings as four digits that stand from a date on, and the name of the list they are from."""

    since: date
    headings: frozenset[str]
    name: str = ""

    def knows(self, code: str) -> bool:
        """Whether the heading of a code of 4, 6 or 8 digits stands.

        >>> tariff_at(date(2026, 6, 14)).knows("72083990"), tariff_at(date(2026, 6, 14)).knows("9876")
        (True, False)
        """
        return code[:4] in self.headings


def use_master(path: Path | None) -> None:
    """From now on hold codes against a house's own list; None: against the one the product comes with.

    A path where nothing is leaves the product's. Raises UnusableMaster.
    """
    _chosen[:] = [path] if path is not None and path.exists() else []
    tariff_table.cache_clear()
    every_heading.cache_clear()
    tariff_table()


@cache
def tariff_table() -> tuple[Tariff, ...]:
    """All versions, oldest first."""
    path = _chosen[0] if _chosen else BUILT_IN
    try:
        master = json.loads(path.read_text(encoding="utf-8"))
        table: list[Tariff] = []
        for version in master["versions"]:
            before = table[-1].headings if table else frozenset[str]()
            standing = (before - frozenset(_headings(version["removed"]))) | frozenset(_headings(version["added"]))
            table.append(Tariff(date.fromisoformat(version["since"]), standing, str(master["name"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableMaster(f"{path.name} is no HSN master; load it again with load_hsn_master.") from error
    return tuple(table)


def house_master(content: bytes, name: str) -> bytes:
    """A CSV of HSN codes as the file that `use_master` reads.

    One column is called hsn, hsn_cd, hsncode, hsn_code or code; `since` and `until` (2026-04-01) may say from when a
    code stands and from when no more; a heading goes with the last of its codes. Codes of two digits are chapters and
    say nothing of headings. Raises UnusableMaster.
    """
    try:
        lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        rows = [{(key or "").strip().lower(): (value or "") for key, value in row.items() if key} for row in lines]
        heard = list(_heard(rows))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnusableMaster("The file is no CSV in UTF-8.") from error
    if len({heading for _, heading, _ in heard}) < FEWEST_HEADINGS:
        message = f"The file names fewer than {FEWEST_HEADINGS} headings; a master names every one."
        raise UnusableMaster(message)
    return json.dumps({"name": name[:LONGEST_NAME], "versions": list(_versions(heard))}, indent=1).encode()


def _versions(heard: Iterable[tuple[str, str, int]]) -> Iterator[dict[str, object]]:
    """Per day the headings that come and go: one stands as long as any code of it does."""
    by_day: dict[str, Counter[str]] = {}
    for day, heading, step in heard:
        by_day.setdefault(day, Counter())[heading] += step
    codes, standing = Counter[str](), frozenset[str]()
    for day in sorted(by_day):
        codes.update(by_day[day])
        stand = frozenset(heading for heading, number in codes.items() if number > 0)
        yield {"since": day, "added": _spans(stand - standing), "removed": _spans(standing - stand)}
        standing = stand


def _heard(rows: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, str, int]]:
    """Day, heading, and by how many the codes of it that stand change on that day."""
    for line, row in enumerate(rows, start=2):
        found = CODE_COLUMNS & row.keys()
        if not found:
            raise UnusableMaster("No column is called hsn, hsn_cd, hsncode, hsn_code or code.")
        code = row[min(found)].strip()
        if not _CODE.fullmatch(code):
            message = f"Line {line}: an HSN code has 2, 4, 6 or 8 digits; put back a 0 that was lost in front."
            raise UnusableMaster(message)
        since, until = (_day(row.get(column, ""), column, line) for column in ("since", "until"))
        since = since or GST_BEGAN
        if until and until < since:
            raise UnusableMaster(f"Line {line}: “until” is before “since” ({since}).")
        if len(code) >= 4:
            yield since, code[:4], 1
            if until:
                yield until, code[:4], -1


def _day(text: str, column: str, line: int) -> str:
    """A day as 2026-04-01; empty where none is told."""
    if not text.strip():
        return ""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise UnusableMaster(f"Line {line}: write “{column}” as 2026-04-01.") from None


def _spans(headings: Iterable[str]) -> dict[str, str]:
    chapters: dict[str, list[str]] = {}
    for heading in sorted(headings):
        chapters.setdefault(heading[:2], []).append(str(int(heading[2:])))
    return {chapter: " ".join(numbers) for chapter, numbers in chapters.items()}


def tariff_at(day: date) -> Tariff:
    """The tariff in force on a day; before the first version, the first."""
    table = tariff_table()
    return next((tariff for tariff in reversed(table) if tariff.since <= day), table[0])


def master_name() -> str:
    """The list that codes are held against, as a finding names it."""
    return tariff_table()[-1].name


def no_heading() -> str:
    """What is said of a code whose heading never stood."""
    return f"No heading of {master_name()} begins with these four digits."


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
