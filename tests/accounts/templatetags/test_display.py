"""Figures, times and names as pages write them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from accounts.templatetags import display


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (display.inr(Decimal(1234567)), "₹ 12,34,567"),
        (display.inr("1234567.5", 2), "₹ 12,34,567.50"),
        (display.inr(None), "—"),
        (display.grouped(1234567), "12,34,567"),
        (display.inr_short(Decimal(1840000)), "₹ 18.4 lakh"),
        (display.inr_short(""), "—"),
        (display.points(33.6), "+34"),
        (display.points(Decimal("-20.5")), "−21"),
        (display.points(0.2), "0"),
        (display.points(float("nan")), "—"),
        (display.percent(0.815), "82 %"),
        (display.percent(-0.0512, 1), "−5.1 %"),
        (display.percent(None), "—"),
        (display.mask_gstin("29ABCDE1234F1Z5"), "29AB•••••34F1Z5"),
        (display.words("food_grains"), "food grains"),
        (display.mask_gstin("short"), "•••••"),
        (display.ist(datetime(2026, 11, 20, 10, 42, tzinfo=UTC)), "20 Nov 2026, 16:12"),
        (display.ist(None), "—"),
        (display.band_label("medium_risk"), "Medium risk"),
        (display.band_tone("very_low_risk"), "good"),
        (display.band_label("?"), "No score"),
        (display.band_tone(""), "neutral"),
    ],
)
def test_figures_are_written_the_indian_way(written: str, expected: str) -> None:
    assert written == expected
