"""Fraud that is no ring: who commits it, when, and how the paper of a paper trader is bent by it.

Even-numbered paper traders structure their bills just under the line. The odd ones split invoices, sell under the codes
of another chapter, or pile up sales before they ask for a loan. Any of them may also be a ghost (bills, no returns),
move money by the clock, or come back from a long sleep. The truth file names each with its interval and its records.
"""

from dataclasses import dataclass, replace

import numpy as np

from wallets.engine.world import sectors
from wallets.engine.world.almanac import Almanac
from wallets.engine.world.invoices import ON_PAPER, Invoices, draft, rate_on, whole_rupees
from wallets.engine.world.population import Population
from wallets.engine.world.spec import PAPER, Flags, Floats, Ints, WorldSpec
from wallets.engine.world.trade import Economy

LINE = 50_000 * 100
STRUCTURING, SPLIT, REPURPOSING, BURST = "structuring", "split_invoices", "hsn_repurposing", "turnover_burst"
GHOST, ROBOTIC, DORMANT = "ghost_entity", "robotic_cadence", "dormant_reactivation"
_BURST_DAYS = 60
_BURST_DOCUMENTS = 24
_BURST_OF_TURNOVER = 6.0
_SLEEP_MONTHS = 8
_AWAKE_MONTHS = 4
_PARTS = 3


@dataclass(frozen=True)
class Scheme:
    """One business at one kind of fraud between two days (inclusive)."""

    typology: str
    business: int
    first_day: int
    last_day: int


def plot(spec: WorldSpec, almanac: Almanac, people: Population) -> list[Scheme]:
    """Hand out the typologies in turn, so that even a small population shows each of them."""
    paper = np.flatnonzero(people.profile == PAPER)
    whole = (almanac.opening_day, almanac.days - 1)
    found = [Scheme(STRUCTURING, who, *whole) for who in paper[paper % 2 == 0].tolist()]
    for rank, who in enumerate(paper[paper % 2 == 1].tolist()):
        found.append(Scheme((SPLIT, REPURPOSING, BURST)[rank % 3], who, *whole))
    # In the demo everybody keeps trading: there, the three below are rarer.
    for rank, who in enumerate(paper.tolist()):
        if rank % 4 < 3:
            found.append(_beside((GHOST, ROBOTIC, DORMANT)[rank % 4], who, almanac))
    return [_from_opening(each, people) for each in found]


def _beside(typology: str, who: int, almanac: Almanac) -> Scheme:
    """Ghosts stop filing for good, the clockwork runs for the last months, the sleeper wakes near the end."""
    last = almanac.days - 1
    months = {GHOST: almanac.months, ROBOTIC: 6, DORMANT: _SLEEP_MONTHS + _AWAKE_MONTHS}[typology]
    begin = almanac.month_starts[max(almanac.months - months, 0)]
    return Scheme(typology, who, max(int(begin), almanac.opening_day), last)


def _from_opening(scheme: Scheme, people: Population) -> Scheme:
    return replace(scheme, first_day=max(scheme.first_day, int(people.opened[scheme.business])))


def members(schemes: list[Scheme], typology: str) -> Ints:
    """The businesses of one typology."""
    return np.array([each.business for each in schemes if each.typology == typology], dtype=np.int64)


def asleep(schemes: list[Scheme], almanac: Almanac, shape: tuple[int, int]) -> Flags:
    """(N, months) in which a sleeper sells nothing: eight months, then it wakes."""
    still = np.zeros(shape, dtype=np.bool_)
    for each in schemes:
        if each.typology == DORMANT:
            begin = int(almanac.month_of_day[each.first_day])
            still[each.business, begin : max(begin, almanac.months - _AWAKE_MONTHS)] = True
    return still


def bend(economy: Economy, schemes: list[Scheme], sales: Invoices) -> Invoices:
    """The sales as the paper traders write them: split under the line, and under codes of another chapter."""
    split = np.isin(sales.seller, members(schemes, SPLIT))
    chapter = np.isin(sales.seller, members(schemes, REPURPOSING))
    sector = np.where(chapter, (economy.people.sector[np.maximum(sales.seller, 0)] + 5) % 8, sales.sector)
    hsn = np.where(chapter, sectors.HSN[sector, (sales.seller + sales.day) % 8], sales.hsn)
    written = replace(sales, sector=sector, hsn=hsn)
    return _split(economy, written, split)


def _split(economy: Economy, sales: Invoices, split: Flags) -> Invoices:
    """Each large sale of a splitter becomes some invoices of one day to one buyer, every one under the line."""
    with_tax = 1 + rate_on(sales.day, sales.sector, economy.almanac) / 10_000
    total = sales.taxable * with_tax
    parts = np.where(split, np.clip(np.ceil(total / (0.97 * LINE)), _PARTS, 12), 1).astype(np.int64)
    rows = np.repeat(np.arange(len(sales)), parts)
    whole = np.where(split, np.minimum(np.maximum(total, 1.2 * LINE), 0.96 * LINE * parts), total) / with_tax
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(parts) - parts, parts)
    uneven = 1 + np.where(parts[rows] > 1, 0.02 * ((nth * 7 + rows) % 3 - 1), 0.0)
    value = np.where(split[rows], whole[rows] / parts[rows] * uneven, sales.taxable[rows])
    return replace(sales.pick(rows), taxable=whole_rupees(value))


def bursts(economy: Economy, schemes: list[Scheme], asked: dict[int, list[int]]) -> tuple[Invoices, list[Scheme]]:
    """Round sales to a few buyers in the 60 days before each loan; `asked` are the days of the loans by business."""
    chance = economy.spec.chance("bursts")
    parts, found = [draft(seller=np.zeros(0, dtype=np.int64))], []
    for each in schemes:
        for day in asked.get(each.business, []) if each.typology == BURST else []:
            begin = max(day - _BURST_DAYS, each.first_day)
            if begin < day:
                parts.append(_burst(economy, each.business, (begin, day), chance))
                found.append(replace(each, first_day=begin, last_day=day - 1))
    names = vars(parts[0])
    return Invoices(**{name: np.concatenate([vars(part)[name] for part in parts]) for name in names}), found


def _burst(economy: Economy, who: int, days: tuple[int, int], chance: np.random.Generator) -> Invoices:
    people = economy.people
    count = _BURST_DOCUMENTS
    seller = np.full(count, who)
    size: Floats = chance.uniform(0.7, 1.3, count) * people.turnover[who] * 2 * _BURST_OF_TURNOVER / count
    few = people.count + (who * 131 + chance.integers(3, size=count) * 977) % (
        len(economy.registry.states) - people.count
    )
    return draft(
        seller=seller,
        buyer=few,
        day=chance.integers(*days, count),
        sector=people.sector[seller],
        hsn=people.hsn[seller],
        taxable=whole_rupees(np.rint(size / 1e6) * 1e6 + 1e6),
        terms=np.full(count, 60),
        by_upi=np.zeros(count, dtype=np.int64),
        origin=np.full(count, ON_PAPER),
    )
