"""Money made to go round: rings of shell businesses, with the paper that pretends a reason for it.

A lap moves an amount from member to member, forward in time within hours to at most 72 hours, 85 to 100 % of it
coming back to where it began. Camouflage: 0 plain and equal; 1 shaved and slower; 2 also split in unequal parts, with
other members each time and side payments; 3 also slow, up to the full 72 hours, and with paper for nearly every hop.
"""

from dataclasses import dataclass

import numpy as np

from wallets.engine.world import personas
from wallets.engine.world.almanac import DAY, HOUR, Almanac
from wallets.engine.world.flows import BANK, CASH, NOBODY, UPI, Flows, Kind, flows, gathered
from wallets.engine.world.invoices import CIRCULAR, Invoices, draft, whole_rupees
from wallets.engine.world.mules import Mules, recruit
from wallets.engine.world.population import Population
from wallets.engine.world.settlements import UPI_LIMIT
from wallets.engine.world.spec import SHELL, Floats, Ints, WorldSpec
from wallets.engine.world.trade import Economy

LONGEST_LAP_HOURS = 71.0
LEAST_RETENTION = 0.85
LAPS = 10_000
_HOP_HOURS = ((0.4, 4.0), (1.0, 8.0), (2.0, 14.0), (5.0, 22.0))
_PAUSE_DAYS = ((2.0, 5.0), (2.5, 6.0), (3.0, 7.0), (4.0, 9.0))
_KEPT = ((0.97, 1.0), (0.88, 0.99), (0.86, 0.98), (LEAST_RETENTION + 0.005, 0.98))
_PAPERED = (0.7, 0.75, 0.85, 0.95)
_HUB_SIZE = 6
_HUB_SHARE_OF_PERSONA = 0.6


@dataclass(frozen=True)
class Ring:
    """A group that sends money round between two days; in a hub ring `members[0]` is in every lap."""

    number: int
    typology: str
    members: tuple[int, ...]
    camouflage: int
    first_day: int
    last_day: int


@dataclass(frozen=True)
class Schemes:
    """All rings, their transfers and their paper; `errand` is ring · LAPS + lap, NOBODY for cover payments."""

    rings: list[Ring]
    transfers: Flows
    errand: Ints
    paper: Invoices


def form_groups(spec: WorldSpec, almanac: Almanac, people: Population) -> tuple[list[Ring], list[Mules]]:
    """Group the shells: some are mules, the others rings of 3 to 6; the demo has one more ring that runs through a hub
    and business 2."""
    chance = spec.chance("rings")
    shells = chance.permutation(np.flatnonzero(people.profile == SHELL))
    rings: list[Ring] = []
    if spec.mix == "demo":
        others = shells[shells != personas.CIRCULAR][: _HUB_SIZE - 1].tolist()
        members = (others[0], personas.CIRCULAR, *others[1:])
        rings.append(Ring(0, "hub", members, 1, almanac.opening_day + almanac.days // 4, almanac.days - 1))
        shells = shells[~np.isin(shells, members)]
    networks, shells = recruit(almanac, shells)
    left = shells.tolist()
    while len(left) >= 3:
        size = len(left) if len(left) <= 6 else int(chance.integers(3, min(6, len(left) - 3) + 1))
        begin, end = _interval(spec, almanac, chance)
        group, left = tuple(left[:size]), left[size:]
        rings.append(Ring(len(rings), "circular", group, int(chance.integers(0, 4)), begin, end))
    return rings, networks


def _interval(spec: WorldSpec, almanac: Almanac, chance: np.random.Generator) -> tuple[int, int]:
    """Rings of the demo run to the end; those of development come and go over the whole history."""
    shown = almanac.days - almanac.opening_day
    if spec.mix == "demo":
        return almanac.opening_day + int(chance.uniform(0.2, 0.6) * shown), almanac.days - 1
    begin = almanac.opening_day + int(chance.uniform(0.0, 0.75) * shown)
    return begin, min(begin + int(chance.uniform(180, 540)), almanac.days - 1)


def scheme(economy: Economy, rings: list[Ring]) -> Schemes:
    """Live out every ring."""
    chance = economy.spec.chance("schemes")
    transfers, numbers, papers = [flows(np.zeros(0))], [np.zeros(0, dtype=np.int64)], []
    for ring in rings:
        hops, lap = _laps(economy, ring, chance)
        cover = _cover(economy, hops, lap, ring, chance)
        transfers += [hops, cover]
        numbers += [ring.number * LAPS + lap, np.full(len(cover), NOBODY)]
        papers.append(_paper(economy, hops, ring, chance))
    empty = draft(seller=np.zeros(0, dtype=np.int64))
    return Schemes(rings, gathered(transfers), np.concatenate(numbers), _stack(papers, empty))


def _stack(papers: list[Invoices], empty: Invoices) -> Invoices:
    names = vars(empty)
    return Invoices(**{name: np.concatenate([vars(part)[name] for part in [empty, *papers]]) for name in names})


def _routes(ring: Ring, laps: int, chance: np.random.Generator) -> list[Ints]:
    """The members each lap visits, in order."""
    members = np.array(ring.members, dtype=np.int64)
    if ring.typology == "hub":
        return [_through_hub(members, chance) for _ in range(laps)]
    if ring.camouflage < 2:
        return [members] * laps
    sizes = chance.integers(3, len(members) + 1, laps)
    return [np.roll(members, -int(chance.integers(len(members))))[:size] for size in sizes.tolist()]


def _through_hub(members: Ints, chance: np.random.Generator) -> Ints:
    spokes = chance.choice(members[1:], size=min(int(chance.integers(2, 4)), len(members) - 1), replace=False)
    if personas.CIRCULAR not in spokes and chance.random() < _HUB_SHARE_OF_PERSONA:
        spokes[0] = personas.CIRCULAR
    return np.concatenate([members[:1], spokes])


def _laps(economy: Economy, ring: Ring, chance: np.random.Generator) -> tuple[Flows, Ints]:
    """Every hop of every lap, and the lap of each."""
    low, high = _PAUSE_DAYS[ring.camouflage]
    starts = ring.first_day + np.cumsum(chance.uniform(low, high, int((ring.last_day - ring.first_day) / low) + 1))
    starts = starts[starts < ring.last_day - 0.5]
    size = float(economy.people.turnover[list(ring.members)].mean())
    base = np.clip(size * chance.uniform(0.15, 0.4), 6e6, 9e7)
    parts = []
    for start, route in zip(starts.tolist(), _routes(ring, len(starts), chance), strict=True):
        parts.append(_lap(route, start, base * np.exp(chance.normal(0, 0.25)), ring.camouflage, chance))
    lap = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return gathered([flows(np.zeros(0)), *parts]), lap.astype(np.int64)


def _lap(route: Ints, start: float, value: float, camouflage: int, chance: np.random.Generator) -> Flows:
    hops = len(route)
    hours = chance.uniform(*_HOP_HOURS[camouflage], hops)
    hours *= min(1.0, LONGEST_LAP_HOURS / hours.sum())
    kept = chance.uniform(*_KEPT[camouflage])
    shrink = kept ** (np.sort(chance.random(hops)) * (np.arange(hops) > 0))
    amount = value * shrink
    if camouflage == 0:
        amount = np.rint(amount / 1e5) * 1e5
    at = start * DAY + np.cumsum(hours) * HOUR
    payer, payee = route, np.roll(route, -1)
    if camouflage >= 2:
        again = np.flatnonzero(chance.random(hops) < 0.45)
        part = chance.uniform(0.2, 0.45, len(again))
        payer, payee = np.concatenate([payer, payer[again]]), np.concatenate([payee, payee[again]])
        at = np.concatenate([at, at[again] + chance.uniform(0.02, 0.3, len(again)) * HOUR])
        amount = np.concatenate([amount, amount[again] * part])
        amount[again] *= 1 - part
    return _timed(np.rint(amount), np.rint(at).astype(np.int64), payer, payee, chance)


def _timed(amount: Floats, at: Ints, payer: Ints, payee: Ints, chance: np.random.Generator) -> Flows:
    digital = (amount <= UPI_LIMIT) & (chance.random(len(amount)) < 0.8)
    return flows(
        amount,
        payer=payer,
        payee=payee,
        day=at // DAY,
        of_day=at % DAY,
        kind=Kind.CIRCULAR,
        rail=np.where(digital, UPI, BANK),
    )


def _cover(economy: Economy, hops: Flows, lap: Ints, ring: Ring, chance: np.random.Generator) -> Flows:
    """The operator's cash before each lap and after it, and side payments that blur the trail."""
    if not len(hops):
        return flows(np.zeros(0))
    at = hops.day * DAY + hops.of_day
    first = np.flatnonzero(np.diff(lap, prepend=-1))
    last = np.append(first[1:], len(lap)) - 1
    began, ended = np.minimum.reduceat(at, first) - HOUR // 3, np.maximum.reduceat(at, first) + HOUR // 3
    back = hops.payee == np.repeat(hops.payer[first], np.diff(np.append(first, len(lap))))
    returned = np.add.reduceat(np.where(back, hops.amount, 0), first)
    put_in = np.add.reduceat(np.where(hops.payer == hops.payer[first][lap - lap[0]], hops.amount, 0), first)
    money_in = flows(
        put_in, payee=hops.payer[first], day=began // DAY, of_day=began % DAY, kind=Kind.CIRCULAR, rail=CASH
    )
    money_out = flows(
        returned, payer=hops.payer[first], day=ended // DAY, of_day=ended % DAY, kind=Kind.CIRCULAR, rail=CASH
    )
    count = 0 if ring.camouflage < 2 else len(last)
    side = flows(
        hops.amount[last][:count] * chance.uniform(0.01, 0.06, count),
        payer=hops.payee[last][:count],
        payee=economy.people.count + chance.integers(len(economy.registry.states) - economy.people.count, size=count),
        day=ended[:count] // DAY,
        of_day=ended[:count] % DAY,
        kind=Kind.CIRCULAR,
        rail=UPI,
    )
    return gathered([money_in, money_out, side])


def _paper(economy: Economy, hops: Flows, ring: Ring, chance: np.random.Generator) -> Invoices:
    """Invoices that pretend each hop paid for goods."""
    papered = hops.pick(chance.random(len(hops)) < _PAPERED[ring.camouflage])
    count = len(papered)
    sector = economy.people.sector[papered.payee]
    return draft(
        seller=papered.payee,
        buyer=papered.payer,
        day=papered.day - chance.integers(0, 3, count),
        sector=sector,
        hsn=economy.people.hsn[papered.payee],
        taxable=whole_rupees(papered.amount / 1.18),
        origin=np.full(count, CIRCULAR),
    )
