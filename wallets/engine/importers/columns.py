"""The words a column table is written in: how text becomes a value, and which rules a line must keep.

Each reader is a function from an expression of text to an expression of the value; null means unreadable.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from wallets.engine.importers.checks import valid_gstins
from wallets.engine.importers.pieces import Headings

HOUR = 3_600_000_000
DAY = 24 * HOUR
IST = 11 * HOUR // 2
MIDDAY = 12 * HOUR - IST
"""Midday in India after midnight UTC of the same date, in microseconds."""
EARLIEST_GST = 1_498_847_400_000_000
"""1 July 2017 IST, the first day of GST, in microseconds."""
_DIGITS = r"[0-9]{1,13}(\.[0-9]{1,2})?"
_ZONED = r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})?$"
_MIDNIGHT = r"[T ]00:00:00(\.0+)?$"

Reader = Callable[[pl.Expr], pl.Expr]


Watch = Callable[[int], None]
"""Told now and then how many lines have been read; may raise to stop the reading."""


def unwatched(_lines: int) -> None:
    """Nobody wants to know how far the reading is."""


@dataclass(frozen=True)
class Context:
    """What the sender cannot choose: the present (microseconds) and the business's own GSTIN.

    Rows of many businesses carry theirs in a column, and `own_gstin` is its expression.
    """

    as_of: int
    own_gstin: str | pl.Expr
    watch: Watch = unwatched


@dataclass(frozen=True)
class Rule:
    """A line is refused where `broken` is true; null counts as kept. `explain` gives rule and message by value."""

    field: str
    rule: str
    message: str
    broken: pl.Expr
    explain: Callable[[str], tuple[str, str]] | None = None


@dataclass(frozen=True)
class Column:
    """One column of a file: its heading, what it means, examples, and how its text is read.

    `rule` and `message` answer text that cannot be read; an empty cell is null where not `required`.
    """

    name: str
    meaning: str
    examples: tuple[str, str]
    reader: Reader
    rule: str
    message: str
    required: bool = True
    explain: Callable[[str], tuple[str, str]] | None = None


@dataclass(frozen=True)
class Table:
    """A kind of record as rows: template, documentation and parsing all come from here.

    `frame` names the record frame's columns and computes them from the columns' values. `key`: the columns
    of the frame that tell records apart; `key_field` is the column a repetition is reported for.
    """

    kind: str
    columns: tuple[Column, ...]
    rules: Callable[[Context], tuple[Rule, ...]]
    frame: Callable[[Context], Mapping[str, pl.Expr]]
    key: tuple[str, ...]
    key_field: str
    key_rule: str
    key_message: str

    @property
    def headings(self) -> Headings:
        """The columns a file must and may have."""
        required = tuple(column.name for column in self.columns if column.required)
        return Headings(required, tuple(column.name for column in self.columns if not column.required))

    @property
    def template(self) -> str:
        """A file that is accepted whole."""
        lines = [",".join(column.name for column in self.columns)]
        lines += [",".join(column.examples[row] for column in self.columns) for row in range(2)]
        return "\n".join(lines) + "\n"


def word(pattern: str, *, case: str = "") -> Reader:
    """Text that matches `pattern` after folding to `case` ("lower", "upper" or as written)."""

    def read(text: pl.Expr) -> pl.Expr:
        folded = {"lower": text.str.to_lowercase(), "upper": text.str.to_uppercase()}.get(case, text)
        return pl.when(folded.str.contains(pattern)).then(folded)

    return read


def choice(*values: str, case: str = "") -> Reader:
    """One of a few words."""
    return word(f"^({'|'.join(values)})$", case=case)


def amount(*, signed: bool = False, most_digits: int = 13) -> Reader:
    """Rupees with at most two decimals as whole paise, by cutting the text and never through a float."""
    pattern = rf"^{'-?' if signed else ''}{_DIGITS.replace('13', str(most_digits))}$"

    def read(text: pl.Expr) -> pl.Expr:
        fraction = text.str.extract(r"\.([0-9]{1,2})$", 1).fill_null("").str.pad_end(2, "0")
        paise = (text.str.extract(r"^(-?[0-9]+)", 1) + fraction).cast(pl.Int64, strict=False)
        return pl.when(text.str.contains(pattern)).then(paise)

    return read


def whole(low: int, high: int) -> Reader:
    """A whole number from `low` to `high`, both included."""

    def read(text: pl.Expr) -> pl.Expr:
        number = text.str.extract(r"^([0-9]{1,9})(?:\.0+)?$", 1).cast(pl.Int32, strict=False)
        return pl.when(number.is_between(low, high)).then(number)

    return read


def percent(most: int) -> Reader:
    """A rate in percent as basis points, at most `most` percent; `18` and `0.25` are such."""

    def read(text: pl.Expr) -> pl.Expr:
        points = amount(most_digits=3)(text.str.strip_suffix("%")).cast(pl.Int32)
        return pl.when(points <= 100 * most).then(points)

    return read


def instant(text: pl.Expr) -> pl.Expr:
    """A moment as microseconds; without a zone it is Indian time."""
    shaped = pl.when(text.str.contains(_TIME)).then(text)
    zoned = pl.when(shaped.str.contains(_ZONED)).then(shaped).otherwise(shaped + "+05:30")
    iso = zoned.str.replace(" ", "T").str.replace("Z$", "+00:00")
    return iso.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", strict=False).dt.epoch("us")


def day(text: pl.Expr) -> pl.Expr:
    """A date as the microseconds of its midday in India."""
    return calendar_day(text).cast(pl.Datetime("us")).dt.epoch("us") + MIDDAY


def calendar_day(text: pl.Expr) -> pl.Expr:
    """A date: 2026-10-01, 01-10-2026 or 01/10/2026."""
    bare = text.str.replace(_MIDNIGHT, "").str.replace_all("/", "-")
    iso = pl.when(bare.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")).then(bare)
    indian = pl.when(bare.str.contains(r"^[0-9]{2}-[0-9]{2}-[0-9]{4}$")).then(bare)
    return pl.coalesce(iso.str.to_date("%Y-%m-%d", strict=False), indian.str.to_date("%d-%m-%Y", strict=False))


def month(text: pl.Expr) -> pl.Expr:
    """A month (102026, 10-2026 or 2026-10) as year × 12 + month − 1."""
    year = pl.coalesce(text.str.extract(r"^(?:[0-9]{2}-?)(20[0-9]{2})$", 1), text.str.extract(r"^(20[0-9]{2})-", 1))
    name = pl.coalesce(
        text.str.extract(r"^([0-9]{2})-?20[0-9]{2}$", 1), text.str.extract(r"^20[0-9]{2}-([0-9]{2})$", 1)
    )
    number = name.cast(pl.Int32)
    return pl.when(number.is_between(1, 12)).then(year.cast(pl.Int32) * 12 + number - 1)


def gstin(text: pl.Expr) -> pl.Expr:
    """A valid GSTIN, check character included."""
    folded = text.str.to_uppercase()
    return pl.when(folded.map_batches(valid_gstins, return_dtype=pl.Boolean)).then(folded)


def gstin_or_none(text: pl.Expr) -> pl.Expr:
    """A valid GSTIN, or URP for a party without one."""
    folded = text.str.to_uppercase()
    return pl.when((folded == "URP") | folded.map_batches(valid_gstins, return_dtype=pl.Boolean)).then(folded)


def yes(text: pl.Expr) -> pl.Expr:
    """Yes or no in the usual spellings."""
    folded = text.str.to_lowercase()
    return (
        pl.when(folded.is_in(["yes", "y", "true", "1"]))
        .then(pl.lit(True))
        .when(folded.is_in(["no", "n", "false", "0"]))
        .then(pl.lit(False))
    )


def known(moment: pl.Expr, context: Context) -> pl.Expr:
    """A document dated today sits at midday, which may still come: it is known as of now and no later.

    Null stays null.
    """
    return pl.when(moment > context.as_of).then(pl.lit(context.as_of, dtype=pl.Int64)).otherwise(moment)


def financial_year(moment: pl.Expr) -> pl.Expr:
    """The starting year of the Indian financial year (April to March) a moment falls in."""
    date = pl.from_epoch(moment + IST, time_unit="us")
    return date.dt.year() - (date.dt.month() < 4).cast(pl.Int32)
