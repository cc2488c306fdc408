"""A filing amnesty helps in proportion, and nobody is worse off for it."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from creditiq.kernel.errors import InvalidInput
from scoring.engine.amnesty import COMPLIANCE, DAY, Amnesty, Readings, relieved, with_scaled_delays, without_late
from scoring.engine.policy import ScoringPolicy

WAIVER = Amnesty(active=True, quarter="Q2", fiscal_year="2026-27", multiplier=0.0)
NAMES, RISKS = (COMPLIANCE, "delay", "other"), ("falls", "rises", "neither")


def at(month: int, day: int) -> int:
    return int(datetime(2026, month, day, 12, tzinfo=UTC).timestamp()) * 1_000_000


def returns(*pairs: tuple[int, int | None]) -> pl.DataFrame:
    schema = {"due_at": pl.Int64, "filed_at": pl.Int64}
    return pl.DataFrame(pairs, schema=schema, orient="row")


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [("Q1", (2026, 4, 1), (2026, 7, 1)), ("Q3", (2026, 10, 1), (2027, 1, 1)), ("Q4", (2027, 1, 1), (2027, 4, 1))],
)
def test_quarters_of_the_indian_fiscal_year(quarter: str, first: tuple[int, ...], last: tuple[int, ...]) -> None:
    window = Amnesty(True, quarter, "2026-27", 0.5).window
    ist = 19_800_000_000
    assert [int(datetime(*day, tzinfo=UTC).timestamp()) * 1_000_000 - ist for day in (first, last)] == list(window)


def test_only_late_returns_due_in_the_window_are_waived() -> None:
    frame = returns(
        (at(7, 20), at(7, 20)),  # on time
        (at(7, 20), at(7, 25)),  # late
        (at(7, 20), None),  # never filed
        (at(6, 20), at(7, 25)),  # late, due before
        (at(10, 20), at(11, 25)),  # late, due after
    )
    left = pl.DataFrame(pl.from_arrow(without_late(frame.to_arrow(), WAIVER)))
    assert left.rows() == [frame.row(0), frame.row(3), frame.row(4)]


def test_delays_are_scaled_and_the_future_stays_unknown() -> None:
    half = Amnesty(True, "Q2", "2026-27", 0.5)
    frame = returns((at(7, 20), at(7, 30)), (at(6, 20), at(7, 30)), (at(7, 20), at(9, 30)), (at(7, 20), None))
    told = pl.DataFrame(pl.from_arrow(with_scaled_delays(frame.to_arrow(), half, at(8, 30))))
    assert told["filed_at"].to_list() == [at(7, 20) + 5 * DAY, at(7, 30), at(9, 30), None]


@given(due=st.integers(1, 24), late=st.integers(0, 24), in_window=st.integers(0, 24), multiplier=st.floats(0.0, 1.0))
def test_compliance_is_the_proportion_of_the_specification(
    due: int, late: int, in_window: int, multiplier: float
) -> None:
    late, in_window = min(late, due), min(in_window, late, due)
    punctual, left = due - late, due - in_window
    plain = np.array([[punctual / due, 3.0, 1.0]])
    waived = np.array([[punctual / left if left else np.nan, 3.0, 1.0]])
    answer = relieved(NAMES, RISKS, Readings(plain, waived, plain), multiplier)[0, 0]
    weighted = due - (1.0 - multiplier) * in_window
    if punctual:
        assert answer == pytest.approx(punctual / weighted)
    else:
        assert answer == 0.0 or np.isnan(answer)


numbers = st.lists(st.floats(-5, 5) | st.just(float("nan")), min_size=3, max_size=3)


@given(numbers, numbers, numbers, st.floats(0.0, 1.0))
@example([5e-324, 1.0, 1.0], [float("nan")] * 3, [1.0] * 3, 1.0)
def test_no_feature_becomes_riskier(plain: list[float], waived: list[float], scaled: list[float], share: float) -> None:
    readings = Readings(*(np.array([np.abs(row)]) for row in (plain, waived, scaled)))
    compliance, delay, other = relieved(NAMES, RISKS, readings, share)[0]
    before = readings.plain[0]
    assert np.isnan(compliance) or np.isnan(before[0]) or compliance >= before[0]
    assert np.isnan(delay) == np.isnan(before[1])
    assert np.isnan(delay) or delay <= before[1]
    assert other == before[2] or np.isnan(other)


def test_a_policy_without_an_amnesty_says_nothing_of_one() -> None:
    assert ScoringPolicy.from_document({}).document() == {"least_months": 3, "least_coverage": 0.4}
    told = ScoringPolicy(amnesty=WAIVER)
    assert ScoringPolicy.from_document(told.document()) == told
    assert told.relief == WAIVER
    assert ScoringPolicy(amnesty=Amnesty(False, "Q2", "2026-27", 0.0)).relief is None
    assert ScoringPolicy(amnesty=Amnesty(True, "Q2", "2026-27", 1.0)).relief is None


@pytest.mark.parametrize(
    ("entry", "wrong", "field"),
    [
        ("quarter", "Q5", "amnesty.quarter"),
        ("fiscal_year", "2026-28", "amnesty.fiscal_year"),
        ("fiscal_year", "2026", "amnesty.fiscal_year"),
        ("filing_penalty_multiplier", 1.5, "amnesty.filing_penalty_multiplier"),
        ("filing_penalty_multiplier", "half", "amnesty.filing_penalty_multiplier"),
    ],
)
def test_a_wrong_entry_is_named(entry: str, wrong: object, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ScoringPolicy.from_document({"amnesty": WAIVER.document() | {entry: wrong}})
    assert refusal.value.field == field
