from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.schedule import annuity, monthly_rate, present_value


@given(st.integers(1_000, 10_000_000), st.integers(0, 3_600), st.integers(1, 120))
def test_present_value_is_the_inverse_of_the_annuity(principal, points, months):
    rate = monthly_rate(Decimal(points) / 100)

    back = present_value(annuity(Decimal(principal), rate, months), rate, months)

    assert abs(back - principal) < Decimal("0.000001")


def test_a_loan_without_instalments_is_refused():
    with pytest.raises(ValueError, match="at least one instalment"):
        annuity(Decimal(1000), Decimal("0.01"), 0)


def test_the_instalment_of_the_published_schedule_before_it_is_rounded():
    """Oracle: 2,80,000 at 8.4 % over 20 months, 15,051.72 before the rounding to 15,052."""
    raw = annuity(Decimal(280_000), monthly_rate(Decimal("8.4")), 20)
    assert (round(raw, 2), round(raw)) == (Decimal("15051.72"), 15_052)
