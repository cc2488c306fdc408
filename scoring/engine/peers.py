"""What healthy firms look like: quantiles per feature, by sector, of rows that did not default."""

from dataclasses import dataclass

import numpy as np

from scoring.engine.sample import Sample

EVERYONE = "all"
LEAST_FIRMS = 50

SHARES = (0.10, 0.25, 0.50, 0.75, 0.90)

Quantiles = tuple[float, ...] | None
"""Values at the five SHARES; None where nobody has the feature."""


@dataclass(frozen=True)
class Peers:
    """sector -> feature -> quantiles; sector `all` always exists."""

    table: dict[str, dict[str, Quantiles]]

    def quantiles(self, name: str, sector: str) -> Quantiles:
        """Of the sector where it has enough firms, else of everyone; None where nobody has the feature."""
        return self.table.get(sector, {}).get(name) or self.table[EVERYONE].get(name)

    def median(self, name: str, sector: str) -> float | None:
        """The peer median, None when unknown."""
        quantiles = self.quantiles(name, sector)
        return quantiles[SHARES.index(0.50)] if quantiles else None


def fit_peers(sample: Sample) -> Peers:
    """Quantiles of the healthy rows, for everyone and for each sector with at least 50 firms."""
    healthy = sample.where(sample.target == 0)
    table = {EVERYONE: _quantiles(healthy)}
    for sector in np.unique(healthy.sector):
        rows = healthy.where(healthy.sector == sector)
        if np.unique(rows.business).size >= LEAST_FIRMS:
            table[str(sector)] = _quantiles(rows)
    return Peers(table)


def _quantiles(sample: Sample) -> dict[str, Quantiles]:
    answer: dict[str, Quantiles] = {}
    for name, column in zip(sample.names, sample.matrix.T, strict=True):
        known = column[~np.isnan(column)]
        if known.size:
            answer[name] = tuple(float(value) for value in np.quantile(known, SHARES))
        else:
            answer[name] = None
    return answer
