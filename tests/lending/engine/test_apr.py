from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.apr import NoRate, effective, effective_income, periodic_rate, present_worth, yearly
from tests.lending.engine.loans import money, repaid

REAL = [Decimal("2415.14")] * 24


def test_a_small_loan_with_a_fee_of_400_has_an_apr_of_17_07_and_not_18_47():
    loan = repaid(20_000, 15, 24)

    rate = periodic_rate(Decimal(19_600), loan.payments)

    assert (loan.level, loan.interest) == money("969.73", "3273.58")
    assert yearly(rate) == Decimal("17.07")
    assert round(effective(rate), 2) == Decimal("18.47")


def test_ten_lakh_with_20500_of_fees_has_an_apr_of_13_45():
    assert yearly(periodic_rate(Decimal(979_500), repaid(1_000_000, 12, 36).payments)) == Decimal("13.45")


@pytest.mark.parametrize(("fee", "apr"), [("1386.50", "24.154"), ("1175", "23.664")])
def test_the_real_statement_is_reproduced_with_the_tax_inside(fee, apr):
    rate = periodic_rate(Decimal(47_000) - Decimal(fee), REAL)

    assert round(rate * 1200, 3) == Decimal(apr)


def test_a_flat_rate_of_12_is_a_true_rate_of_21_64():
    assert yearly(periodic_rate(Decimal(5_000), [Decimal(5_900) / 18] * 18)) == Decimal("21.64")


def test_a_deferred_fee_of_20000_gives_the_published_effective_rate_and_income():
    loan = repaid(1_000_000, 12, 36)
    rate = periodic_rate(Decimal(980_000), loan.payments)

    rows = effective_income(Decimal(980_000), loan.rows)

    assert round(rate * 100, 6) == Decimal("1.117566")
    assert (round(rate * 1200, 4), effective(rate)) == money("13.4108", "14.2666")
    assert (rows[0].income, rows[0].contractual, rows[0].deferred) == money("10952.14", "10000.00", "952.14")
    assert sum(row.deferred for row in rows) == 20_000
    assert rows[-1].carrying == 0


@pytest.mark.parametrize(("received", "payments"), [(0, [1]), (10, [4, 5]), (10, [20, -1])])
def test_flows_without_a_rate_are_refused(received, payments):
    with pytest.raises(NoRate):
        periodic_rate(Decimal(received), [Decimal(payment) for payment in payments])


flows = st.lists(st.integers(0, 1_000_000).map(Decimal), min_size=1, max_size=60)


@given(flows, st.integers(50, 100))
def test_at_its_own_rate_a_loan_has_a_present_value_of_nothing(payments, share):
    received = sum(payments) * share / 100
    if received <= 0:
        return

    rate = periodic_rate(received, payments)

    assert abs(present_worth(rate, payments) - received) < Decimal("0.000001")
    assert rate >= 0


@given(st.integers(10_000, 10_000_000), st.integers(1, 3_600), st.integers(2, 60), st.integers(0, 50))
def test_the_rate_agrees_with_the_roots_of_the_polynomial(principal, points, months, fee):
    payments = repaid(principal, Decimal(points) / 100, months).payments
    received = principal - principal * fee // 1000

    rate = periodic_rate(Decimal(received), payments)

    roots = np.roots([*(float(payment) for payment in reversed(payments)), -float(received)])
    discounts = roots[np.isclose(roots.imag, 0, atol=1e-7) & (roots.real > 0)].real
    assert np.min(np.abs(1 / discounts - 1 - float(rate))) < 1e-6
