"""Mule networks outside rings, and money that moves by the clock.

A mule hub sits among spokes: strangers pay each spoke, the spoke passes it to the hub within a day, the hub sends it on
to outside addresses before two days are over; under 5 % stays. Hub and spokes have no sales and no purchases of
their own. All of it is money that only passes through, like that of rings.
"""

from dataclasses import dataclass

import numpy as np

from wallets.engine.world.almanac import DAY, HOUR, Almanac
from wallets.engine.world.flows import UPI, Flows, Kind, flows, gathered
from wallets.engine.world.population import Population
from wallets.engine.world.schemers import ROBOTIC, Scheme
from wallets.engine.world.spec import Flags, Floats, Ints
from wallets.engine.world.trade import Economy

SMALLEST_GROUP, LARGEST_GROUP = 3, 6
_SHARE_OF_SHELLS = 5
_WAVES_A_MONTH = 7
_STRANGERS = 6
_KEPT = (0.955, 0.99)
_BEAT = 6 * HOUR
_LARGEST = 95_000 * 100


@dataclass(frozen=True)
class Mules:
    """One network; `members[0]` is the hub."""

    members: tuple[int, ...]
    first_day: int
    last_day: int


def recruit(almanac: Almanac, shells: Ints) -> tuple[list[Mules], Ints]:
    """A fifth of the shells form one mule network when there are enough of them; the rest are left for rings."""
    size = min(len(shells) // _SHARE_OF_SHELLS, LARGEST_GROUP)
    if size < SMALLEST_GROUP:
        return [], shells
    shown = almanac.days - almanac.opening_day
    first = almanac.opening_day + shown // 3
    return [Mules(tuple(shells[:size].tolist()), first, almanac.days - 1)], shells[size:]


def idle(people: Population, networks: list[Mules]) -> Flags:
    """(N,) members of mule networks: they trade in nothing."""
    return np.isin(np.arange(people.count), [member for network in networks for member in network.members])


def passed_through(economy: Economy, networks: list[Mules]) -> tuple[Flows, Ints]:
    """The transfers of every network, and the network of each."""
    chance = economy.spec.chance("mules")
    parts = [_waves(economy, network, chance) for network in networks]
    number = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return gathered([flows(np.zeros(0)), *parts]), number.astype(np.int64)


def _waves(economy: Economy, network: Mules, chance: np.random.Generator) -> Flows:
    hub, spokes = network.members[0], np.array(network.members[1:], dtype=np.int64)
    days = network.last_day - network.first_day - 2
    count = max(1, days * _WAVES_A_MONTH // 30)
    start = np.sort(chance.uniform(network.first_day, network.first_day + max(days, 1), count)) * DAY
    spoke = spokes[chance.integers(len(spokes), size=count)]
    wave = np.repeat(np.arange(count), _STRANGERS)
    amount = np.rint(np.exp(chance.normal(np.log(9_000), 0.5, len(wave)))) * 100
    paid_in = np.bincount(wave, amount, count)
    arrived = start[wave] + chance.uniform(0, 6, len(wave)) * HOUR
    on, off = start + chance.uniform(7, 20, count) * HOUR, start + chance.uniform(22, 46, count) * HOUR
    to_hub = paid_in * chance.uniform(*_KEPT, count)
    onward = to_hub * chance.uniform(*_KEPT, count)
    collectors = _strangers(economy, np.full(count, hub), 3, chance)
    return gathered(
        [
            _at(arrived, amount, payee=spoke[wave], person=_strangers(economy, spoke[wave], 400, chance)),
            _at(on, np.minimum(to_hub, _LARGEST), payer=spoke, payee=np.full(count, hub)),
            _at(off, np.minimum(onward, _LARGEST), payer=np.full(count, hub), person=collectors),
        ]
    )


def _strangers(economy: Economy, business: Ints, several: int, chance: np.random.Generator) -> Ints:
    pool = len(economy.registry.addresses) - economy.registry.people_from
    return economy.registry.people_from + (business * 577 + chance.integers(several, size=len(business)) * 31) % pool


def _at(moment: Floats, amount: Floats, **parties: Ints) -> Flows:
    at = np.rint(moment).astype(np.int64)
    return flows(np.rint(amount), day=at // DAY, of_day=at % DAY, kind=Kind.CIRCULAR, rail=UPI, **parties)


def by_the_clock(economy: Economy, schemes: list[Scheme]) -> tuple[Flows, Ints]:
    """Equal sums in and out every six hours to the second, and the scheme of each transfer (its place in the list)."""
    chance = economy.spec.chance("clockwork")
    parts, numbers = [flows(np.zeros(0))], [np.zeros(0, dtype=np.int64)]
    for number, each in enumerate(schemes):
        if each.typology == ROBOTIC:
            parts.append(_beats(economy, each, chance))
            numbers.append(np.full(len(parts[-1]), number))
    return gathered(parts), np.concatenate(numbers)


def _beats(economy: Economy, scheme: Scheme, chance: np.random.Generator) -> Flows:
    first = scheme.first_day + int(chance.integers(0, 5))
    beats = max(0, (scheme.last_day - first) * DAY // _BEAT)
    at = (first * DAY + HOUR + np.arange(beats) * _BEAT).astype(np.float64)
    amount = np.full(beats, float(chance.integers(4, 20)) * 50_000)
    own = np.full(beats, scheme.business)
    one = _strangers(economy, own[:1], 1, chance).repeat(beats)[:beats]
    return gathered([_at(at, amount, payee=own, person=one), _at(at + HOUR, amount, payer=own, person=one)])
