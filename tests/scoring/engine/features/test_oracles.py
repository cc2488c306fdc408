"""Every measured feature agrees with its plain-Python oracle."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.features import catalogue
from scoring.engine.measure import measure_all
from tests.scoring.engine.features.random_evidence import AS_OF, Rows, random_rows, tables
from tests.scoring.engine.firm import Firm
from tests.scoring.engine.oracles import ORACLES


def of_business(rows: Rows, business: int) -> Rows:
    return {frame: [row for row in frame_rows if row["business"] == business] for frame, frame_rows in rows.items()}


def disagreements(rows: Rows, as_of: int) -> list[tuple[str, int, float | None, float | None]]:
    found = []
    for row in measure_all(tables(rows), as_of).iter_rows(named=True):
        firm = Firm(of_business(rows, row["business"]), as_of)
        for name, oracle in ORACLES.items():
            expected = oracle(firm)
            if not _equal(row[name], expected):
                found.append((name, row["business"], row[name], expected))
    return found


def _equal(value: float | None, expected: float | None) -> bool:
    if value is None or expected is None:
        return value is expected
    # Decayed sums are rounded per row to a fixed grain of about ₹ 10⁻⁷ (dialect.exact_sum).
    return math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-5)


def test_every_measured_feature_has_an_oracle_and_no_other() -> None:
    assert set(ORACLES) == {entry.name for entry in catalogue.measured()}


@pytest.mark.parametrize("seed", range(4))
def test_features_agree_with_their_oracles_on_random_evidence(seed: int) -> None:
    assert disagreements(random_rows(seed=seed, businesses=12), AS_OF) == []


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.integers(1, 60), shift=st.integers(-40, 40))
def test_features_agree_with_their_oracles_at_any_moment(seed: int, scale: int, shift: int) -> None:
    as_of = AS_OF + shift * 86_400_000_000 * 3 // 4
    assert disagreements(random_rows(seed=seed, businesses=4, scale=scale), as_of) == []


def test_random_evidence_reaches_a_value_of_every_feature() -> None:
    measured = measure_all(tables(random_rows(seed=1, businesses=40)), AS_OF)
    assert [name for name in measured.columns if measured[name].null_count() == measured.height] == []
