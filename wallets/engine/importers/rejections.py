"""What an importer answers: a frame of good rows and the lines it refused."""

from dataclasses import dataclass

import polars as pl

from wallets.engine.importers.accounts import AccountTold

SHOWN = 2
MOST_KEPT = 10_000
"""Refusals kept for the report; the count of refused lines is always complete."""


@dataclass(frozen=True)
class Refusal:
    """One rule that one line broke; line 1 is the header.

    In JSON and XML `line` is the number of the record, from 1, and `pointer` its JSON pointer or element path.
    """

    line: int
    field: str
    rule: str
    message: str
    value: str = ""
    pointer: str = ""


@dataclass(frozen=True)
class Parsed:
    """`rows`: the record frame's columns without `business`, plus `line`. `lines`: data lines seen.

    `refusals`: the first MOST_KEPT in line order. `refused_lines`: all lines with at least one refusal.
    """

    rows: pl.DataFrame
    refusals: tuple[Refusal, ...]
    lines: int
    refused_lines: int
    accounts: tuple[AccountTold, ...] = ()
    """What a bank statement says of its accounts."""


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def unreadable(rule: str, message: str, *, line: int = 1, pointer: str = "") -> UnreadableFile:
    """The error for a whole file that breaks `rule`."""
    return UnreadableFile(Refusal(line, "", rule, message, pointer=pointer))


def masked(value: str) -> str:
    """A value that can be recognised by its sender and by nobody else; control characters made visible.

    >>> masked("asha@okaxis"), masked("12")
    ('as•••is', '••')
    """
    text = "".join(letter if letter.isprintable() else "�" for letter in value)
    if len(text) <= 2 * SHOWN:
        return "•" * len(text)
    return f"{text[:SHOWN]}•••{text[-SHOWN:]}"
