import pytest

from scoring.engine.bands import BANDS, band_of, next_band


def test_every_integer_score_has_exactly_one_band() -> None:
    for score in range(300, 901):
        assert sum(band.low <= score <= band.high for band in BANDS) == 1


@pytest.mark.parametrize(
    ("score", "name"),
    [(300, "high_risk"), (549, "high_risk"), (550, "medium_risk"), (650, "low_risk"), (750, "very_low_risk")],
)
def test_bands_begin_where_the_policy_says(score: int, name: str) -> None:
    assert band_of(score).name == name


def test_a_number_outside_the_scale_has_no_band() -> None:
    with pytest.raises(ValueError, match="300"):
        band_of(299)


def test_the_next_band_is_the_nearest_better_one() -> None:
    assert [band.low if (band := next_band(score)) else None for score in (400, 600, 700, 800)] == [550, 650, 750, None]
