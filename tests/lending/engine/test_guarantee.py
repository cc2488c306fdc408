from datetime import date
from decimal import Decimal

import pytest

from lending.engine.guarantee import claim, cover
from lending.engine.regulation import UnknownFigure, shipped

TODAY = date(2026, 11, 20)
LOAN = Decimal(4_500_000)


def test_45_lakh_covered_at_75_cost_18562_50_in_the_first_year():
    fee = shipped().guarantee_fee(LOAN, TODAY)
    taken = cover(LOAN, percent=Decimal(75), fee=fee)

    assert fee == Decimal("0.55")
    assert (taken.guaranteed, taken.fee) == (3_375_000, Decimal("18562.50"))


def test_a_woman_gets_90_percent_and_a_tenth_off_and_concessions_multiply():
    terms = {"percent": Decimal(90), "fee": Decimal("0.55")}

    assert cover(LOAN, **terms, concessions=[Decimal(10)]).fee == Decimal("20047.50")
    assert cover(LOAN, **terms, concessions=[Decimal(10), Decimal(10)]).fee == Decimal("18042.75")


def test_a_claim_is_capped_by_the_guaranteed_amount():
    assert claim(Decimal(1_000_000), percent=Decimal(75), guaranteed=Decimal(3_375_000)) == 750_000
    assert claim(Decimal(5_000_000), percent=Decimal(75), guaranteed=Decimal(3_375_000)) == 3_375_000


@pytest.mark.parametrize(
    ("lakh", "fee"), [(10, "0.37"), (50, "0.55"), (100, "0.60"), (200, "1.20"), (500, "1.35"), (501, None)]
)
def test_the_fee_follows_the_slab(lakh, fee):
    asked = shipped().guarantee_fee(Decimal(lakh) * 100_000, TODAY)

    assert asked == (None if fee is None else Decimal(fee))


def test_a_figure_is_known_from_its_day_on_with_its_source():
    figures = shipped()

    assert figures.figure("cgtmse.cover.other", TODAY).source == "to confirm"
    assert not figures.figure("cgtmse.cover.other", TODAY).confirmed
    assert figures.value("tax.gst", TODAY) == 18
    assert figures.loss_floor(1, TODAY) > 0
    with pytest.raises(UnknownFigure):
        figures.value("cgtmse.fee.1000000", date(2020, 1, 1))
