import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.mapping import clip, linear_score, pd_of, points_of, rounded


@pytest.mark.parametrize(
    ("pd", "score"), [(0.01, 729), (0.02, 688), (0.05, 634), (0.10, 591), (0.20, 544), (0.40, 487)]
)
def test_the_published_readings_of_pd_hold(pd: float, score: int) -> None:
    assert rounded(points_of(math.log(pd / (1 - pd)))) == score


def test_forty_points_double_the_odds() -> None:
    def odds(points: float) -> float:
        return (1 - pd_of(points)) / pd_of(points)

    assert odds(700) == pytest.approx(2 * odds(660))


@given(st.floats(min_value=-12, max_value=12))
def test_pd_and_points_are_inverse(log_odds: float) -> None:
    assert pd_of(points_of(log_odds)) == pytest.approx(1 / (1 + math.exp(-log_odds)), abs=1e-12)


@given(st.floats(min_value=-1e6, max_value=1e6))
def test_the_published_score_stays_inside_its_scale_and_within_half_a_point(points: float) -> None:
    assert 300 <= rounded(points) <= 900
    assert abs(rounded(points) - clip(points)) <= 0.5


def test_halves_round_up() -> None:
    assert [rounded(value) for value in (649.4999, 649.5, 650.5)] == [649, 650, 651]


@pytest.mark.parametrize(("pd", "score"), [(0.05, 870), (0.10, 840), (0.33, 702), (0.50, 600)])
def test_the_linear_map_of_the_older_system(pd: float, score: int) -> None:
    assert linear_score(pd) == score
