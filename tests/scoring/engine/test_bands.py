import pytest

from creditiq.kernel.errors import InvalidInput
from scoring.engine.bands import DEFAULT_BANDS, Bands
from scoring.engine.policy import ScoringPolicy

SHIFTED = Bands(very_low_risk=780, low_risk=700, medium_risk=600)


@pytest.mark.parametrize("bands", [DEFAULT_BANDS, SHIFTED, Bands(900, 302, 301)])
def test_every_integer_score_has_exactly_one_band(bands: Bands) -> None:
    for score in range(300, 901):
        assert sum(band.low <= score <= band.high for band in bands.table) == 1


@pytest.mark.parametrize(
    ("score", "name"),
    [(300, "high_risk"), (549, "high_risk"), (550, "medium_risk"), (650, "low_risk"), (750, "very_low_risk")],
)
def test_bands_begin_where_the_policy_says(score: int, name: str) -> None:
    assert DEFAULT_BANDS.of(score).name == name


def test_another_policy_reads_the_same_score_otherwise() -> None:
    assert (DEFAULT_BANDS.of(680).name, SHIFTED.of(680).name) == ("low_risk", "medium_risk")


def test_a_number_outside_the_scale_has_no_band() -> None:
    with pytest.raises(ValueError, match="300"):
        DEFAULT_BANDS.of(299)


def test_the_next_band_is_the_nearest_better_one() -> None:
    nexts = [band.low if (band := DEFAULT_BANDS.above(score)) else None for score in (400, 600, 700, 800)]
    assert nexts == [550, 650, 750, None]


@pytest.mark.parametrize(
    ("cut_offs", "field"),
    [
        ({"low_risk": "six hundred"}, "bands.low_risk"),
        ({"low_risk": 650.5}, "bands.low_risk"),
        ({"low_risk": True}, "bands.low_risk"),
        ({"low_risk": "0000650"}, "bands.low_risk"),
        ({"low_risk": 760}, "bands.very_low_risk"),
        ({"medium_risk": 300}, "bands.very_low_risk"),
        ({"very_low_risk": 901}, "bands.very_low_risk"),
        ({"high_risk": 310}, "bands.high_risk"),
    ],
)
def test_a_cut_off_that_cannot_be_is_named(cut_offs: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ScoringPolicy.from_document({"bands": cut_offs})
    assert refused.value.field == field


def test_usual_bands_go_without_saying_in_a_snapshot_and_are_written_out_in_a_version() -> None:
    assert "bands" not in ScoringPolicy().document()
    assert ScoringPolicy().written_out()["bands"] == {"very_low_risk": 750, "low_risk": 650, "medium_risk": 550}
    shifted = ScoringPolicy(bands=SHIFTED)
    assert ScoringPolicy.from_document(shifted.document()) == shifted
