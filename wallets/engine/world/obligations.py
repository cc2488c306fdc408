"""What a business owes every month whether or not it sells: salaries, rent, statutory dues, a mandate, its start."""

import numpy as np

from wallets.engine.world.filings import stress_delay
from wallets.engine.world.flows import UPI, Flows, Kind, flows, gathered
from wallets.engine.world.spec import Floats, Ints
from wallets.engine.world.trade import Economy

_SALARY_SHARE, _RENT_SHARE, _MANDATE_SHARE = 0.80, 0.18, 0.02
# Share of the salary bill and day of the following month on which it falls due.
_STATUTORY = ((Kind.EPF, 0.12, 15), (Kind.ESIC, 0.035, 15), (Kind.TDS, 0.02, 7))
_SETTLED_AFTER_DAYS = 20
_PAYROLL_STAFF = 12
_COST_OF_SLEEP = 0.02


def monthly_costs(economy: Economy) -> Floats:
    """(N, months) paise of fixed cost: follows the trend of the business, not its luck; little in sleep."""
    people, almanac = economy.people, economy.almanac
    trend = np.exp(people.growth[:, None] * (np.arange(almanac.months) - almanac.months / 2) / 12)
    awake = np.where(economy.level > 0, 1.0, _COST_OF_SLEEP)
    return people.turnover[:, None] * people.fixed_cost[:, None] * trend * awake


def payroll_hubs(economy: Economy) -> Ints:
    """Honest businesses that pay every worker by UPI: they fan out like a mule hub and are none."""
    crooked = economy.people.crooked
    wanted = max(2, economy.people.count // 150)
    return np.flatnonzero(economy.people.employer & ~crooked & (np.arange(len(crooked)) > 2))[:wanted]


def monthly_obligations(economy: Economy) -> Flows:
    """Every regular outflow that does not depend on sales."""
    chance = economy.spec.chance("obligations")
    people, almanac = economy.people, economy.almanac
    costs = monthly_costs(economy)
    opened = people.opened + np.where(people.opened > 0, _SETTLED_AFTER_DAYS, 0)
    running = almanac.month_starts[None, :-1] >= opened[:, None]
    business, month = np.nonzero(running)
    cost = costs[business, month] * np.exp(chance.normal(0, 0.04, len(business)))
    payday = np.where(chance.random(people.count) < 0.6, 1, 7)
    start = almanac.month_starts[month]
    salary = _salaries(economy, (business, start + payday[business] - 1), cost * _SALARY_SHARE, chance)
    rent = flows(cost * _RENT_SHARE, payer=business, day=start + 4, kind=Kind.RENT)
    mandate_day = chance.integers(2, 27, people.count)
    mandate = flows(
        np.rint(costs[business, 0] * _MANDATE_SHARE),
        payer=business,
        day=start + mandate_day[business],
        kind=Kind.MANDATE,
    )
    return gathered([salary, rent, mandate, *_statutory(economy, (business, month), cost, chance)])


def _salaries(economy: Economy, when: tuple[Ints, Ints], bill: Floats, chance: np.random.Generator) -> Flows:
    """One bulk debit a month; payroll hubs pay each person by UPI instead."""
    business, day = when
    single = np.isin(business, payroll_hubs(economy))
    bulk = flows(bill[~single], payer=business[~single], day=day[~single], kind=Kind.SALARY)
    who = np.repeat(np.flatnonzero(single), _PAYROLL_STAFF)
    share = chance.dirichlet(np.full(_PAYROLL_STAFF, 8.0), int(single.sum())).ravel()
    pool = len(economy.registry.addresses) - economy.registry.people_from
    worker = np.tile(np.arange(_PAYROLL_STAFF), int(single.sum()))
    staff = economy.registry.people_from + (business[who] * 8 + worker) % pool
    each = flows(bill[who] * share, payer=business[who], day=day[who], kind=Kind.SALARY, rail=UPI, person=staff)
    return gathered([bulk, each])


def _statutory(economy: Economy, what: tuple[Ints, Ints], cost: Floats, chance: np.random.Generator) -> list[Flows]:
    """EPF, ESIC and TDS of employers: due in the following month, late when stressed, skipped when given up."""
    business, month = what
    employer = economy.people.employer[business]
    dues = []
    for kind, share, day_of_month in _STATUTORY:
        due = economy.almanac.monthly_day(month + 1, day_of_month)
        delay = stress_delay(economy, business, month + 1, chance.normal(0, 1, len(business)))
        kept = np.flatnonzero(employer & ~np.isnan(delay))
        day = due[kept] + np.rint(delay[kept]).astype(np.int64)
        dues.append(flows(cost[kept] * _SALARY_SHARE * share, payer=business[kept], day=day, kind=kind))
    return dues


def founding_capital(economy: Economy) -> Flows:
    """The owners' money on the day a business opens inside the world: about two months of its costs."""
    chance = economy.spec.chance("capital")
    late = np.flatnonzero(economy.people.opened > 0)
    months = np.exp(chance.normal(0.1, 0.35, len(late)))
    return flows(economy.people.turnover[late] * months, payee=late, day=economy.people.opened[late], kind=Kind.CAPITAL)
