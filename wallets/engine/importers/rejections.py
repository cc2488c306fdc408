"""What an importer answers: a frame of good rows and the lines it refused."""

from dataclasses import dataclass

import polars as pl

SHOWN = 2


@dataclass(frozen=True)
class Refusal:
    """One rule that one line broke; line 1 is the header."""

    line: int
    field: str
    rule: str
    message: str
    value: str = ""


@dataclass(frozen=True)
class Parsed:
    """`rows`: the record frame's columns without `business`, plus `line`. `lines`: data lines seen."""

    rows: pl.DataFrame
    refusals: tuple[Refusal, ...]
    lines: int

    @property
    def refused_lines(self) -> int:
        """Number of distinct lines with at least one refusal."""
        return len({refusal.line for refusal in self.refusals})


def masked(value: str) -> str:
    """A value that can be recognised by its sender and by nobody else; control characters made visible.

    >>> masked("asha@okaxis"), masked("12")
    ('as•••is', '••')
    """
    text = "".join(letter if letter.isprintable() else "�" for letter in value)
    if len(text) <= 2 * SHOWN:
        return "•" * len(text)
    return f"{text[:SHOWN]}•••{text[-SHOWN:]}"
