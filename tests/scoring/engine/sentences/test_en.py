import pytest

from scoring.engine.features import catalogue
from scoring.engine.sentences import en
from scoring.engine.sentences.numbers import READERS, signed_points, value_text


@pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.name)
def test_every_feature_has_a_fact_with_its_value(entry: catalogue.Entry) -> None:
    assert entry.name in en.TEXTS
    assert "{value}" in en.TEXTS[entry.name].fact
    fact = en.fact_of(entry.name, entry.label, value=12.0, value_text="12")
    assert "12" in fact
    assert en.sentence(fact, peer="9", points=-3.0) == f"{fact} Healthy firms like yours: 9. Effect: −3 points."


def test_no_sentence_is_left_of_a_feature_that_is_gone() -> None:
    assert set(en.TEXTS) <= set(catalogue.names())


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1_840_000.0, "rupees", "₹ 18.4 lakh"),
        (52_340.4, "rupees_per_day", "₹ 52,340 a day"),
        (3.0, "count", "3"),
        (11.6, "count", "about 12"),
        (0.2, "count", "fewer than 1"),
        (0.0, "bits", "0 bits"),
        (48.24, "km_per_lakh", "48.2 km per ₹ 1 lakh"),
        (0.0, "km_per_lakh", "0 km per ₹ 1 lakh"),
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


@pytest.mark.parametrize(
    ("feature", "value", "fact"),
    [
        ("statutory_payment_regularity_score", 1.0, "All tax and provident-fund payments were on time."),
        ("statutory_payment_regularity_score", 0.85, "Punctuality of tax and provident-fund payments: 0.85 of 1."),
        ("hsn_entropy_90d", 0.0, "You sell one kind of goods."),
        ("hsn_shift_count_90d", 0.0, "Your main line of goods stayed the same for six months."),
        ("hsn_shift_count_90d", 1.0, "Changes of your main line of goods in six months: 1."),
        ("gst_30d_unique_buyers", 1.0, "Different buyers in 30 days: 1."),
        ("upi_90d_inbound_count", 1.4, "UPI payments received in the last 90 days: about 1."),
        ("ewb_volume_growth_mom", 0.9, "Goods moved against the month before: 2.5 times as much."),
        (
            "gst_upi_receivables_gap",
            -0.44,
            "Invoiced and not received yet: −44 % (below 0 more came in than was invoiced).",
        ),
    ],
)
def test_facts_read_well_at_their_edges(feature: str, value: float, fact: str) -> None:
    entry = catalogue.by_name()[feature]
    assert en.fact_of(feature, entry.label, value=value, value_text=value_text(value, entry.unit)) == fact
