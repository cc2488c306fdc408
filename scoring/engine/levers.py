"""What a firm can change, how far and how fast: realistic goals for a plan and for a what-if.

Features that move together are one lever: who sells more sells more in a week, a month and a quarter. A feature
over a window of w months is renewed by new behaviour at 1/w of the way a month, so in `HORIZON` months it can go at
most HORIZON/w of the way to what healthy firms show. How much business there is grows by a quarter at most.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.engine.columns import Column
from scoring.engine.features import catalogue
from scoring.engine.peers import Peers
from scoring.engine.recourse import FEASIBLE_GROWTH, SIZES

Floats = NDArray[np.float64]

HORIZON: Final = 6
"""Months a plan is made for."""
DAYS_PER_MONTH: Final = 30.4375

GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "sales": ("gst_7d_value", "gst_30d_value", "gst_90d_value"),
        "customers": ("gst_30d_unique_buyers", "upi_30d_unique_counterparties"),
        "filing": ("filing_compliance_rate", "gst_std_filing_interval_days", "gst_filing_delay_trend"),
        "upi_receipts": (
            "upi_7d_inbound_count",
            "upi_30d_inbound_count",
            "upi_90d_inbound_count",
            "upi_daily_avg_throughput",
        ),
        "cash_flow": ("cash_buffer_days", "upi_inbound_outbound_ratio_30d"),
        "concentration": ("upi_hhi_30d", "upi_top3_concentration"),
        "failed_payments": ("debit_failure_rate_90d", "upi_outbound_failure_rate"),
        "goods_moved": ("ewb_7d_value", "ewb_30d_value", "ewb_90d_value"),
        "silence": ("longest_gap_days", "days_since_last_event"),
    }
)
"""The first of a group stands for it in words; a feature of no group is a lever of its own."""
LEVER_OF: Final = {feature: code for code, features in GROUPS.items() for feature in features}


@dataclass(frozen=True)
class Goal:
    """One feature's room: from `now` to `limit` within `months`; `place` is its column."""

    place: int
    column: Column
    now: float
    limit: float
    months: int

    def at(self, share: float) -> float:
        """The value at a share (0 to 1) of the way; whole where it counts things."""
        value = self.now + share * (self.limit - self.now)
        if self.column.unit == "count" and self.now == round(self.now):
            value = float(math.ceil(value - 1e-9) if self.limit > self.now else math.floor(value + 1e-9))
        return min(max(value, min(self.now, self.limit)), max(self.now, self.limit))


@dataclass(frozen=True)
class Lever:
    """Goals that are reached together; the first stands for all in words."""

    code: str
    goals: tuple[Goal, ...]

    def months(self, share: float) -> int:
        """Months until a share of the way is gone and the windows show it; at least one."""
        return max(1, math.ceil(share * max(goal.months for goal in self.goals)))

    def pull(self, row: Floats, share: float) -> None:
        """Move the columns of this lever in `row` (f,) in place."""
        for goal in self.goals:
            row[goal.place] = goal.at(share)


def levers_of(columns: Sequence[Column], peers: Peers, row: Floats, sector: str) -> tuple[Lever, ...]:
    """The levers a firm with `row` (f,) has: actionable, known, and worse than what healthy firms show."""
    found: dict[str, list[Goal]] = {}
    for place, column in enumerate(columns):
        goal = _goal(place, column, peers, float(row[place]), sector)
        if goal is not None:
            found.setdefault(LEVER_OF.get(column.name, column.name), []).append(goal)
    return tuple(Lever(code, tuple(sorted(goals, key=_rank))) for code, goals in found.items())


def _rank(goal: Goal) -> int:
    group = GROUPS.get(LEVER_OF.get(goal.column.name, ""), ())
    return group.index(goal.column.name) if goal.column.name in group else 0


def _goal(place: int, column: Column, peers: Peers, now: float, sector: str) -> Goal | None:
    quantiles = peers.quantiles(column.name, sector)
    if not column.actionable or column.risk == "neither" or quantiles is None or math.isnan(now):
        return None
    best = within(column, quantiles[0] if column.risk == "rises" else quantiles[-1])
    if (best >= now) if column.risk == "rises" else (best <= now):
        return None
    window = window_months(column.name)
    limit = now + min(1.0, HORIZON / window) * (best - now)
    if column.unit in SIZES and column.risk == "falls":
        limit, window = min(limit, FEASIBLE_GROWTH * now), float(HORIZON)
    if column.unit == "log_ratio" and column.risk == "falls":
        limit, window = min(limit, now + math.log(FEASIBLE_GROWTH)), float(HORIZON)
    if limit == now:
        return None
    return Goal(place, column, now, limit, max(1, math.ceil(min(window, HORIZON))))


def within(column: Column, value: float) -> float:
    """`value` held inside the column's valid range."""
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    return min(max(value, low), high)


def window_months(name: str) -> float:
    """Months of evidence a feature looks at; at least one, the horizon where it has no window.

    >>> round(window_months("upi_hhi_30d"), 2), window_months("unheard_of")
    (1.0, 6.0)
    """
    entry = catalogue.by_name().get(name)
    days = entry.window_days if entry else None
    return max(1.0, days / DAYS_PER_MONTH) if days else float(HORIZON)
