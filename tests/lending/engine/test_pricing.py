from decimal import Decimal

import pytest

from creditiq.kernel.money import rupees
from lending.engine.pricing import Guarantee, PricePolicy, expected_loss, rate

BANK = PricePolicy(Decimal("7.2"), Decimal("2.1"), Decimal(9), Decimal(16), Decimal("0.5"))
PD, LGD = Decimal("0.034"), Decimal("0.65")


@pytest.mark.parametrize(
    ("pd", "lgd", "exposure", "loss"),
    [
        ("0.034", "0.45", 1_000_000, "15300"),
        ("0.12", "0.65", 500_000, "39000"),
        ("0.02", "0.70", 2_500_000, "35000"),
    ],
)
def test_the_worked_expected_losses(pd, lgd, exposure, loss):
    assert rupees(expected_loss(Decimal(pd), Decimal(lgd), Decimal(exposure))) == Decimal(loss)


def test_the_price_is_the_sum_of_its_parts():
    price = rate(BANK, pd=PD, lgd=LGD)

    assert price.expected_loss == Decimal("2.21")
    assert price.capital_charge == Decimal("0.792")
    assert price.rate == Decimal("12.80")
    assert rupees(sum((part for _, part in price.parts), Decimal(0))) == price.rate


def test_a_guarantee_covers_only_the_expected_loss_and_brings_its_fee():
    price = rate(BANK, pd=PD, lgd=LGD, guarantee=Guarantee(cover=Decimal(75), fee=Decimal("0.55")))

    assert price.guarantee_fee == Decimal("0.4125")
    assert price.rate == Decimal("11.56")


def test_a_riskier_borrower_never_pays_less():
    prices = [rate(BANK, pd=Decimal(points) / 1000, lgd=LGD).rate for points in range(1, 400, 7)]

    assert prices == sorted(prices)
