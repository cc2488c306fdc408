"""Time as the features read it: age from as_of, decay, and the Indian calendar.

`visible` is the only way to evidence: it keeps rows with occurred_at ≤ as_of and received_at ≤ as_of and adds
`age_days` (float days from the event to as_of).
"""

from math import log
from typing import Final

from scoring.engine.features.dialect import (
    BooleanValue,
    NumericValue,
    Table,
    exact_sum,
    greatest,
    least,
    number,
    source,
    window,
)

DAY_MICROS: Final = 86_400_000_000
SECOND_MICROS: Final = 1_000_000
IST_OFFSET_MICROS: Final = 19_800 * SECOND_MICROS
PAISE: Final = 100
# Decayed paise are summed in steps of 2⁻¹⁶; amounts are read as at most ₹ 10¹², which keeps a term inside int64.
PAISE_GRAIN: Final = 1 << 16
LARGEST_PAISE: Final = 10**14
# A payment counts as 2⁻ᵃ; 2³⁰ steps keep ten digits of it and leave room for 10⁹ payments in an int64 sum.
COUNT_GRAIN: Final = 1 << 30


def visible(frame: str) -> Table:
    """Rows of an evidence frame known at as_of, with `age_days`."""
    rows = source(frame)
    known = rows.filter(rows.occurred_at <= rows.as_of, rows.received_at <= rows.as_of)
    return known.mutate(age_days=(known.as_of - known.occurred_at).cast("float64") / number(DAY_MICROS))


def within(rows: Table, days: int) -> BooleanValue:
    """Events of the last `days` days: (as_of − days, as_of]."""
    return rows.age_days < number(days)


def decayed(rows: Table, paise: NumericValue, half_life: int, where: BooleanValue | None = None) -> NumericValue:
    """Decayed rate in ₹: ln2 · Σ xᵢ·2^(−ageᵢ/τ); a steady 1,000 a day reads 1,000·τ."""
    weight = number(2) ** (-rows.age_days / number(half_life))
    amount = greatest(least(paise, LARGEST_PAISE), -LARGEST_PAISE).cast("float64")
    return exact_sum(amount * weight, PAISE_GRAIN, where=where) * number(log(2) / PAISE)


def decayed_count(rows: Table, half_life: int, where: BooleanValue) -> NumericValue:
    """Decayed number of events: ln2 · Σ 2^(−ageᵢ/τ)."""
    weight = number(2) ** (-rows.age_days / number(half_life))
    return exact_sum(weight, COUNT_GRAIN, where=where) * number(log(2))


def seconds(micros: NumericValue) -> NumericValue:
    """Whole seconds of a time in microseconds; gaps are measured in seconds, squares of which sum exactly."""
    return (micros // SECOND_MICROS).cast("int64")


def ist_day(micros: NumericValue) -> NumericValue:
    """Number of the Indian calendar day since the epoch."""
    return ((micros + IST_OFFSET_MICROS) // DAY_MICROS).cast("int64")


def ist_month(micros: NumericValue) -> NumericValue:
    """Indian calendar month as year·12 + month − 1."""
    moment = _ist(micros)
    return moment.year().cast("int64") * 12 + moment.month().cast("int64") - 1


def ist_day_of_month(micros: NumericValue) -> NumericValue:
    """1 … 31 in the Indian calendar."""
    return _ist(micros).day().cast("int64")


def _ist(micros: NumericValue) -> NumericValue:
    return ((micros + IST_OFFSET_MICROS) // 1000).cast("int64").as_timestamp("ms")


def gaps(rows: Table, at: str = "occurred_at") -> Table:
    """(business, gap): whole seconds between consecutive events of each business; the first event has none."""
    ordered = rows.select("business", second=seconds(rows[at]))
    by_time = window(group_by="business", order_by="second")
    spaced = ordered.mutate(gap=ordered.second - ordered.second.lag(1).over(by_time))
    return spaced.filter(spaced.gap.notnull()).select("business", "gap")
