"""GST returns: what is due, when it is meant to be filed, and what tax it carries.

GSTR-1 falls due on the 11th and GSTR-3B on the 20th of the following month; quarterly filers have the 13th and the
22nd or 24th after the quarter. Delay comes from stress and from a lasting habit; a GSTR-3B that carries cash tax is
filed on the day the tax can be paid.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from wallets.engine.world import geography, personas
from wallets.engine.world.flows import Flows, Kind, flows
from wallets.engine.world.invoices import Invoices, Taxes
from wallets.engine.world.spec import Floats, Ints
from wallets.engine.world.trade import Economy

GSTR1, GSTR3B = range(2)
_TYPE_NAMES = ("GSTR1", "GSTR3B")
NEVER = -1
_STRESS = 0.72
_COMFORT = 0.92
_GIVES_UP = 2.5
_CROOKED_CASH = 0.01


@dataclass(frozen=True)
class Returns:
    """One entry per return due: `planned` is the day of filing the business intends, or NEVER."""

    business: Ints
    kind: Ints
    month: Ints
    due: Ints
    planned: Ints
    turnover: Ints
    cash: Ints
    credit: Ints


def stress_delay(economy: Economy, business: Ints, month: Ints, noise: Floats) -> Floats:
    """Days after the due date (negative: before) that stress, habit and chance put between duty and deed.

    NaN where the business gives up. `noise` is standard normal.
    """
    inside = np.minimum(month, economy.almanac.months - 1)
    pull = -_STRESS * economy.health[business, inside] + economy.people.discipline[business] + 0.85 * noise - _COMFORT
    late = 1.5 + 9.0 * np.maximum(pull, 0) ** 1.2
    early = np.maximum(-1.5 * np.abs(pull) - 0.3, -8.0)
    return np.where(pull > _GIVES_UP, np.nan, np.where(pull > 0, late, early))


def plan_returns(economy: Economy, documents: Invoices, taxes: Taxes) -> Returns:
    """Every return of every period that has begun, with its turnover and tax."""
    people, almanac = economy.people, economy.almanac
    months = np.arange(almanac.months - 1)
    started = months[None, :] >= almanac.month_of_day[people.opened][:, None]
    quarter_end = (almanac.periods[:-1] % 3 == 2)[None, :]
    business, month = np.nonzero(started & (~people.quarterly[:, None] | quarter_end))
    turnover, cash, credit = (_per_period(economy, table)[business, month] for table in _tax(economy, documents, taxes))
    return _with_plan(economy, (business, month), np.rint(np.stack([turnover, cash, credit])).astype(np.int64))


def _with_plan(economy: Economy, what: tuple[Ints, Ints], money: Ints) -> Returns:
    chance = economy.spec.chance("filings")
    business, month = what
    quarterly = economy.people.quarterly[business]
    last = np.where(geography.EARLY_QUARTERLY[economy.people.state[business]], 22, 24)
    dues = (np.where(quarterly, 13, 11), np.where(quarterly, last, 20))
    shared = chance.normal(0, 1, len(business))
    plans = []
    for kind, day_of_month in enumerate(dues):
        due = economy.almanac.monthly_day(month + 1, day_of_month)
        noise = 0.8 * shared + 0.6 * chance.normal(0, 1, len(business))
        delay = _personas(economy, business, month, stress_delay(economy, business, month + 1, noise))
        intended = np.where(np.isnan(delay), NEVER, due + np.rint(np.nan_to_num(delay))).astype(np.int64)
        plans.append((np.full(len(business), kind), due, intended))
    return Returns(
        business=np.tile(business, 2),
        month=np.tile(month, 2),
        kind=np.concatenate([plan[0] for plan in plans]),
        due=np.concatenate([plan[1] for plan in plans]),
        planned=np.concatenate([plan[2] for plan in plans]),
        turnover=np.concatenate([money[0], _declared(economy, what, money[0], chance)]),
        cash=np.concatenate([np.zeros_like(money[1]), money[1]]),
        credit=np.tile(money[2], 2),
    )


def _declared(economy: Economy, what: tuple[Ints, Ints], turnover: Ints, chance: np.random.Generator) -> Ints:
    """Turnover admitted in GSTR-3B: a little off for everybody, short when strained, far short for paper trade."""
    business, month = what
    strain = np.maximum(-economy.health[business, month] - 0.8, 0)
    short = np.abs(chance.normal(0, 0.006, len(business))) + 0.05 * strain * chance.random(len(business))
    short += np.where(economy.people.crooked[business], chance.uniform(0.0, 0.3, len(business)), 0.0)
    declared: Ints = np.rint(turnover * (1 - np.minimum(short, 0.9))).astype(np.int64)
    return declared


def _tax(economy: Economy, documents: Invoices, taxes: Taxes) -> tuple[Floats, Floats, Floats]:
    """(N, months) turnover, tax paid in cash and by input credit; unused credit is carried forward."""
    outward, turnover = _monthly(economy, documents, documents.seller, (taxes.tax, documents.taxable))
    (inward,) = _monthly(economy, documents, documents.buyer, (taxes.tax,))
    owed = np.cumsum(outward, axis=1) - np.cumsum(inward, axis=1)
    cash = np.diff(np.maximum(np.maximum.accumulate(owed, axis=1), 0), axis=1, prepend=0.0)
    cash = np.where(economy.people.crooked[:, None], _CROOKED_CASH * np.maximum(outward, 0), cash)
    return np.maximum(turnover, 0), cash, np.maximum(outward - cash, 0)


def _monthly(economy: Economy, documents: Invoices, party: Ints, money: tuple[Ints, ...]) -> list[Floats]:
    inside = (party >= 0) & (party < economy.people.count)
    shape = (economy.people.count, economy.almanac.months)
    cell = party[inside] * shape[1] + economy.almanac.month_of_day[documents.day[inside]]
    sums: list[Floats] = []
    for each in money:
        amount = documents.signed(each)[inside].astype(np.float64)
        sums.append(np.bincount(cell, amount, shape[0] * shape[1]).astype(np.float64).reshape(shape))
    return sums


def _per_period(economy: Economy, monthly: Floats) -> Floats:
    """A month for monthly filers, the quarter ending in it for quarterly filers."""
    padded = np.pad(monthly, ((0, 0), (2, 0)))
    quarterly = padded[:, 2:] + padded[:, 1:-1] + padded[:, :-2]
    return np.where(economy.people.quarterly[:, None], quarterly, monthly)


def _personas(economy: Economy, business: Ints, month: Ints, delay: Floats) -> Floats:
    """The written stories: the good one is early, the strained one is late in every third month."""
    if economy.spec.mix != "demo":
        return delay
    story = np.where(month % 3 == 1, 6.0 + month % 5, -1.0)
    delay = np.where(business == personas.STRAINED, story, delay)
    return np.where(business == personas.GOOD, -3.0, delay)


def unfiled(returns: Returns, ghosts: Ints) -> Returns:
    """The same returns, of which ghosts file none."""
    return replace(returns, planned=np.where(np.isin(returns.business, ghosts), NEVER, returns.planned))


def tax_payments(returns: Returns) -> Flows:
    """The cash tax of each GSTR-3B on the planned day; `cause` is the return."""
    paid = np.flatnonzero((returns.cash > 0) & (returns.planned != NEVER))
    return flows(returns.cash[paid], payer=returns.business[paid], day=returns.planned[paid], kind=Kind.GST, cause=paid)


def filed_days(returns: Returns, taxed: Flows, paid_on: Ints) -> Ints:
    """The day each return was really filed, or NEVER; `taxed` are the tax payments and `paid_on` their fates."""
    filed = returns.planned.copy()
    filed[taxed.cause] = paid_on
    return filed


def returns_frame(economy: Economy, returns: Returns, filed: Ints) -> pl.DataFrame:
    """gst_returns: those that fell due inside the world; `filed_at` is null while not filed by its end."""
    almanac = economy.almanac
    shown = np.flatnonzero((returns.due < almanac.days) & (returns.due >= almanac.opening_day))
    done = (filed[shown] != NEVER) & (filed[shown] < almanac.days)
    due_at = almanac.instant(returns.due[shown])
    number = pl.Series(economy.spec.first_serial(2 * almanac.months) + np.arange(len(shown), dtype=np.int64))
    state = pl.Series(geography.CODES[economy.people.state[returns.business[shown]]])
    arn = pl.select(pl.format("A{}{}", state.cast(pl.String).str.zfill(2), number.cast(pl.String).str.zfill(12)))
    frame = pl.DataFrame(
        {
            "business": returns.business[shown],
            "return_type": pl.Series(_TYPE_NAMES).gather(returns.kind[shown]),
            "period": almanac.periods[returns.month[shown]].astype(np.int32),
            "due_at": due_at,
            "filed_at": almanac.instant(filed[shown]),
            "turnover_paise": returns.turnover[shown],
            "tax_cash_paise": returns.cash[shown],
            "tax_itc_paise": returns.credit[shown],
            "arn": arn.to_series(),
            "occurred_at": due_at,
            "received_at": due_at,
            "done": done,
        }
    )
    hidden = [pl.when("done").then(pl.col(name)).alias(name) for name in ("filed_at", "arn")]
    return frame.with_columns(hidden).drop("done").sort("business", "period", "return_type", maintain_order=True)
