"""Measured columns in a version's order, with the features that only a version can tell: what it was fitted on.

The cadence anomaly comes from its forest; the percentile of sales from its reference, for firms whose cell is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine import cadence, turnover
from scoring.engine.artefacts import Artefacts
from scoring.engine.cadence import Cadence, cadence_from
from scoring.engine.turnover import Cell, Reference, reference_from

Floats = NDArray[np.float64]

TURNOVER_FILE = "turnover.json"


class MissingColumn(ValueError):
    """The version reads a feature that the row does not have: it was measured for an older list of features."""


@dataclass(frozen=True)
class Fitted:
    """What a version was fitted on besides its trees; `reference` is None in versions from before it was."""

    cadence: Cadence
    reference: Reference | None = None

    def complete(
        self, wanted: Sequence[str], names: Sequence[str], matrix: Floats, cells: Sequence[Cell] | None = None
    ) -> Floats:
        """The columns `wanted` of `matrix` (n, m), whose columns are `names`.

        Without `cells` a percentile of sales that is among the columns stays as it is: stored vectors have it.
        Raises MissingColumn.
        """
        found = {name: matrix[:, place] for place, name in enumerate(names)}
        found[cadence.FEATURE] = self.cadence.anomalies(cadence.block_of(names, matrix))
        if cells is not None and self.reference is not None:
            found[turnover.FEATURE] = self.reference.percentiles(found[turnover.SALES], cells)
        found.setdefault(turnover.FEATURE, np.full(matrix.shape[0], np.nan))
        if lacking := [name for name in wanted if name not in found]:
            raise MissingColumn(f"not measured: {', '.join(lacking)}")
        return np.column_stack([found[name] for name in wanted])


def fitted_from(files: Artefacts) -> Fitted:
    """From a version's files. Raises BrokenArtefacts."""
    reference = reference_from(files.document(TURNOVER_FILE)) if TURNOVER_FILE in files.files else None
    return Fitted(cadence_from(files.document("cadence.json")), reference)
