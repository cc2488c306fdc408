import pytest

from scoring.engine.features import catalogue
from scoring.engine.sentences import en
from scoring.engine.sentences.numbers import READERS, signed_points, value_text


@pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.name)
def test_every_feature_has_a_fact_with_its_value(entry: catalogue.Entry) -> None:
    assert entry.name in en.TEXTS
    assert "{value}" in en.TEXTS[entry.name].fact
    assert en.sentence(entry.name, entry.label, value="12", peer="9", points=-3.0).endswith("Effect: −3 points.")


def test_no_sentence_is_left_of_a_feature_that_is_gone() -> None:
    assert set(en.TEXTS) <= set(catalogue.names())


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1_840_000.0, "rupees", "₹ 18.4 lakh"),
        (52_340.4, "rupees_per_day", "₹ 52,340 a day"),
        (12.0, "days", "12 days"),
        (1.0, "days", "1 day"),
        (0.9167, "share", "92 %"),
        (0.004, "share", "0.4 %"),
        (-0.35, "log_ratio", "30 % less"),
        (1.2, "log_ratio", "3.3 times as much"),
        (1.0, "flag", "yes"),
        (2.345, "ratio", "2.35"),
        (None, "rupees", "not known"),
    ],
)
def test_values_are_written_the_indian_way(value: float | None, unit: str, text: str) -> None:
    assert value_text(value, unit) == text


def test_units_of_the_catalogue_are_all_readable() -> None:
    for entry in catalogue.entries():
        assert value_text(0.5, entry.unit)
    assert set(READERS) <= {entry.unit for entry in catalogue.entries()}


def test_points_carry_their_sign() -> None:
    assert [signed_points(points) for points in (33.6, -9.4, 0.3, -0.3)] == ["+34", "−9", "0", "0"]
