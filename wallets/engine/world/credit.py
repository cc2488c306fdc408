"""Loans and what became of them. Default is nothing but an instalment unpaid for 90 days, as the treasury had it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wallets.engine.world import personas
from wallets.engine.world.almanac import DAY
from wallets.engine.world.flows import Flows, Kind, flows, gathered
from wallets.engine.world.spec import Flags, Ints
from wallets.engine.world.trade import Economy

DEFAULT_DAYS = 90
_TERMS: Ints = np.array([12, 18, 24, 36], dtype=np.int64)
_TERM_SHARES = (0.3, 0.3, 0.3, 0.1)
_BURDEN = 0.0712
_CROOKED_BURDEN = 0.075
_LARGEST_BURDEN = 0.13
_BURDEN_SPREAD = 0.19
_SPENT_AT_ONCE = 0.75
_EARLIEST_DAYS = 45


@dataclass(frozen=True)
class Loans:
    """One entry per loan: `day` of disbursal, money in paise."""

    business: Ints
    day: Ints
    principal: Ints
    months: Ints
    emi: Ints

    def __len__(self) -> int:
        return len(self.business)

    def days_by_business(self) -> dict[int, list[int]]:
        """Days of disbursal of each borrower."""
        days: dict[int, list[int]] = {}
        for who, day in zip(self.business.tolist(), self.day.tolist(), strict=True):
            days.setdefault(who, []).append(day)
        return days


def lend(economy: Economy) -> Loans:
    """Staggered loans of one to three years; a business in visible trouble is refused more often."""
    chance = economy.spec.chance("credit")
    people, almanac = economy.people, economy.almanac
    earliest = np.maximum(people.opened + np.where(people.opened > 0, 90, 0), _EARLIEST_DAYS)
    day = earliest + chance.integers(0, 240, people.count)
    rounds = []
    while bool((day < almanac.days).any()):
        asked = np.flatnonzero(day < almanac.days)
        health = economy.health[asked, almanac.month_of_day[day[asked]]]
        granted = chance.random(len(asked)) < np.clip(0.86 + 0.12 * health, 0.25, 0.92)
        granted |= people.crooked[asked]
        rounds.append((asked[granted], day[asked[granted]]))
        day = day + chance.integers(240, 480, people.count)
    business = np.concatenate([who for who, _ in rounds]).astype(np.int64)
    when = np.concatenate([days for _, days in rounds]).astype(np.int64)
    return _priced(economy, _personas(economy, business, when), chance)


def _personas(economy: Economy, business: Ints, day: Ints) -> tuple[Ints, Ints]:
    """The good and the strained persona each have exactly one loan, ten months before the end."""
    if economy.spec.mix != "demo":
        return business, day
    others = business > personas.STRAINED
    taken = np.maximum(economy.almanac.days - 300, 1)
    cast = np.array([personas.GOOD, personas.STRAINED], dtype=np.int64)
    return np.concatenate([cast, business[others]]), np.concatenate([np.full(2, taken), day[others]])


def _priced(economy: Economy, granted: tuple[Ints, Ints], chance: np.random.Generator) -> Loans:
    business, day = granted
    people, count = economy.people, len(business)
    months = _TERMS[chance.choice(4, size=count, p=_TERM_SHARES)]
    usual = np.where(people.crooked[business], _CROOKED_BURDEN, _BURDEN)
    burden = np.minimum(usual * np.exp(chance.normal(0, _BURDEN_SPREAD, count)), _LARGEST_BURDEN)
    if economy.spec.mix == "demo":
        burden = np.where(business <= personas.STRAINED, 0.025, burden)
    emi = np.rint(burden * people.turnover[business] / 100).astype(np.int64) * 100
    rate = chance.uniform(0.13, 0.22, count) / 12
    principal = np.rint(emi * (1 - (1 + rate) ** -months) / rate / 1e5).astype(np.int64) * 100_000
    return Loans(business=business, day=day, principal=np.maximum(principal, 100_000), months=months, emi=emi)


def loan_flows(economy: Economy, loans: Loans) -> Flows:
    """Disbursal, the purchase it was taken for, and every instalment; `cause` is the loan."""
    chance = economy.spec.chance("instalments")
    number = np.arange(len(loans))
    out = flows(loans.principal, payee=loans.business, day=loans.day, kind=Kind.LOAN, cause=number)
    spent = flows(
        np.rint(loans.principal * _SPENT_AT_ONCE).astype(np.int64),
        payer=loans.business,
        day=loans.day + chance.integers(1, 15, len(loans)),
        kind=Kind.CAPEX,
        cause=number,
    )
    loan = np.repeat(number, loans.months)
    nth = np.arange(len(loan)) - np.repeat(np.cumsum(loans.months) - loans.months, loans.months)
    due = loans.day[loan] + 30 + np.rint(nth * 30.4375).astype(np.int64)
    emi = flows(loans.emi[loan], payer=loans.business[loan], day=due, kind=Kind.EMI, cause=loan)
    inside = emi.day < economy.almanac.days
    return gathered([out, spent, emi.pick(inside)])


def default_days(loans: Loans, instalments: Flows, paid_on: Ints, days: int) -> Ints:
    """First day each loan was 90 days past due, or -1: an instalment due on d is 90 days late on d + 90."""
    late_on = instalments.day + DEFAULT_DAYS
    missed: Flags = (instalments.kind == Kind.EMI) & (late_on < days) & ((paid_on < 0) | (paid_on > late_on))
    first = np.full(len(loans), np.iinfo(np.int64).max)
    np.minimum.at(first, instalments.cause[missed], late_on[missed])
    return np.where(first == np.iinfo(np.int64).max, -1, first)


def outcomes_frame(economy: Economy, loans: Loans, granted: Flags, defaulted: Ints) -> pl.DataFrame:
    """outcomes: repayment history of every loan really given and shown, as far as the world was watched."""
    almanac = economy.almanac
    shown = np.flatnonzero(granted & (loans.day >= almanac.opening_day))
    ends = loans.day[shown] + np.rint(loans.months[shown] * 30.4375).astype(np.int64) + DEFAULT_DAYS
    observed = np.minimum(ends, almanac.days - 1)
    frame = pl.DataFrame(
        {
            "business": loans.business[shown],
            "disbursed_at": almanac.instant(loans.day[shown]),
            "principal_paise": loans.principal[shown],
            "months": loans.months[shown].astype(np.int32),
            "emi_paise": loans.emi[shown],
            "defaulted_at": pl.Series(almanac.instant(defaulted[shown])).set(pl.Series(defaulted[shown] < 0), None),
            "observed_until": almanac.instant(observed),
        }
    )
    return frame.sort("business", "disbursed_at", maintain_order=True)


def yearly_default_rate(loans: pl.DataFrame) -> float:
    """Share of the loans watched for a whole year that were 90 days past due within it; 0 when there are none."""
    year = 365 * DAY
    fell = (pl.col("defaulted_at") - pl.col("disbursed_at") <= year).fill_null(value=False)
    watched = loans.filter(pl.col("observed_until") - pl.col("disbursed_at") >= year)
    return float(watched.select(fell.mean()).item() or 0.0)
