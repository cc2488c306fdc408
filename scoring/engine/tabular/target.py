"""The outcome column as 0 and 1, however a file writes it; 1 is the bad outcome."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.tabular.cells import MISSING
from scoring.engine.tabular.reading import UnableToRead

Floats = NDArray[np.float64]

POLICY = "does not meet the credit policy. status:"
BAD = frozenset(
    (
        *("1", "yes", "y", "true", "t", "bad", "default", "defaulted", "charged off", "charge off", "chargeoff"),
        *(
            "charged-off",
            "late",
            "delinquent",
            "fail",
            "failed",
            "fraud",
            "churn",
            "churned",
            "npa",
            "loss",
            "bankrupt",
        ),
        *("positive", "pos", "event", "high risk", "high", "unpaid", "written off", "risk", f"{POLICY}charged off"),
        "late (31-120 days)",
    )
)
GOOD = frozenset(
    (
        *("0", "no", "n", "false", "f", "good", "paid", "fully paid", "repaid", "non-default", "nondefault", "ok"),
        *("no default", "not default", "negative", "neg", "non-event", "low risk", "low", "standard", "performing"),
        *("closed", f"{POLICY}fully paid"),
    )
)
OPEN_SHOWN = 5


@dataclass(frozen=True)
class Target:
    """`values` (n,) of 0, 1 and NaN for unknown; `bad` and `good` as the file writes them; warnings."""

    values: Floats
    bad: str
    good: str
    warnings: tuple[str, ...]


def read_target(name: str, cells: Sequence[str]) -> Target:
    """0/1 by meaning: known words first, then the larger of two numbers, else the rarer word. Raises UnableToRead."""
    told = [_plain(cell) for cell in cells]
    counts = Counter(cell for cell in told if cell)
    if len(counts) < 2:
        only = f"only {next(iter(counts))!r}" if counts else "no value at all"
        raise UnableToRead(f"--target {name}: the column has {only}; it needs both outcomes.")
    bad, good, warnings = _two(counts) if len(counts) == 2 else _worded(name, counts)
    values = np.array([1.0 if cell in bad else 0.0 if cell in good else np.nan for cell in told])
    unknown = int(np.isnan(values).sum())
    if unknown:
        warnings = [*warnings, f"{name}: {unknown} row(s) without a known outcome were left out"]
    return Target(values, "|".join(sorted(bad)), "|".join(sorted(good)), tuple(f"{told}" for told in warnings))


def _plain(cell: str) -> str:
    """Lower case without quotes; 1.0 and 01 are 1; empty for missing."""
    text = cell.strip(" \t\r\n\u00a0'\"").casefold()
    if text in MISSING:
        return ""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text
    return f"{number:g}" if np.isfinite(number) else ""


def _two(counts: Counter[str]) -> tuple[set[str], set[str], list[str]]:
    first, second = sorted(counts)
    numbers = [_number(value) for value in (first, second)]
    if numbers[0] is not None and numbers[1] is not None:
        bad = first if numbers[0] > numbers[1] else second
    elif (first in BAD) != (second in BAD):
        bad = first if first in BAD else second
    elif (first in GOOD) != (second in GOOD):
        bad = second if first in GOOD else first
    else:
        bad = min(counts, key=lambda value: (counts[value], value))
        return {bad}, {first, second} - {bad}, [f"target: the rarer value {bad!r} was taken as the bad outcome"]
    return {bad}, {first, second} - {bad}, []


def _worded(name: str, counts: Counter[str]) -> tuple[set[str], set[str], list[str]]:
    """More than two values: those known to be bad or good; the others have no outcome yet."""
    bad, good = {value for value in counts if value in BAD}, {value for value in counts if value in GOOD}
    if bad and good:
        left = sorted(set(counts) - bad - good, key=lambda value: -counts[value])
        return bad, good, [f"{name}: no outcome yet in {', '.join(map(repr, left[:OPEN_SHOWN]))}"] if left else []
    shown = ", ".join(repr(value) for value, _ in counts.most_common(OPEN_SHOWN))
    raise UnableToRead(
        f"--target {name}: {len(counts)} different values ({shown} …). A target has two, such as 0 and 1, or words "
        "such as good and bad: make a column of two values, or name another column."
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
