"""The daily till of every business: what comes in, what can be paid, what must wait. Here liquidity really evolves.

Each day, in order: the week's UPI balance is swept into the bank on Mondays; outsiders pay; then every business pays
what it owes in order of priority as far as its bank balance and overdraft reach. What cannot be paid waits and is
tried again, a bounded number of times. Default, late tax, bounced cheques and late salaries all come from here.
"""

from dataclasses import dataclass, field

import numpy as np

from wallets.engine.world import misfortunes
from wallets.engine.world.flows import ATTEMPTS, BANK, PATIENCE, PRIORITY, UPI, Flows, Kind
from wallets.engine.world.population import Population
from wallets.engine.world.spec import SHELL, Flags, Floats, Ints
from wallets.engine.world.trade import Economy

RETURN_CHARGE = 354 * 100  # ₹300 and tax, what banks commonly take for a returned mandate or cheque
_DRAWING_DAY = 2
_SUPPORT_DAYS = (5, 19)
_NOTED_ATTEMPTS = 3
_NOTED_BY_UPI = 1  # the app shows the balance: after one refusal people look first
_HELD_BACK = 1  # who knows the account is empty waits before the first try
_PRESENTED_AGAIN = 2  # and a bank presents a mandate or cheque twice more before it returns it at a charge
_REFUSED_AFTER = 2
_STOPPED_AFTER = 8  # refused tries in a row, about two instalments: then lenders present no more mandates
_MANDATED = np.isin(np.arange(len(Kind)), [Kind.EMI, Kind.MANDATE])
_CHEQUES = 4  # every fourth payment by bank to a supplier is a cheque
_TILL_SHARE = 0.40
_READINESS = 0.25  # of a family with full means, twice a month
_DUTIES = 1  # wages, instalments and mandates may use what is set aside for them
_ROUNDS = 3  # paying what is left after the large ones were passed by


@dataclass(frozen=True)
class Ledger:
    """What really happened.

    `paid_on`: day each flow was executed or -1; `failed`/`failed_on`: flows and days of attempts refused for lack of
    funds; `returned`: those among them that the bank returned at a charge; `owner`, `owner_day`, `owner_amount`: what
    owners took out (negative) or put in; `swept`, `swept_day`, `swept_amount`: weekly UPI settlements; `cash`:
    (N, months) paise at each month's end; `granted`: loans really given; `opening`: paise at the beginning.
    """

    paid_on: Ints
    failed: Ints
    failed_on: Ints
    returned: Flags
    owner: Ints
    owner_day: Ints
    owner_amount: Ints
    swept: Ints
    swept_day: Ints
    swept_amount: Ints
    cash: Ints
    granted: Flags
    opening: Ints


@dataclass
class _Till:
    """The moving state while the days pass; money in paise."""

    people: Population
    plan: Flows
    bank: Ints
    overdraft: Ints
    set_aside: Ints
    upi: Ints
    paid_on: Ints
    attempts: Ints
    trouble: Ints
    granted: Flags
    waiting: list[list[Ints]]
    failures: list[tuple[Ints, int]] = field(default_factory=list)
    returned: list[Flags] = field(default_factory=list)
    owners: list[tuple[Ints, int, Ints]] = field(default_factory=list)
    sweeps: list[tuple[Ints, int, Ints]] = field(default_factory=list)


def run(economy: Economy, plan: Flows, loans: int, direct: Flows) -> Ledger:
    """Live through every day.

    `direct` are transfers that move outside this till (circular and family money, which only passes through); their
    UPI part still shows in the weekly settlements.
    """
    almanac, people = economy.almanac, economy.people
    chance = economy.spec.chance("treasury")
    order = np.argsort(plan.day, kind="stable")
    first = np.searchsorted(plan.day[order], np.arange(almanac.days + 1))
    till = _open(economy, plan, loans)
    opening = till.bank.copy()
    beside = _weekly(economy, direct)
    needs = misfortunes.household_needs(economy.spec, almanac, people)
    closing = np.zeros((people.count, almanac.months), dtype=np.int64)
    for day in range(almanac.days):
        date_of_month = day - int(almanac.month_starts[almanac.month_of_day[day]])
        if (day + almanac.start.weekday()) % 7 == 0:
            _sweep(till, day, beside.get((day - 1 + almanac.start.weekday()) // 7))
        due = np.concatenate([order[first[day] : first[day + 1]], *till.waiting[day]])
        till.waiting[day] = []
        if day in needs:
            _meet(till, day, *needs[day])
        _pay_day(till, day, due)
        if date_of_month == _DRAWING_DAY:
            _draw(till, day, economy)
        if date_of_month in _SUPPORT_DAYS:
            _support(till, day, chance)
        closing[:, almanac.month_of_day[day]] = till.bank + till.upi
    return _close(till, closing, opening)


def _open(economy: Economy, plan: Flows, loans: int) -> _Till:
    people = economy.people
    start = np.where(people.opened == 0, people.buffer * people.turnover * _TILL_SHARE * 2, 0.0)
    return _Till(
        people=people,
        plan=plan,
        bank=np.rint(start).astype(np.int64),
        overdraft=np.rint(people.overdraft * people.turnover).astype(np.int64),
        set_aside=np.rint(people.set_aside * people.turnover).astype(np.int64),
        upi=np.zeros(people.count, dtype=np.int64),
        paid_on=np.full(len(plan), -1, dtype=np.int64),
        attempts=np.zeros(len(plan), dtype=np.int64),
        trouble=np.zeros(people.count, dtype=np.int64),
        granted=np.ones(loans, dtype=np.bool_),
        waiting=[[] for _ in range(economy.almanac.days)],
    )


def _week(economy: Economy, day: Ints) -> Ints:
    """Number of the Monday-to-Sunday week of each day."""
    return (day + economy.almanac.start.weekday()) // 7


def _weekly(economy: Economy, direct: Flows) -> dict[int, Ints]:
    """(N,) signed paise of direct UPI money per week in which there was any."""
    digital = direct.pick(direct.rail == UPI)
    week = _week(economy, digital.day)
    sums: dict[int, Ints] = {}
    for number in np.unique(week).tolist():
        here = digital.pick(week == number)
        sums[number] = _net(economy.people.count, here)
    return sums


def _net(count: int, moved: Flows) -> Ints:
    net = np.zeros(count, dtype=np.int64)
    for side, sign in ((moved.payer, -1), (moved.payee, 1)):
        inside = (side >= 0) & (side < count)
        net += sign * _sum(count, side[inside], moved.amount[inside])
    return net


def _sum(count: int, who: Ints, amount: Ints) -> Ints:
    return np.rint(np.bincount(who, amount.astype(np.float64), count)).astype(np.int64)


def _sweep(till: _Till, day: int, beside: Ints | None) -> None:
    """Settle the week's UPI into the bank account."""
    moved = till.upi.copy() if beside is None else till.upi + beside
    who = np.flatnonzero(moved)
    till.sweeps.append((who, day, moved[who]))
    till.bank += till.upi
    till.upi[:] = 0


def _pay_day(till: _Till, day: int, due: Ints) -> None:
    plan, count = till.plan, till.people.count
    loan = (plan.kind[due] == Kind.LOAN) | (plan.kind[due] == Kind.CAPEX) | (plan.kind[due] == Kind.EMI)
    asking = due[plan.kind[due] == Kind.LOAN]
    refused = asking[till.trouble[plan.payee[asking]] >= _REFUSED_AFTER]
    till.granted[plan.cause[refused]] = False
    due = due[~loan | till.granted[np.where(loan, plan.cause[due], 0)]] if len(till.granted) else due
    own = (plan.payer[due] >= 0) & (plan.payer[due] < count) & (plan.kind[due] != Kind.PAYOUT)
    _execute(till, day, due[~own])
    owed = due[own]
    owed = owed[np.lexsort((plan.amount[owed], PRIORITY[plan.kind[owed]], plan.payer[owed]))]
    for _ in range(_ROUNDS):
        affordable = _affordable(till, owed)
        _execute(till, day, owed[affordable])
        owed = owed[~affordable]
    _refuse(till, day, owed)


def _affordable(till: _Till, owed: Ints) -> Flags:
    """Of flows sorted by payer and priority, those payable one after another; too large ones are passed by."""
    plan = till.plan
    payer, amount = plan.payer[owed], plan.amount[owed]
    kept = np.where(PRIORITY[plan.kind[owed]] > _DUTIES, till.set_aside[payer], 0)
    funds = (till.bank + till.upi + till.overdraft)[payer] - kept
    running = np.cumsum(np.where(amount <= funds, amount, 0))
    starts = np.flatnonzero(np.diff(payer, prepend=-1))
    before = np.concatenate([np.zeros(1, dtype=np.int64), running])[starts]
    used = running - np.repeat(before, np.diff(np.append(starts, len(payer))))
    payable: Flags = np.maximum(amount, used) <= funds
    return payable


def _execute(till: _Till, day: int, done: Ints) -> None:
    plan, count = till.plan, till.people.count
    till.paid_on[done] = day
    for side, sign in ((plan.payer, -1), (plan.payee, 1)):
        inside = done[(side[done] >= 0) & (side[done] < count)]
        digital = plan.rail[inside] == UPI
        for pot, chosen in ((till.upi, inside[digital]), (till.bank, inside[~digital])):
            pot += sign * _sum(count, side[chosen], plan.amount[chosen])
    repaid = done[plan.kind[done] == Kind.EMI]
    till.trouble[plan.payer[repaid]] = 0


def _refuse(till: _Till, day: int, lacking: Ints) -> None:
    """Note the failure while it is fresh, charge returns, and put the flow off."""
    plan = till.plan
    till.attempts[lacking] += 1
    tried = till.attempts[lacking]
    most = np.where(plan.rail[lacking] == UPI, _NOTED_BY_UPI, _NOTED_ATTEMPTS)
    stopped = _MANDATED[plan.kind[lacking]] & (till.trouble[plan.payer[lacking]] > _STOPPED_AFTER)
    noted = lacking[(tried > _HELD_BACK) & (tried <= _HELD_BACK + most) & ~stopped]
    till.failures.append((noted, day))
    till.returned.append(is_returned(plan, noted) & (till.attempts[noted] > _HELD_BACK + _PRESENTED_AGAIN))
    charged = noted[till.returned[-1]]
    till.bank -= RETURN_CHARGE * np.bincount(plan.payer[charged], minlength=till.people.count)
    missed = lacking[plan.kind[lacking] == Kind.EMI]
    np.add.at(till.trouble, plan.payer[missed], 1)
    again = lacking[till.attempts[lacking] < ATTEMPTS[plan.kind[lacking]]]
    next_day = day + PATIENCE[plan.kind[again]] + again % 3
    for when in np.unique(next_day[next_day < len(till.waiting)]).tolist():
        till.waiting[when].append(again[next_day == when])


def is_returned(plan: Flows, which: Ints) -> Flags:
    """Attempts the bank returns at a charge: mandates, instalments, and the payments that were cheques."""
    kind = plan.kind[which]
    cheque = np.isin(kind, [Kind.CRITICAL, Kind.TRADE]) & (plan.rail[which] == BANK) & (which % _CHEQUES == 0)
    charged: Flags = cheque | np.isin(kind, [Kind.EMI, Kind.MANDATE])
    return charged


def _draw(till: _Till, day: int, economy: Economy) -> None:
    """Owners take what exceeds their buffer; shell operators take nearly everything."""
    people = till.people
    shell = people.profile == SHELL
    keep: Floats = people.turnover * people.buffer * _TILL_SHARE * np.where(shell, 0.1, 1.0)
    part = np.where(shell, 0.9, 0.45)
    taken = np.rint(np.maximum(till.bank - keep, 0) * part).astype(np.int64)
    open_yet = people.opened + 60 * (people.opened > 0) <= day
    who = np.flatnonzero((taken > 0) & open_yet)
    till.bank[who] -= taken[who]
    till.owners.append((who, day, -taken[who]))


def _meet(till: _Till, day: int, who: Ints, needed: Ints) -> None:
    """A family in need takes from the bank what is there, before anything else is paid."""
    taken = np.minimum(needed, np.maximum(till.bank[who], 0))
    till.bank[who] -= taken
    till.owners.append((who[taken > 0], day, -taken[taken > 0]))


def _support(till: _Till, day: int, chance: np.random.Generator) -> None:
    """Families help some of the owners who have run dry."""
    people = till.people
    dry = till.bank + till.upi + till.overdraft < 0.04 * people.turnover
    helped = dry & (people.opened <= day) & (chance.random(people.count) < people.support * _READINESS)
    who = np.flatnonzero(helped)
    given = np.rint(people.turnover[who] * chance.uniform(0.08, 0.25, len(who))).astype(np.int64)
    till.bank[who] += given
    till.owners.append((who, day, given))


def _columns(rows: list[tuple[Ints, int, Ints]]) -> tuple[Ints, Ints, Ints]:
    who = np.concatenate([row[0] for row in rows])
    day = np.repeat(np.array([row[1] for row in rows], dtype=np.int64), [len(row[0]) for row in rows])
    return who, day, np.concatenate([row[2] for row in rows])


def _close(till: _Till, closing: Ints, opening: Ints) -> Ledger:
    failed = np.concatenate([which for which, _ in till.failures])
    failed_on = np.repeat(
        np.array([day for _, day in till.failures], dtype=np.int64), [len(which) for which, _ in till.failures]
    )
    owner, owner_day, owner_amount = _columns(till.owners)
    swept, swept_day, swept_amount = _columns(till.sweeps)
    return Ledger(
        paid_on=till.paid_on,
        failed=failed,
        failed_on=failed_on,
        returned=np.concatenate(till.returned),
        owner=owner,
        owner_day=owner_day,
        owner_amount=owner_amount,
        swept=swept,
        swept_day=swept_day,
        swept_amount=swept_amount,
        cash=closing,
        granted=till.granted,
        opening=opening,
    )
