"""What each feature rests on is written down, and what is not shared has no value."""

import numpy as np
import pytest

from scoring.engine.features import catalogue
from scoring.engine.permitted import BY_GRAIN, BY_NAME, KINDS, may_measure, reasons, withhold

NAMES = [entry.name for entry in catalogue.measured()]


def test_every_grain_says_what_it_rests_on() -> None:
    assert {entry.grain for entry in catalogue.entries()} <= set(BY_GRAIN)
    assert set(BY_NAME) <= set(catalogue.names())


def test_with_everything_shared_nothing_is_withheld() -> None:
    row = np.arange(len(NAMES), dtype=np.float64)[None, :]
    assert np.array_equal(withhold(NAMES, row, [KINDS]), row)
    assert reasons(KINDS) == ()


def test_each_row_is_judged_by_what_its_business_shares() -> None:
    kept = withhold(NAMES, np.ones((2, len(NAMES))), [KINDS, ("upi_payments",)])
    assert not np.isnan(kept[0]).any()
    permitted = {name for name, value in zip(NAMES, kept[1], strict=True) if not np.isnan(value)}
    assert "upi_hhi_30d" in permitted
    assert not any(name.startswith(("gst_", "ewb_")) for name in permitted)


@pytest.mark.parametrize("kind", KINDS)
def test_some_feature_is_lost_with_each_kind(kind: str) -> None:
    others = [name for name in KINDS if name != kind]
    assert any(not may_measure(name, others) for name in NAMES)
