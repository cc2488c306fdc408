"""Which rows a loan book labels: outstanding at as_of, and whether it fell 90 days behind within 12 months."""

from collections.abc import Sequence

import polars as pl

DAY = 86_400_000_000
HORIZON_DAYS = 365
UPCOMING_DAYS = 45
"""A loan paid out this soon after as_of is an application scored at as_of."""
MONTH_DAYS = 30.4375


def labelled(outcomes: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """business, target (0/1) for businesses with a loan at risk in the 12 months after `as_of` (µs).

    A loan counts while it is not yet in default and not repaid, when it was watched to the end of the horizon
    or of the loan, or defaulted before. A business with several loans has target 1 when any of them defaulted.
    """
    horizon = as_of + HORIZON_DAYS * DAY
    ends = pl.col("disbursed_at") + (pl.col("months") * MONTH_DAYS * DAY).cast(pl.Int64)
    falls = pl.col("defaulted_at").is_between(as_of + 1, horizon).fill_null(False)
    at_risk = (
        (pl.col("disbursed_at") <= as_of + UPCOMING_DAYS * DAY)
        & (ends > as_of)
        & (pl.col("defaulted_at").is_null() | (pl.col("defaulted_at") > as_of))
        & (falls | (pl.col("observed_until") >= pl.min_horizontal(ends, pl.lit(horizon))))
    )
    rows = outcomes.filter(at_risk).group_by("business").agg(target=falls.max().cast(pl.Float64))
    return rows.sort("business")


def observation_dates(outcomes: pl.DataFrame, days_before: Sequence[int]) -> list[int]:
    """as_of moments (µs), earliest first: whole days back from twelve months before the last repayment seen."""
    last = outcomes.select(pl.col("observed_until").max()).item()
    return sorted(int(last) - (HORIZON_DAYS + days) * DAY for days in days_before)
