from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.classification import AssetClass
from lending.engine.credit_loss import (
    Stage,
    Year,
    allowance,
    expected_loss,
    floor_amount,
    held,
    loss_given_default,
    stage,
)
from lending.engine.regulation import shipped

TODAY = date(2026, 11, 20)
RULES = shipped().loss_rules(TODAY)
YEARS = [
    Year(Decimal("1000000.00"), Decimal("3.4")),
    Year(Decimal("705584.45"), Decimal("3.0")),
    Year(Decimal("373829.63"), Decimal("2.6")),
]


def test_the_worked_losses_of_twelve_months_and_of_the_life_come_out_to_the_paisa():
    loss = expected_loss(YEARS, lgd=Decimal(65), percent=Decimal("12.74"))

    assert (loss.twelve_months, loss.lifetime) == (Decimal("19602.63"), Decimal("34190.76"))
    assert floor_amount(Decimal(1_000_000), Decimal("0.25")) == 2_500


@pytest.mark.parametrize(
    ("asset_class", "dpd", "revolving", "risen", "expected"),
    [
        (AssetClass.STANDARD, 30, False, False, Stage.PERFORMING),
        (AssetClass.STANDARD, 31, False, False, Stage.RISEN),
        (AssetClass.STANDARD, 60, True, False, Stage.PERFORMING),
        (AssetClass.STANDARD, 61, True, False, Stage.RISEN),
        (AssetClass.STANDARD, 0, False, True, Stage.RISEN),
        (AssetClass.SUBSTANDARD, 0, False, False, Stage.IMPAIRED),
    ],
)
def test_the_stage_follows_the_days_the_signs_and_the_class(asset_class, dpd, revolving, risen, expected):
    assert stage(asset_class, dpd, RULES, revolving=revolving, risen=risen) is expected


def test_each_stage_asks_for_its_own_loss():
    loss = expected_loss(YEARS, lgd=Decimal(65), percent=Decimal("12.74"))
    asked = [allowance(at, loss, exposure=Decimal(1_000_000), lgd=Decimal(65)) for at in Stage]

    assert asked == [loss.twelve_months, loss.lifetime, Decimal(650_000)]


def test_the_backstop_stands_in_where_the_bank_has_no_estimate_of_its_own():
    assert loss_given_default(None, RULES, secured=True) == 65
    assert loss_given_default(None, RULES, secured=False) == 70
    assert loss_given_default(Decimal(45), RULES, secured=True) == 45


def test_irac_is_held_until_the_directions_start_and_the_larger_of_loss_and_floor_after():
    starts = shipped().ecl_starts()
    amounts = {"irac": Decimal(2_500), "ecl": Decimal(1_000), "floor": Decimal(2_000)}

    assert starts == date(2027, 4, 1)
    assert held(date(2027, 3, 31), starts, **amounts).held == 2_500
    assert held(starts, starts, **amounts).held == 2_000


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 100)), max_size=8), st.integers(0, 100))
def test_a_life_loses_at_least_as_much_as_its_first_year_and_never_more_than_everything(rows, lgd):
    years = [Year(Decimal(amount), Decimal(pd)) for amount, pd in rows]

    loss = expected_loss(years, lgd=Decimal(lgd), percent=Decimal(12))

    assert 0 <= loss.twelve_months <= loss.lifetime <= max((year.exposure for year in years), default=0)
