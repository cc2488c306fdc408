"""Honest money that looks as if it went round: family and savings-club circles between owners."""

import numpy as np

from wallets.engine.world.almanac import DAY, HOUR
from wallets.engine.world.flows import UPI, Flows, Kind, flows, gathered
from wallets.engine.world.spec import HEALTHY, STRUGGLING, Ints
from wallets.engine.world.trade import Economy

_EARLIEST_HOUR, _LATEST_HOUR = 8, 22


def family_circles(economy: Economy) -> tuple[list[tuple[int, ...]], Flows]:
    """Groups of three or four owners who lend each other small unequal sums, days apart, and their transfers."""
    chance = economy.spec.chance("families")
    people = economy.people
    honest = np.isin(people.profile, [HEALTHY, STRUGGLING]) & (people.opened == 0) & (people.constitution == 0)
    pool = chance.permutation(np.flatnonzero(honest & (np.arange(people.count) > 2)))
    wanted = min(max(2, people.count // 100), len(pool) // 4)
    groups = [tuple(pool[4 * g : 4 * g + 3 + g % 2].tolist()) for g in range(wanted)]
    parts = [_circle(economy, np.array(group, dtype=np.int64), chance) for group in groups]
    return groups, gathered([flows(np.zeros(0)), *parts])


def _circle(economy: Economy, group: Ints, chance: np.random.Generator) -> Flows:
    rounds = max(1, int(economy.almanac.days / 45))
    payer = np.tile(group, rounds)
    payee = np.tile(np.roll(group, -1), rounds)
    day = np.cumsum(chance.gamma(1.6, 9.0, len(payer))).astype(np.int64)
    inside = day < economy.almanac.days
    amount = np.rint(np.exp(chance.normal(np.log(6_000), 0.8, len(payer))) / 50) * 5_000
    of_day = chance.integers(_EARLIEST_HOUR, _LATEST_HOUR, len(payer)) * HOUR + chance.integers(HOUR, size=len(payer))
    whole = flows(amount, payer=payer, payee=payee, day=day, of_day=of_day % DAY, kind=Kind.PERSONAL, rail=UPI)
    return whole.pick(inside)
