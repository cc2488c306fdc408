"""What healthy firms look like: medians and quartiles per feature, by sector, of rows that did not default."""

from dataclasses import dataclass

import numpy as np

from scoring.engine.sample import Sample

EVERYONE = "all"
LEAST_FIRMS = 50

Quartiles = tuple[float, float, float] | None


@dataclass(frozen=True)
class Peers:
    """sector -> feature -> (lower quartile, median, upper quartile); sector `all` always exists."""

    table: dict[str, dict[str, Quartiles]]

    def quartiles(self, name: str, sector: str) -> Quartiles:
        """Of the sector where it has enough firms, else of everyone; None where nobody has the feature."""
        return self.table.get(sector, {}).get(name) or self.table[EVERYONE].get(name)

    def median(self, name: str, sector: str) -> float | None:
        """The peer median, None when unknown."""
        quartiles = self.quartiles(name, sector)
        return quartiles[1] if quartiles else None


def fit_peers(sample: Sample) -> Peers:
    """Quartiles of the healthy rows, for everyone and for each sector with at least 50 firms."""
    healthy = sample.where(sample.target == 0)
    table = {EVERYONE: _quartiles(healthy)}
    for sector in np.unique(healthy.sector):
        rows = healthy.where(healthy.sector == sector)
        if np.unique(rows.business).size >= LEAST_FIRMS:
            table[str(sector)] = _quartiles(rows)
    return Peers(table)


def _quartiles(sample: Sample) -> dict[str, Quartiles]:
    answer: dict[str, Quartiles] = {}
    for name, column in zip(sample.names, sample.matrix.T, strict=True):
        known = column[~np.isnan(column)]
        if known.size:
            low, middle, high = (float(value) for value in np.quantile(known, [0.25, 0.5, 0.75]))
            answer[name] = (low, middle, high)
        else:
            answer[name] = None
    return answer
