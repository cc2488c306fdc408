"""Honest money that looks crooked: family and savings-club circles between owners, and marketplaces, which collect for
many sellers and pay nearly all of it on within two days, as a mule hub does."""

from dataclasses import replace

import numpy as np

from wallets.engine.world.almanac import DAY, HOUR
from wallets.engine.world.flows import NOBODY, UPI, Flows, Kind, flows, gathered
from wallets.engine.world.spec import HEALTHY, STRUGGLING, Ints
from wallets.engine.world.trade import Economy

_EARLIEST_HOUR, _LATEST_HOUR = 8, 22
_SELLERS = 15
_SOLD_THERE = 0.5
_COMMISSION = (0.02, 0.05)


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


def marketplaces(economy: Economy) -> list[tuple[int, ...]]:
    """Groups of a marketplace and fifteen sellers with counter sales; none sells through two."""
    chance = economy.spec.chance("marketplaces")
    people = economy.people
    honest = ~people.crooked & (people.opened == 0) & (np.arange(people.count) > 2)
    hosts = chance.permutation(np.flatnonzero(honest & (people.profile == HEALTHY)))[: max(1, people.count // 400)]
    retailers = np.setdiff1d(np.flatnonzero(honest & (people.retail > 0.1)), hosts)
    sellers = chance.permutation(retailers)
    groups = [(host, *sellers[n * _SELLERS : (n + 1) * _SELLERS].tolist()) for n, host in enumerate(hosts.tolist())]
    return [group for group in groups if len(group) > _SELLERS // 2]


def through_marketplaces(economy: Economy, receipts: Flows, groups: list[tuple[int, ...]]) -> Flows:
    """Half of the UPI sales of the sellers are paid to their marketplace, which pays them on a day or two later."""
    chance = economy.spec.chance("payouts")
    host = np.full(economy.people.count, NOBODY)
    for group in groups:
        host[list(group[1:])] = group[0]
    held = (receipts.rail == UPI) & (host[receipts.payee] != NOBODY) & (chance.random(len(receipts)) < _SOLD_THERE)
    collected = receipts.pick(held)
    payouts = flows(
        collected.amount * (1 - chance.uniform(*_COMMISSION, len(collected))),
        payer=host[collected.payee],
        payee=collected.payee,
        day=collected.day + chance.integers(1, 3, len(collected)),
        kind=Kind.PAYOUT,
        rail=UPI,
    )
    return gathered([replace(receipts, payee=np.where(held, host[receipts.payee], receipts.payee)), payouts])
