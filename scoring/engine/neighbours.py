"""What a thin GST file would show, told by firms with the same UPI record: nearest neighbours, k = 15.

Fitted on mature firms of the development population and kept with the model version as plain columns. A firm's UPI
block is standardised (sizes as log(1 + x), what is missing as the fitted median) and compared by Euclidean distance;
the expectation of a GST column is the median of the fifteen nearest firms' values and its spread their standard
deviation. The median, because the block is skewed: on masked firms it leaves two thirds of the mean's error of score.

What is a fact is not estimated: no buyer in 30 days, no credit claimed, no season a year ago, how old the record is,
and how often a firm must file (monthly or quarterly is what it is registered as).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEIGHBOURS: Final = 15
MOST_FIRMS: Final = 1000
"""Firms in the table: fifteen of a thousand are near, and a version stays small."""
LEAST_KNOWN: Final = 8
"""Of the fifteen, those who must know a column: fewer than half would tell of others than the neighbours."""
MATURE_MONTHS: Final = 12.0
MONTHS: Final = "months_active_gst"

MOST_SILENT_WEEKS: Final = 8.0
"""A UPI record is rich (since 2026-11) with payments in at least 18 of the last 26 weeks: half a year, not a burst …"""
LEAST_PAYMENTS: Final = 12.0
"""… and about one received a week over 90 days; below that the block itself is too noisy to find neighbours by."""

UPI: Final = (
    "upi_7d_inbound_count",
    "upi_30d_inbound_count",
    "upi_90d_inbound_count",
    "upi_30d_unique_counterparties",
    "upi_inbound_std_interval_days",
    "upi_inbound_outbound_ratio_30d",
    "upi_hhi_30d",
    "upi_p2m_ratio_30d",
    "upi_outbound_failure_rate",
    "upi_daily_avg_throughput",
    "upi_top3_concentration",
    "upi_dormancy_periods",
    "weekday_regularity",
    "round_amount_share",
)
SIZES: Final = frozenset((*UPI[:4], "upi_daily_avg_throughput"))
"""Columns of the UPI block without an upper end: twice as much is one step, wherever it starts."""
GST: Final = (
    "gst_7d_value",
    "gst_30d_value",
    "gst_90d_value",
    "gst_30d_unique_buyers",
    "gst_revenue_cv_90d",
    "hsn_entropy_90d",
    "hsn_shift_count_90d",
    "gst_std_filing_interval_days",
    "gst_filing_delay_trend",
    "filing_compliance_rate",
    "turnover_jump_30d",
    "gstr1_gstr3b_gap",
)
DIGITS: Final = 6
"""Significant digits kept of each firm: nothing that a score could feel, and half the bytes."""


@dataclass(frozen=True)
class Expectation:
    """Of every GST column: the neighbours' `values` (k, g), their median and standard deviation (g,), NaN unknown."""

    values: Floats
    middle: Floats
    spread: Floats


@dataclass(frozen=True)
class Neighbours:
    """Mature firms' UPI and GST columns by name, as lists of equal length; `fitted_on` is the last day seen (ISO)."""

    fitted_on: str
    upi: Mapping[str, tuple[float, ...]]
    gst: Mapping[str, tuple[float, ...]]

    def expect(self, upi: Floats) -> Expectation:
        """What firms with a UPI block (u,) like this one show of GST."""
        distance = ((self._standard - self._standardised(upi[None, :])) ** 2).sum(axis=1)
        nearest = self._answers[np.argsort(distance, kind="stable")[:NEIGHBOURS]]
        known = (~np.isnan(nearest)).sum(axis=0) >= LEAST_KNOWN
        middle, spread = np.full(known.size, np.nan), np.full(known.size, np.nan)
        middle[known] = np.nanmedian(nearest[:, known], axis=0)
        spread[known] = np.nanstd(nearest[:, known], axis=0, ddof=1)
        return Expectation(np.where(np.isnan(nearest), middle, nearest), middle, spread)

    @property
    def medians(self) -> dict[str, float]:
        """The fitted firms' median by GST column: what a guess without neighbours would be."""
        middle = np.nanmedian(self._answers, axis=0).tolist()
        return dict(zip(self.gst, middle, strict=True))

    def document(self) -> dict[str, object]:
        """Plain values for JSON, null for missing."""
        return {"fitted_on": self.fitted_on, "upi": _plain(self.upi), "gst": _plain(self.gst)}

    @cached_property
    def _answers(self) -> Floats:
        return np.column_stack([np.asarray(column) for column in self.gst.values()])

    @cached_property
    def _sizes(self) -> NDArray[np.bool_]:
        return np.array([name in SIZES for name in self.upi], dtype=np.bool_)

    @cached_property
    def _scale(self) -> tuple[Floats, Floats, Floats]:
        """Median, mean and standard deviation of each column of the block."""
        block = self._logged(np.column_stack([np.asarray(column) for column in self.upi.values()]))
        middle = np.nanmedian(block, axis=0)
        filled = np.where(np.isnan(block), middle, block)
        deviation = filled.std(axis=0)
        return middle, filled.mean(axis=0), np.where(deviation > 0, deviation, 1.0)

    @cached_property
    def _standard(self) -> Floats:
        return self._standardised(np.column_stack([np.asarray(column) for column in self.upi.values()]))

    def _logged(self, block: Floats) -> Floats:
        return np.where(self._sizes, np.log1p(np.maximum(block, 0.0)), block)

    def _standardised(self, block: Floats) -> Floats:
        middle, mean, deviation = self._scale
        logged = self._logged(block)
        return np.asarray((np.where(np.isnan(logged), middle, logged) - mean) / deviation, dtype=np.float64)


def is_thin(months: float) -> bool:
    """Whether a GST record is short enough to be estimated: under twelve months, as for the interval of thin records.

    Without a single month there is no record to be thin.

    >>> is_thin(4.0), is_thin(float("nan")), is_thin(12.0)
    (True, False, False)
    """
    return 0 < months < MATURE_MONTHS


def is_rich(silent_weeks: float, payments: float) -> bool:
    """Whether a UPI record carries an estimate: `silent_weeks` of the last 26, `payments` as a rate of 90 days.

    >>> is_rich(3.0, 40.0), is_rich(12.0, 40.0), is_rich(3.0, float("nan"))
    (True, False, False)
    """
    return silent_weeks <= MOST_SILENT_WEEKS and payments >= LEAST_PAYMENTS


@dataclass(frozen=True)
class Population:
    """n rows to fit on: measured columns `names` (n, m), business key and moment (n,)."""

    names: Sequence[str]
    matrix: Floats
    business: NDArray[np.int64]
    as_of: NDArray[np.int64]


def fit_neighbours(seen: Population, fitted_on: str) -> Neighbours | None:
    """The latest row of up to MOST_FIRMS mature firms, evenly spaced; None without the columns or the firms."""
    if not {*UPI, *GST, MONTHS} <= set(seen.names):
        return None
    latest = latest_rows(seen, seen.matrix[:, seen.names.index(MONTHS)] >= MATURE_MONTHS)
    if latest.size < 2 * NEIGHBOURS:
        return None
    chosen = latest[:: -(-latest.size // MOST_FIRMS)]
    return Neighbours(fitted_on, _columns(seen, UPI, chosen), _columns(seen, GST, chosen))


def latest_rows(seen: Population, eligible: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The newest eligible row of each firm, in order of the firms."""
    newest: dict[int, int] = {}
    for row in np.flatnonzero(eligible)[np.argsort(seen.as_of[eligible], kind="stable")].tolist():
        newest[int(seen.business[row])] = row
    return np.array([newest[firm] for firm in sorted(newest)], dtype=np.int64)


def neighbours_from(document: Mapping[str, object]) -> Neighbours:
    """The inverse of `Neighbours.document` after a trip through JSON."""
    return Neighbours(str(document["fitted_on"]), _read(document["upi"], UPI), _read(document["gst"], GST))


def _columns(seen: Population, names: Sequence[str], rows: NDArray[np.int64]) -> dict[str, tuple[float, ...]]:
    return {
        name: tuple(float(f"{value:.{DIGITS}g}") for value in seen.matrix[rows, seen.names.index(name)].tolist())
        for name in names
    }


def _plain(columns: Mapping[str, tuple[float, ...]]) -> dict[str, list[float | None]]:
    return {name: [None if np.isnan(value) else value for value in column] for name, column in columns.items()}


def _read(columns: object, names: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """In the order of `names`, whatever the order in the file: canonical JSON sorts them."""
    if not isinstance(columns, Mapping) or set(columns) != set(names):
        raise ValueError("neighbours.json must hold the columns of both blocks by name")
    return {name: tuple(float("nan") if value is None else float(value) for value in columns[name]) for name in names}
