"""Rupees are exact and read the Indian way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditiq.kernel.money import format_inr, from_paise, rupees, short_inr, to_paise


@given(st.integers(min_value=-(10**17), max_value=10**17))
def test_paise_survive_the_round_trip(paise: int) -> None:
    assert to_paise(from_paise(paise)) == paise


def test_a_float_is_never_money() -> None:
    with pytest.raises(TypeError, match="never a float"):
        rupees(float("1.1"))


@pytest.mark.parametrize(("given_amount", "expected"), [("0.005", "0.01"), ("2.344", "2.34"), ("-2.345", "-2.35")])
def test_halves_round_away_from_zero(given_amount: str, expected: str) -> None:
    assert rupees(given_amount) == Decimal(expected)


@pytest.mark.parametrize(
    ("amount", "text"),
    [("999", "₹ 999"), ("1000", "₹ 1,000"), ("100000", "₹ 1,00,000"), ("1234567890", "₹ 1,23,45,67,890")],
)
def test_digits_are_grouped_in_lakhs_and_crores(amount: str, text: str) -> None:
    assert format_inr(Decimal(amount)) == text


def test_a_short_form_never_rounds_up_to_more_than_there_is() -> None:
    assert short_inr(Decimal("9999999")) == "₹ 99.99 lakh"


def test_nothing_is_shown_as_minus_nothing() -> None:
    assert format_inr(Decimal("-0.3")) == "₹ 0"
