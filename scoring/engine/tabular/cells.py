"""Columns of text as columns of numbers or categories: what a spreadsheet means, not how it is written.

Missing: blank and the usual words for it. Numbers: thousands separators (Western and Indian), decimal comma,
currency, per cent, brackets for negative, `36 months`. Dates become days. A column of both numbers and words
becomes two. Anything else is a category, without regard to case.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MISSING = frozenset(
    (
        *(
            "",
            "na",
            "n/a",
            "n.a.",
            "#n/a",
            "#na",
            "nan",
            "-nan",
            "null",
            "(null)",
            "none",
            "nil",
            "nul",
            "?",
            "??",
            ".",
        ),
        *("-", "--", "missing", "not available", "undefined", "#value!", "#ref!", "#div/0!"),
    )
)
MOSTLY = 0.95
SELDOM = 0.05
MANY_NUMBERS = 20
MICROS_PER_DAY = 86_400_000_000
MOST = 1e30
"""Beyond this no figure of a business is meant, and the trees' single precision would call it infinite."""
CURRENCY = r"^(rs\.?|inr|usd|eur|₹|\$|€|£)\s*|\s*(%|rs\.?|inr|usd|eur|₹|\$|€|£)$"
GROUPED = r"^[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?$"
EUROPEAN = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$"
WITH_UNIT = r"^(?:over|under|less than|more than|about|<|>|≤|≥|<=|>=)?\s*([+-]?\d+(?:\.\d+)?)\s*\+?\s*([a-z]+)$"
DATES = (
    "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y/%m/%d",
    "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%Y", "%d-%b-%y",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
)  # fmt: skip
MONTHS = ("%b-%Y", "%b-%y", "%b %Y", "%B %Y", "%Y-%m", "%Y/%m", "%m/%Y", "%YM%m")
"""Formats without a day: read as the first of the month."""


@dataclass(frozen=True)
class Column:
    """n values. A number has `numbers` (NaN for missing); a category has `codes` into `levels` (−1 for missing)."""

    name: str
    numbers: Floats | None = None
    codes: Integers | None = None
    levels: tuple[str, ...] = ()
    dated: bool = False

    @property
    def kind(self) -> str:
        """number, date or category."""
        return "category" if self.codes is not None else "date" if self.dated else "number"

    def distinct(self) -> int:
        """Different known values."""
        if self.codes is not None:
            return int(np.unique(self.codes[self.codes >= 0]).size)
        known = self.known()
        return int(np.unique(known).size)

    def known(self) -> Floats:
        """The numbers that are known; of a category its codes."""
        if self.numbers is not None:
            return self.numbers[~np.isnan(self.numbers)]
        codes = self.codes if self.codes is not None else np.empty(0, dtype=np.int64)
        return codes[codes >= 0].astype(np.float64)

    def values(self) -> Floats:
        """(n,) numbers, or codes as numbers; NaN for missing."""
        if self.numbers is not None:
            return self.numbers
        codes = self.codes if self.codes is not None else np.empty(0, dtype=np.int64)
        return np.where(codes >= 0, codes, np.nan).astype(np.float64)


def read_column(name: str, cells: Sequence[str]) -> tuple[list[Column], list[str]]:
    """The column, or the two it is made of, and what is worth telling."""
    text = blanked(cells)
    known = int(text.is_not_null().sum())
    numbers = numbers_of(text)
    share = float(numbers.is_not_null().sum()) / known if known else 1.0
    if share == 1.0:
        return _numeric(name, numbers, [])
    if share >= MOSTLY:
        words = text.filter(numbers.is_null() & text.is_not_null())
        told = f"{name}: {len(words)} cell(s) are no numbers, such as {words[0]!r}; they count as missing"
        return _numeric(name, numbers, [told])
    for reading in (with_unit, days_of):
        read = reading(text)
        if read is not None:
            warnings = [] if reading is with_unit else [f"{name}: read as dates"]
            return [Column(name, numbers=_floats(read), dated=reading is days_of)], warnings
    if share > SELDOM and numbers.n_unique() > MANY_NUMBERS:
        words = text.set(numbers.is_not_null(), None)
        told = f"{name}: numbers and words in one column; read as two"
        return [Column(name, numbers=_floats(numbers)), _category(f"{name} (words)", words)], [told]
    return [_category(name, text)], []


def blanked(cells: Sequence[str]) -> pl.Series:
    """Stripped text; null for the usual words for missing."""
    text = pl.Series(cells, dtype=pl.String).str.strip_chars(" \t\r\n\u00a0'\"")
    return text.set(text.str.to_lowercase().is_in(list(MISSING)), None)


def numbers_of(text: pl.Series) -> pl.Series:
    """Float64, null where a cell is no number; infinities stay."""
    plain = text.cast(pl.Float64, strict=False)
    left = plain.is_null() & text.is_not_null()
    if not left.any():
        return plain
    tidy = text.str.to_lowercase().str.replace_all(CURRENCY, "").str.replace_all(r"^\((.+)\)$", "-$1")
    tidy = tidy.str.replace_all(r"[\s\u00a0\u202f_']", "").str.replace_all("−", "-", literal=True)
    grouped = tidy.str.replace_all(",", "").zip_with(tidy.str.contains(GROUPED).fill_null(False), tidy)
    western = grouped.cast(pl.Float64, strict=False)
    comma = tidy.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    comma = comma.set(~tidy.str.contains(EUROPEAN).fill_null(False), None)
    european = comma.cast(pl.Float64, strict=False)
    if western.is_not_null().sum() >= european.is_not_null().sum():
        return western
    return european


def with_unit(text: pl.Series) -> pl.Series | None:
    """`36 months`, `10+ years`, `< 1 year` as numbers, when nearly all cells are so; else None."""
    lower = text.str.to_lowercase()
    units = lower.str.extract(WITH_UNIT, 2).str.strip_chars_end("s")
    known = int(text.is_not_null().sum())
    if units.is_not_null().sum() < MOSTLY * known or units.drop_nulls().n_unique() > 1:
        return None
    numbers = lower.str.extract(WITH_UNIT, 1).cast(pl.Float64, strict=False)
    below = lower.str.contains(r"^(<|less than|under)").fill_null(False)
    return numbers - below.cast(pl.Float64) * 0.5


def days_of(text: pl.Series) -> pl.Series | None:
    """Dates as days since 1970, by the format that reads most cells; None when none reads nearly all."""
    known = text.drop_nulls()
    if not len(known) or known.str.contains(r"\d").sum() < MOSTLY * len(known):
        return None
    unique = known.unique(maintain_order=True)
    best = max(
        (
            (_moments(unique, form, bare), form, bare)
            for bare, forms in ((False, DATES), (True, MONTHS))
            for form in forms
        ),
        key=lambda tried: int(tried[0].is_not_null().sum()),
    )
    if best[0].is_not_null().sum() < MOSTLY * len(unique):
        return None
    return _moments(text, best[1], best[2])


def _moments(text: pl.Series, form: str, bare: bool) -> pl.Series:
    cells, pattern = (("1 " + text), f"%d {form}") if bare else (text, form)
    read = cells.str.to_datetime(pattern, strict=False, time_unit="us", time_zone="UTC" if "z" in form else None)
    sensible = read.dt.year().is_between(1900, 2100).fill_null(False)
    return (read.dt.epoch("us").cast(pl.Float64) / MICROS_PER_DAY).set(~sensible, None)


def _numeric(name: str, numbers: pl.Series, warnings: list[str]) -> tuple[list[Column], list[str]]:
    values = _floats(numbers)
    endless = int((numbers.abs() > MOST).sum() or 0)
    if endless:
        told = f"{name}: {endless} infinite value(s), or beyond {MOST:g}, count as missing"
        warnings = [*warnings, told]
    return [Column(name, numbers=values)], warnings


def _category(name: str, text: pl.Series) -> Column:
    lower = text.str.to_lowercase()
    levels = tuple(lower.drop_nulls().unique().sort().to_list())
    codes = lower.replace_strict({level: code for code, level in enumerate(levels)}, default=-1, return_dtype=pl.Int64)
    return Column(name, codes=codes.fill_null(-1).to_numpy().astype(np.int64), levels=levels)


def _floats(series: pl.Series) -> Floats:
    values = np.array(series.fill_null(float("nan")).to_numpy(), dtype=np.float64)
    return np.where(np.abs(values) > MOST, np.nan, values)
