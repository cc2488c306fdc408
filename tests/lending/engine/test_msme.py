from decimal import Decimal

import pytest

from lending.engine.msme import CRORE, MsmeCategory, by_turnover, msme_category


@pytest.mark.parametrize(
    ("turnover", "category"),
    [
        (Decimal(0), "micro"),
        (10 * CRORE, "micro"),
        (10 * CRORE + Decimal("0.01"), "small"),
        (100 * CRORE, "small"),
        (500 * CRORE, "medium"),
        (501 * CRORE, "large"),
    ],
)
def test_the_class_follows_the_turnover_limits_of_april_2025(turnover, category):
    assert by_turnover(turnover) == category


def test_a_higher_registered_class_wins_over_the_turnover():
    assert msme_category(CRORE, MsmeCategory.MEDIUM) is MsmeCategory.MEDIUM


def test_a_turnover_above_the_registered_class_wins():
    assert msme_category(20 * CRORE, MsmeCategory.MICRO) is MsmeCategory.SMALL


def test_without_turnover_and_registration_the_class_is_unknown():
    assert msme_category(None, None) is None
