"""A filing amnesty: late returns that fell due in its quarter weigh less, and nobody is worse off for it.

The definition is scoring.md §6. A late return of the window leaves numerator and denominator of filing compliance in
proportion (multiplier 0: altogether; 1: not at all), and its delay is scaled by the multiplier. The features are
measured again by their own statements from returns changed so, never by a second definition of a feature.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from creditiq.kernel.errors import InvalidInput

Floats = NDArray[np.float64]

COMPLIANCE = "filing_compliance_rate"
QUARTERS: Mapping[str, tuple[int, int]] = {"Q1": (4, 0), "Q2": (7, 0), "Q3": (10, 0), "Q4": (1, 1)}
"""First month of each quarter, and how many calendar years after the start of the fiscal year it lies."""
FISCAL_YEAR = re.compile(r"(20\d\d)-(\d\d)")
IST = timezone(timedelta(hours=5, minutes=30))
DAY = 86_400_000_000
IST_MICROS = 19_800_000_000
LONGEST = 300


@dataclass(frozen=True)
class Amnesty:
    """What the policy says; `multiplier` 0 waives a late filing, 1 changes nothing. `fiscal_year` as 2026-27."""

    active: bool
    quarter: str
    fiscal_year: str
    multiplier: float
    description: str = ""

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "Amnesty":
        """Read and check a policy's amnesty. Raises InvalidInput naming the entry."""
        found = cls(
            active=document.get("active") is True,
            quarter=str(document.get("quarter", "")),
            fiscal_year=str(document.get("fiscal_year", "")),
            multiplier=_share(document.get("filing_penalty_multiplier")),
            description=str(document.get("description", ""))[:LONGEST],
        )
        if found.quarter not in QUARTERS:
            raise InvalidInput("The quarter is Q1, Q2, Q3 or Q4.", field="amnesty.quarter", rule="amnesty.quarter")
        year = FISCAL_YEAR.fullmatch(found.fiscal_year)
        if year is None or (int(year[1]) + 1) % 100 != int(year[2]):
            raise InvalidInput(
                "Write the fiscal year as 2026-27.", field="amnesty.fiscal_year", rule="amnesty.fiscal_year"
            )
        return found

    def document(self) -> dict[str, object]:
        """What a policy version stores."""
        return {
            "active": self.active,
            "quarter": self.quarter,
            "fiscal_year": self.fiscal_year,
            "filing_penalty_multiplier": self.multiplier,
            "description": self.description,
        }

    @property
    def window(self) -> tuple[int, int]:
        """First and one past the last moment of the quarter in India, µs since the epoch.

        >>> first, past = Amnesty(True, "Q4", "2026-27", 0.0).window
        >>> [datetime.fromtimestamp(each / 1e6, IST).date().isoformat() for each in (first, past)]
        ['2027-01-01', '2027-04-01']
        """
        month, later = QUARTERS[self.quarter]
        year = int(self.fiscal_year[:4]) + later
        first = datetime(year, month, 1, tzinfo=IST)
        past = datetime(year + (month == 10), 1 if month == 10 else month + 3, 1, tzinfo=IST)
        return _micros(first), _micros(past)


def _micros(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp()) * 1_000_000


def _share(value: object) -> float:
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")
    if not 0.0 <= number <= 1.0:
        raise InvalidInput(
            "The multiplier lies between 0 (full waiver) and 1 (no change).",
            field="amnesty.filing_penalty_multiplier",
            rule="amnesty.multiplier",
        )
    return number


def without_late(returns: pa.Table, amnesty: Amnesty) -> pa.Table:
    """The returns without the late ones of the window: what a full waiver leaves to judge."""
    return pl.DataFrame(pl.from_arrow(returns)).filter(~_late(amnesty)).to_arrow().cast(returns.schema)


def with_scaled_delays(returns: pa.Table, amnesty: Amnesty, as_of: int) -> pa.Table:
    """The returns with the delays of late ones of the window scaled; one filed after `as_of` is not known yet."""
    delay = ((pl.col("filed_at") - pl.col("due_at")) * amnesty.multiplier).round().cast(pl.Int64)
    scaled = pl.when(_late(amnesty) & (pl.col("filed_at") <= as_of)).then(pl.col("due_at") + delay)
    frame = pl.DataFrame(pl.from_arrow(returns)).with_columns(filed_at=scaled.otherwise(pl.col("filed_at")))
    return frame.to_arrow().cast(returns.schema)


def _late(amnesty: Amnesty) -> pl.Expr:
    """Due in the window and not filed by the end of the due day in India."""
    first, past = amnesty.window
    due = pl.col("due_at")
    day_end = ((due + IST_MICROS) // DAY + 1) * DAY - IST_MICROS
    return (due >= first) & (due < past) & ~(pl.col("filed_at") < day_end).fill_null(False)


@dataclass(frozen=True)
class Readings:
    """The same features (n, m) measured from all returns, without the waived ones, and with delays scaled."""

    plain: Floats
    waived: Floats
    scaled: Floats


def relieved(names: Sequence[str], risks: Sequence[str], readings: Readings, multiplier: float) -> Floats:
    """The features (n, m) under the amnesty, by `names`: of each feature the better value in its direction of risk.

    Compliance P ÷ (D − (1 − k)·L) is the harmonic mean of the rates with and without the late returns L, weighted by
    the multiplier k; where a full waiver leaves nothing to judge it is missing. A feature without a direction stays.
    """
    answer = readings.plain.copy()
    for place, (name, risk) in enumerate(zip(names, risks, strict=True)):
        before, after = readings.plain[:, place], readings.scaled[:, place]
        if name == COMPLIANCE:
            after = _compliance(before, readings.waived[:, place], multiplier)
        better = _better(before, after, risk) | ((name == COMPLIANCE) & np.isnan(after) & ~np.isnan(before))
        answer[better, place] = after[better]
    return answer


def _better(before: Floats, after: Floats, risk: str) -> NDArray[np.bool_]:
    if risk == "falls":
        return np.asarray(after > before)
    return np.asarray(after < before) if risk == "rises" else np.zeros(before.size, dtype=np.bool_)


def _compliance(plain: Floats, waived: Floats, multiplier: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        mixed = 1.0 / ((1.0 - multiplier) / waived + multiplier / plain)
    mixed = np.where(plain == 0.0, 0.0 if multiplier else waived, mixed)
    unchanged = np.isnan(waived) & (multiplier > 0.0)
    return np.asarray(np.where(unchanged, plain, mixed), dtype=np.float64)
