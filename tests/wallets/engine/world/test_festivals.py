"""Festivals move; trade moves with them."""

import itertools
from datetime import date, timedelta

import numpy as np

from wallets.engine.world import sectors
from wallets.engine.world.almanac import Almanac
from wallets.engine.world.festivals import FESTIVALS, closed_days, lifts
from wallets.engine.world.spec import WorldSpec

JANUARY_2024 = 2024 * 12


def test_the_table_reaches_from_2019_to_2030() -> None:
    days = [festival.on(year) for festival in FESTIVALS for year in range(2019, 2031)]
    assert None not in days
    assert all(festival.on(2018) is None and festival.on(2031) is None for festival in FESTIVALS)


def test_a_lunar_year_comes_eleven_days_earlier_or_a_month_later() -> None:
    for festival in FESTIVALS:
        days = [festival.on(year) for year in range(2019, 2031)]
        gaps = [(after - before).days for before, after in itertools.pairwise(days) if before and after]
        assert all(353 <= gap <= 356 or 382 <= gap <= 386 for gap in gaps), festival.name


def test_dussehra_is_about_twenty_days_before_diwali() -> None:
    diwali, dussehra = FESTIVALS[0], FESTIVALS[1]
    for year in range(2019, 2031):
        first, second = dussehra.on(year), diwali.on(year)
        assert first
        assert second
        assert timedelta(days=18) <= second - first <= timedelta(days=21)


def test_the_peak_of_textiles_moves_with_diwali() -> None:
    """20 October 2025 and 8 November 2026: buying is in September and October, then in October and November."""
    factor = lifts(list(range(JANUARY_2024 + 12, JANUARY_2024 + 36)))[1].reshape(2, 12)
    assert factor[0, 8] > factor[1, 8]
    assert factor[1, 10] > factor[0, 10] == 1.0


def test_a_season_is_about_one_on_average() -> None:
    season = sectors.seasons(np.arange(8), np.arange(JANUARY_2024, JANUARY_2024 + 36))
    assert np.abs(season.mean(axis=1) - 1).max() < 0.05


def test_shops_are_shut_on_the_day_itself() -> None:
    almanac = Almanac.of(WorldSpec(businesses=20, months=12, seed=1, end=date(2026, 12, 31)))
    shut = closed_days(almanac)
    assert shut[(date(2026, 11, 8) - almanac.start).days]
    assert 4 <= shut.sum() <= 7


def test_years_beyond_the_table_have_no_festival() -> None:
    assert (lifts([2040 * 12 + month for month in range(12)]) == 1).all()
