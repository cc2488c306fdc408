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
