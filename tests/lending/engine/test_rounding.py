from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.rounding import RoundingRule, rounded


@pytest.mark.parametrize(
    ("rule", "multiple", "amount", "expected"),
    [
        (RoundingRule.HALF_UP, "0.01", "15.625", "15.63"),
        (RoundingRule.HALF_EVEN, "0.01", "15.625", "15.62"),
        (RoundingRule.UP, "0.01", "15.621", "15.63"),
        (RoundingRule.HALF_UP, "5", "332.50", "335"),
        (RoundingRule.HALF_EVEN, "5", "332.50", "330"),
        (RoundingRule.UP, "5", "330.01", "335"),
        (RoundingRule.UP, "1", "330", "330"),
    ],
)
def test_each_rule_rounds_as_named(rule, multiple, amount, expected):
    assert rounded(Decimal(amount), rule, Decimal(multiple)) == Decimal(expected)


def test_rounding_up_does_not_lift_the_noise_of_a_division():
    third = Decimal(100) / 3

    assert rounded(third * 3 + Decimal("1e-20"), RoundingRule.UP) == 100


@given(st.decimals(0, 10**9, places=4), st.sampled_from(RoundingRule), st.sampled_from(["0.01", "0.5", "1", "50"]))
def test_what_is_rounded_is_a_multiple_and_less_than_one_away(amount, rule, multiple):
    result = rounded(amount, rule, Decimal(multiple))

    assert result % Decimal(multiple) == 0
    assert abs(result - amount) < Decimal(multiple)
