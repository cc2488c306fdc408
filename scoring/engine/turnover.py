"""Where a firm's sales stand among firms like it: percentile in its sector × state × size.

Like the cadence forest, the reference is fitted on the development population and kept with the model version as plain
numbers, never computed over whoever is served today: so a firm has the same percentile alone, among others and at a
replay. Sales are `gst_90d_value`, the decayed 90-day rate: long enough to be a firm's size rather than its week, and
always measured where there are invoices. A cell of too few firms falls back to sector × size, then to the sector.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEATURE: Final = "sector_relative_turnover"
SALES: Final = "gst_90d_value"
MONTHS: Final = "months_active_gst"
MATURE_MONTHS: Final = 12.0
"""Younger firms still grow into their size, and would pull the reference down for everybody."""
LEAST_FIRMS: Final = 30
"""With fewer firms a twentieth of them is less than two, and a percentile says who rather than where."""
SHARES: Final = tuple(share / 20 for share in range(21))
"""The lowest, every twentieth, the highest."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a firm is registered as, as far as its sales are compared by it."""

    sector: str
    state_code: str
    size: str

    def from_finest(self) -> tuple[str, str, str]:
        """Names of the reference's cells, finest first."""
        return (f"{self.sector}/{self.state_code}/{self.size}", f"{self.sector}/{self.size}", self.sector)


@dataclass(frozen=True)
class Reference:
    """Sales in rupees at the SHARES of mature firms, by cell; `fitted_on` is the last day looked at (ISO)."""

    fitted_on: str
    cells: Mapping[str, tuple[float, ...]]

    def percentiles(self, sales: Floats, cells: Sequence[Cell]) -> Floats:
        """Share (n,) of firms like each that sell less; NaN without sales, or for a sector nobody was fitted on."""
        return np.array([self._share(value, cell) for value, cell in zip(sales.tolist(), cells, strict=True)])

    def _share(self, value: float, cell: Cell) -> float:
        known = next((self.cells[key] for key in cell.from_finest() if key in self.cells), None)
        if known is None or not value > 0:
            return float("nan")
        return float(np.interp(value, known, SHARES))

    def document(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"fitted_on": self.fitted_on, "cells": {key: list(sales) for key, sales in sorted(self.cells.items())}}


def reference_from(document: Mapping[str, object]) -> Reference:
    """The inverse of `Reference.document` after a trip through JSON."""
    cells = document["cells"]
    if not isinstance(cells, Mapping):
        raise ValueError("turnover.json must hold sales by cell")
    return Reference(str(document["fitted_on"]), {key: tuple(float(sale) for sale in cells[key]) for key in cells})


@dataclass(frozen=True)
class Firms:
    """n rows to fit on: business key, sales and months of record (n,), and the cell of each."""

    business: NDArray[np.int64]
    sales: Floats
    months: Floats
    cells: Sequence[Cell]


def fit_reference(firms: Firms, fitted_on: str) -> Reference:
    """Quantiles of every cell with at least LEAST_FIRMS mature firms that sold something."""
    rows = np.flatnonzero((firms.months >= MATURE_MONTHS) & (firms.sales > 0))
    by_key: dict[str, list[int]] = {}
    for row in rows.tolist():
        for key in firms.cells[row].from_finest():
            by_key.setdefault(key, []).append(row)
    return Reference(fitted_on, dict(_quantiles(firms, by_key)))


def _quantiles(firms: Firms, by_key: Mapping[str, list[int]]) -> Iterator[tuple[str, tuple[float, ...]]]:
    for key, rows in by_key.items():
        if np.unique(firms.business[rows]).size >= LEAST_FIRMS:
            yield key, tuple(float(sale) for sale in np.quantile(firms.sales[rows], SHARES))
