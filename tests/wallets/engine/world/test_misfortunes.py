"""Blows that nothing foretells: as frequent among the healthy as among the struggling."""

from dataclasses import replace

import numpy as np

from wallets.engine.world import population
from wallets.engine.world.almanac import Almanac
from wallets.engine.world.misfortunes import household_needs, sales_left
from wallets.engine.world.spec import HEALTHY, WorldSpec

SPEC = WorldSpec(businesses=4000, months=24, seed=6)


def test_calamities_strike_every_profile_alike_and_leave_a_mark() -> None:
    almanac = Almanac.of(SPEC)
    people, _ = population.settle(SPEC, almanac)
    left = sales_left(SPEC, almanac, people)
    struck = (left < 0.5).any(axis=1)
    healthy = people.profile == HEALTHY
    assert 0.04 < struck.mean() < 0.12
    assert abs(struck[healthy].mean() - struck[~healthy].mean()) < 0.02
    assert left.min() >= 0.02
    assert left.max() == 1.0


def test_families_need_months_of_turnover_on_some_day() -> None:
    almanac = Almanac.of(SPEC)
    people, _ = population.settle(SPEC, almanac)
    needs = household_needs(SPEC, almanac, people)
    who = np.concatenate([who for who, _ in needs.values()])
    amount = np.concatenate([amount for _, amount in needs.values()])
    assert 0.03 < len(who) / people.count / almanac.months * 12 < 0.06
    assert 0.7 < np.median(amount / people.turnover[who]) < 1.1
    assert max(needs) < almanac.days


def test_the_written_personas_are_spared() -> None:
    spec = replace(SPEC, mix="demo", months=120)
    almanac = Almanac.of(spec)
    people, _ = population.settle(spec, almanac)
    assert (sales_left(spec, almanac, people)[:3] == 1).all()
    assert not any(np.isin(who, [0, 1, 2]).any() for who, _ in household_needs(spec, almanac, people).values())
