"""How invoices get paid: after the agreed days and some, in one part or two, by UPI or bank, or never."""

import numpy as np

from wallets.engine.world import sectors
from wallets.engine.world.flows import BANK, CASH, UPI, Flows, Kind, flows, gathered
from wallets.engine.world.invoices import B2B, CIRCULAR, EXP, ON_PAPER, Invoices, Taxes
from wallets.engine.world.spec import SHELL, Floats, Ints
from wallets.engine.world.trade import Economy, spread

UPI_LIMIT = 10**5 * 100
_CRITICAL_SHARE = 0.55
_TWO_PARTS = 0.18
_HEAVY = 0.15
_RETAIL_PAYMENTS = 6.5


def planned_settlements(economy: Economy, documents: Invoices, taxes: Taxes) -> Flows:
    """A flow per instalment of every payable B2B invoice, on the day the payer means to pay."""
    chance = economy.spec.chance("settlements")
    payable = np.isin(documents.kind, [B2B, EXP]) & ~documents.void & (documents.origin != CIRCULAR)
    payable &= chance.random(len(documents)) >= _never_paid(economy, documents)
    due, total = documents.pick(payable), taxes.total[payable]
    count = len(due)
    lag = np.rint(due.terms * _patience(economy, due, chance)).astype(np.int64)
    parted = (chance.random(count) < _TWO_PARTS) | (total > _heavy(economy, due.buyer))
    first = np.where(parted, np.rint(total * chance.uniform(0.3, 0.7, count)), total).astype(np.int64)
    rest = np.flatnonzero(parted & (total > first))
    part = np.concatenate([np.arange(count), rest])
    amount = np.concatenate([first, (total - first)[rest]])
    day = np.concatenate([due.day + lag, (due.day + lag + chance.integers(5, 40, count))[rest]])
    by_upi = (amount <= UPI_LIMIT) & (10_000 * chance.random(len(part)) < due.by_upi[part])
    return flows(
        amount,
        payer=due.buyer[part],
        payee=due.seller[part],
        day=day,
        kind=np.where(chance.random(len(part)) < _CRITICAL_SHARE, Kind.CRITICAL, Kind.TRADE),
        rail=np.where(by_upi, UPI, BANK),
    )


def _health_of(economy: Economy, party: Ints, day: Ints) -> Floats:
    inside = (party >= 0) & (party < economy.people.count)
    seen = economy.health[np.where(inside, party, 0), economy.almanac.month_of_day[day]]
    return np.where(inside, seen, 0.0)


def _heavy(economy: Economy, payer: Ints) -> Floats:
    """Paise above which a payer of the population would rather pay in two parts."""
    inside = (payer >= 0) & (payer < economy.people.count)
    return np.where(inside, _HEAVY * economy.people.turnover[np.where(inside, payer, 0)], np.inf)


def _never_paid(economy: Economy, documents: Invoices) -> Floats:
    """Chance that nobody ever pays: bad customers go with bad times; paper trade is hardly paid at all."""
    strained = np.maximum(-_health_of(economy, documents.seller, documents.day), 0)
    outsider = documents.buyer >= economy.people.count
    chance = np.where(outsider, 0.012 + 0.02 * strained, 0.004)
    own = np.where(documents.seller < economy.people.count, documents.seller, 0)
    hollow = (economy.people.profile[own] == SHELL) & (documents.seller < economy.people.count)
    return np.where(documents.origin == ON_PAPER, 0.86, np.where(hollow, 0.35, chance))


def _patience(economy: Economy, due: Invoices, chance: np.random.Generator) -> Floats:
    """Factor on the agreed days: a payer in trouble takes longer, and a seller in trouble has slower customers."""
    payer = _health_of(economy, due.buyer, due.day)
    seller = _health_of(economy, due.seller, due.day)
    return np.exp(chance.normal(0.08, 0.32, len(due)) - 0.30 * np.minimum(payer, 0.5) - 0.12 * seller)


def counter_receipts(economy: Economy) -> Flows:
    """Retail money: UPI payments to the merchant, and the cash of the counter paid in once or twice a month."""
    chance = economy.spec.chance("counter")
    people, almanac = economy.people, economy.almanac
    gross = economy.level * people.retail[:, None] * (1 + sectors.RATE_AFTER[people.sector] / 10_000)[:, None]
    years = (np.arange(almanac.months) - almanac.months) / 12
    digital = np.clip(0.66 + 0.05 * years + chance.normal(0, 0.12, people.count)[:, None], 0.15, 0.95)
    busy = _RETAIL_PAYMENTS * (1 + 0.12 * years) * np.clip((people.turnover / 1.3e8) ** 0.15, 0.6, 1.8)[:, None]
    counts = np.where(gross > 0, chance.poisson(np.maximum(busy, 0.5) * (0.6 + people.retail[:, None])), 0)
    business, month, day = spread(counts, economy, chance)
    weight = chance.exponential(1.0, len(business))
    cell = business * almanac.months + month
    whole = np.bincount(cell, weight, gross.size)[cell]
    upi = flows(
        (gross * digital)[business, month] * weight / whole,
        payee=business,
        day=day,
        kind=Kind.RETAIL,
        rail=UPI,
        person=_customer(economy, business, chance),
    )
    paid_in, of_month, on = spread((gross > 0).astype(np.int64), economy, chance)
    cash = flows((gross * (1 - digital))[paid_in, of_month], payee=paid_in, day=on, kind=Kind.TAKINGS, rail=CASH)
    return gathered([upi, cash])


def personal_payments(economy: Economy) -> Flows:
    """Small transfers between the owner and private persons; more of them come in when times are bad."""
    chance = economy.spec.chance("personal")
    parts = []
    lean = np.exp(-0.35 * economy.health)
    for inward, rate in ((True, 0.55 * lean), (False, 0.85 * np.ones_like(lean))):
        business, _, day = spread(chance.poisson(rate), economy, chance)
        amount = np.rint(np.exp(chance.normal(np.log(2_500), 0.9, len(business)))) * 100
        person = _customer(economy, business, chance)
        side = {"payee": business} if inward else {"payer": business}
        parts.append(flows(amount, day=day, kind=Kind.PERSONAL, rail=UPI, person=person, **side))
    return gathered(parts)


def _customer(economy: Economy, business: Ints, chance: np.random.Generator) -> Ints:
    """A private payment address: each business has its own neighbourhood with a few regulars."""
    pool = len(economy.registry.addresses) - economy.registry.people_from
    regular = (40 * chance.random(len(business)) ** 2).astype(np.int64)
    return economy.registry.people_from + (business * 8 + regular) % pool
