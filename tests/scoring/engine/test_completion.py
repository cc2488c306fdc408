"""What a version was fitted on completes a measured row; it never makes up a column."""

import json

import numpy as np
import pytest

from scoring.engine import artefacts
from scoring.engine.completion import MissingColumn
from scoring.engine.scorecard import Scorecard
from scoring.services.shipping import SHIPPED

FOLDER = next(path.parent for path in SHIPPED.glob(f"*/{artefacts.MANIFEST}"))


def test_a_row_without_a_feature_that_the_version_reads_is_refused_by_name() -> None:
    """A version in shadow may read a feature that the champion's row does not have: it is silent, others answer."""
    card = Scorecard.load(FOLDER)
    golden = json.loads((FOLDER / "golden.json").read_bytes())["matrix"][:1]
    row = np.array([[np.nan if cell is None else cell for cell in golden[0]]], dtype=np.float64)
    assert card.complete(card.names, row).shape == row.shape
    place = card.names.index("upi_hhi_30d")
    names = [name for name in card.names if name != "upi_hhi_30d"]
    with pytest.raises(MissingColumn, match="upi_hhi_30d"):
        card.complete(names, np.delete(row, place, axis=1))
