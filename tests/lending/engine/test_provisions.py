from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.engine.classification import AssetClass
from lending.engine.provisions import Exposure, Provision, irac, unsecured_at_start
from lending.engine.regulation import shipped

RATES = shipped().irac(date(2026, 11, 20))
LAKH = 100_000


def exposure(lakh: object, security: object = 0, cover: int = 0, *, unsecured: bool = False) -> Exposure:
    return Exposure(Decimal(str(lakh)) * LAKH, "sme_agri", Decimal(str(security)) * LAKH, unsecured, Decimal(cover))


@pytest.mark.parametrize(
    ("owed", "asset_class", "expected"),
    [
        (exposure(40), AssetClass.STANDARD, 10_000),
        (exposure(40), AssetClass.SUBSTANDARD, 600_000),
        (exposure(40, unsecured=True), AssetClass.SUBSTANDARD, 1_000_000),
        (exposure(40, 25), AssetClass.DOUBTFUL_1, 2_125_000),
        (exposure(40, 25), AssetClass.DOUBTFUL_2, 2_500_000),
        (exposure(40, 25), AssetClass.DOUBTFUL_3, 4_000_000),
        (exposure(40, 25, 75), AssetClass.LOSS, 4_000_000),
    ],
)
def test_the_worked_provisions_come_out_exactly(owed, asset_class, expected):
    assert irac(owed, asset_class, RATES).total == expected


def test_the_two_examples_of_the_reserve_bank_deduct_security_first_and_then_the_guarantee():
    trust = irac(exposure(10, "1.5", 75), AssetClass.DOUBTFUL_2, RATES)
    export = irac(exposure(4, "1.5", 50), AssetClass.DOUBTFUL_2, RATES)

    assert trust == Provision(Decimal(60_000), Decimal(212_500))
    assert trust.total == 272_500
    assert export == Provision(Decimal(60_000), Decimal(125_000))
    assert export.total == 185_000


def test_every_category_of_standard_loan_has_its_rate():
    names = ("sme_agri", "other", "cre", "cre_rh", "restructured")
    held = [irac(Exposure(Decimal(LAKH), name), AssetClass.STANDARD, RATES).total for name in names]

    assert held == [250, 400, 1_000, 750, 5_000]


def test_security_up_to_a_tenth_of_the_exposure_counts_as_unsecured_at_the_start():
    assert unsecured_at_start(Decimal(10), Decimal(100), RATES)
    assert not unsecured_at_start(Decimal("10.01"), Decimal(100), RATES)


@given(st.integers(0, 10_000), st.integers(0, 20_000), st.integers(0, 100), st.sampled_from(AssetClass))
def test_a_provision_is_never_more_than_the_exposure_and_never_falls_with_age(owed, security, cover, asset_class):
    loan = Exposure(Decimal(owed), "sme_agri", Decimal(security), cover=Decimal(cover))

    assert 0 <= irac(loan, asset_class, RATES).total <= owed
    ages = [irac(loan, age, RATES).total for age in list(AssetClass)[2:5]]
    assert ages == sorted(ages)
