"""Sales and purchases: what each business invoices and is invoiced, month by month, driven by its hidden health."""

from dataclasses import dataclass, replace

import numpy as np

from wallets.engine.world import festivals, sectors
from wallets.engine.world.almanac import Almanac
from wallets.engine.world.invoices import (
    B2CL,
    B2CS,
    CDNR,
    CIRCULAR,
    EXP,
    ON_PAPER,
    Invoices,
    draft,
    rate_on,
    whole_rupees,
)
from wallets.engine.world.population import CRORE, Population, Registry
from wallets.engine.world.relations import Relations
from wallets.engine.world.spec import PAPER, Flags, Floats, Ints, WorldSpec

_HEALTH_ON_SALES = 0.38
_HEALTH_ON_COST = 0.115
_MONTHLY_NOISE = 0.16
_SUPPLIERS = 8
_PAPER_INFLATION = 3.0
_STRUCTURED_DOCUMENTS = 9.0
_LARGEST_SHARE_OF_NEED = 0.9
_EXPORTERS = 0.12
_LEAST_OF_EXPORTERS = 4 * CRORE / 12
_ABROAD = 0.4


@dataclass(frozen=True)
class Economy:
    """The fixed frame all of trade is drawn in; `health` and `level` (paise of monthly sales) are (N, months)."""

    spec: WorldSpec
    almanac: Almanac
    people: Population
    registry: Registry
    relations: Relations
    health: Floats
    level: Floats


def sales_level(spec: WorldSpec, almanac: Almanac, people: Population, health: Floats) -> Floats:
    """(N, months) paise of sales: turnover × trend × season × health × noise, none before the business opened."""
    chance = spec.chance("level")
    months = np.arange(almanac.months)
    trend = np.exp(people.growth[:, None] * (months - almanac.months / 2) / 12)
    season = sectors.seasons(people.sector, almanac.periods)
    noise = np.exp(chance.normal(0, _MONTHLY_NOISE, health.shape))
    age = months[None, :] - almanac.month_of_day[people.opened][:, None]
    ramp = np.where((people.opened > 0)[:, None], np.clip(0.35 + 0.11 * age, 0.0, 1.0), 1.0)
    level = people.turnover[:, None] * trend * season * np.exp(_HEALTH_ON_SALES * health) * noise * ramp
    return np.where(age >= 0, level, 0.0)


def spread(counts: Ints, economy: Economy, chance: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Business, month and day of events counted per (business, month): fewer on Sundays and festivals."""
    business, month = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), counts.shape[1])
    starts = economy.almanac.month_starts
    length = starts[month + 1] - starts[month]
    day = starts[month] + (chance.random(len(month)) ** 0.9 * length).astype(np.int64)
    shut = festivals.closed_days(economy.almanac)[np.minimum(day, economy.almanac.days - 1)]
    shut |= (day + economy.almanac.start.weekday()) % 7 == 6
    day = np.minimum(day + (shut & (chance.random(len(day)) < 0.85)), starts[month + 1] - 1)
    open_yet = (day >= economy.people.opened[business]) & (day < economy.almanac.days)
    return business[open_yet], month[open_yet], day[open_yet]


def b2b_sales(economy: Economy) -> Invoices:
    """Sales to registered buyers along the relations; paper traders inflate, cross sectors and stay under ₹50,000."""
    chance = economy.spec.chance("b2b")
    people = economy.people
    rate = people.busyness
    structuring = (people.profile == PAPER) & (np.arange(people.count) % 2 == 0)
    rate = np.where(structuring, _STRUCTURED_DOCUMENTS, rate)
    seller, month, day = spread(chance.poisson(rate[:, None] * (economy.level > 0)), economy, chance)
    value = (economy.level * (1 - people.retail)[:, None] / rate[:, None])[seller, month]
    value *= np.exp(chance.normal(-0.18, 0.6, len(seller)))
    paper = people.profile[seller] == PAPER
    sector, hsn = _goods(people, (seller, month), paper, chance)
    with_tax = 1 + rate_on(day, sector, economy.almanac) / 10_000
    value = np.where(paper, value * _PAPER_INFLATION, value)
    value = np.where(structuring[seller], chance.uniform(45.2e5, 49.9e5, len(seller)) / with_tax, value)
    relation = economy.relations.draw(seller, chance)
    return draft(
        seller=seller,
        buyer=_willing_buyers(economy, economy.relations.buyer[relation], day, value),
        day=day,
        sector=sector,
        hsn=hsn,
        taxable=whole_rupees(value),
        terms=economy.relations.terms[relation],
        by_upi=economy.relations.by_upi[relation],
        origin=np.where(paper, ON_PAPER, 0),
        cancelled=(chance.random(len(seller)) < 0.008).astype(np.int64),
    )


def with_exports(economy: Economy, sales: Invoices) -> Invoices:
    """Some of the larger honest businesses sell two fifths abroad: no buyer in the register, no tax, paid by bank."""
    chance = economy.spec.chance("exports")
    people = economy.people
    exporter = (chance.random(people.count) < _EXPORTERS) & (people.turnover >= _LEAST_OF_EXPORTERS) & ~people.crooked
    abroad = exporter[sales.seller] & (chance.random(len(sales)) < _ABROAD)
    return replace(
        sales,
        buyer=np.where(abroad, -1, sales.buyer),
        kind=np.where(abroad, EXP, sales.kind),
        by_upi=np.where(abroad, 0, sales.by_upi),
    )


def _willing_buyers(economy: Economy, buyer: Ints, day: Ints, value: Floats) -> Ints:
    """The buyers, with an outsider in the place of one that has not opened yet or has all it needs until month end."""
    people, almanac = economy.people, economy.almanac
    inside = np.flatnonzero(buyer < people.count)
    inside = inside[np.lexsort((day[inside], buyer[inside]))]
    who, when = buyer[inside], day[inside]
    need = np.cumsum(economy.level * people.input_cost[:, None], axis=1) * _LARGEST_SHARE_OF_NEED
    running = np.cumsum(value[inside])
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    before = np.repeat(running[starts] - value[inside][starts], np.diff(np.append(starts, len(who))))
    unwilling = running - before > need[who, almanac.month_of_day[when]]
    refused = inside[unwilling | (people.opened[who] > when)]
    outsiders = len(economy.registry.states) - people.count
    willing = buyer.copy()
    willing[refused] = people.count + (buyer[refused] * 577 + day[refused]) % outsiders
    return willing


def _goods(
    people: Population,
    who: tuple[Ints, Ints],
    paper: Flags,
    chance: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Sector and HSN sold: mostly the registered code, else a sister code; on paper any sector that suits the month."""
    seller, month = who
    sector = np.where(paper, (people.sector[seller] + month // 2 * 3) % 8, people.sector[seller])
    usual = (chance.random(len(seller)) < 0.86) & ~paper
    sister = sectors.HSN[sector, chance.integers(8, size=len(seller))]
    return sector, np.where(usual, people.hsn[seller], sister)


def b2c_sales(economy: Economy) -> Invoices:
    """Consolidated sales to the unregistered (B2CS, about twice a month) and rare large ones (B2CL)."""
    chance = economy.spec.chance("b2c")
    people = economy.people
    retail = economy.level * people.retail[:, None]
    counts = np.where(retail > 0, 1 + (chance.random(retail.shape) < 0.5), 0).astype(np.int64)
    seller, month, day = spread(counts, economy, chance)
    value = (retail / np.maximum(counts, 1))[seller, month] * np.exp(chance.normal(-0.02, 0.2, len(seller)))
    large = (value > 2.5e7) & (chance.random(len(seller)) < 0.05)
    return draft(
        seller=seller,
        buyer=np.full(len(seller), -1),
        day=day,
        kind=np.where(large, B2CL, B2CS),
        sector=people.sector[seller],
        hsn=people.hsn[seller],
        taxable=whole_rupees(value),
    )


def purchases(economy: Economy, sales: Invoices) -> Invoices:
    """What is still needed after buying inside the population, bought from a few lasting outside suppliers."""
    chance = economy.spec.chance("purchases")
    people = economy.people
    genuine = sales.pick(sales.origin != CIRCULAR)
    bought = _monthly_value(economy, genuine, genuine.buyer)
    sold = _monthly_value(economy, genuine, genuine.seller)
    sold = sold + economy.level * people.retail[:, None]
    # Orders follow the sales of this month and the one before, not the hope of the year.
    order = 0.5 * (sold + np.concatenate([sold[:, :1], sold[:, :-1]], axis=1))
    waste = np.exp(chance.normal(0, 0.08, economy.level.shape) - _HEALTH_ON_COST * economy.health)
    need = order * people.input_cost[:, None] * waste
    gap = np.cumsum(need, axis=1) - np.cumsum(bought, axis=1)
    reached = np.maximum(np.maximum.accumulate(gap, axis=1), 0)
    wanted = np.diff(reached, axis=1, prepend=0.0)
    counts = np.where(wanted > 0, 1 + chance.poisson(1.0, wanted.shape), 0)
    buyer, month, day = spread(counts, economy, chance)
    value = (wanted / np.maximum(counts, 1))[buyer, month] * np.exp(chance.normal(-0.08, 0.4, len(buyer)))
    supplier = (chance.random(len(buyer)) ** 1.6 * _SUPPLIERS).astype(np.int64)
    outsiders = len(economy.registry.states) - people.count
    other = chance.random(len(buyer)) < 0.35
    sector = np.where(other, chance.integers(8, size=len(buyer)), people.sector[buyer])
    paper = people.profile[buyer] == PAPER
    return draft(
        seller=people.count + (buyer * 131 + supplier * 977) % outsiders,
        buyer=buyer,
        day=day,
        sector=sector,
        hsn=sectors.HSN[sector, (supplier + buyer) % 8],
        taxable=whole_rupees(value),
        terms=economy.relations.terms[(buyer * 7 + supplier * 31) % len(economy.relations.terms)],
        by_upi=np.full(len(buyer), 3_500),
        origin=np.where(paper, ON_PAPER, 0),
    )


def _monthly_value(economy: Economy, documents: Invoices, party: Ints) -> Floats:
    """(N, months) paise of valid documents by one of their parties."""
    shape = (economy.people.count, economy.almanac.months)
    inside = (party >= 0) & (party < shape[0]) & ~documents.void
    cell = party[inside] * shape[1] + economy.almanac.month_of_day[documents.day[inside]]
    value = np.bincount(cell, documents.taxable[inside].astype(np.float64), shape[0] * shape[1])
    return value.astype(np.float64).reshape(shape)


def credit_notes(economy: Economy, sales: Invoices) -> Invoices:
    """Returns and rebates on B2B sales: one in fifty, more often in bad times."""
    chance = economy.spec.chance("credit_notes")
    inside = sales.seller < economy.people.count
    seller = np.where(inside, sales.seller, 0)
    health = economy.health[seller, economy.almanac.month_of_day[sales.day]]
    likely = np.where(inside, 0.015 + 0.02 * np.maximum(-health, 0), 0.01) * ~sales.void
    noted = sales.pick(chance.random(len(sales)) < likely)
    count = len(noted)
    return draft(
        seller=noted.seller,
        buyer=noted.buyer,
        day=noted.day + chance.integers(3, 26, count),
        kind=np.full(count, CDNR),
        sector=noted.sector,
        hsn=noted.hsn,
        taxable=whole_rupees(noted.taxable * chance.uniform(0.05, 0.3, count)),
        origin=noted.origin,
    )
