"""Every transfer that really happened, in order of time, each with one reference that both legs carry."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wallets.engine.world.almanac import DAY, HOUR, Almanac, parts_of
from wallets.engine.world.flows import BANK, NOBODY, UPI, Flows, Kind, flows, gathered
from wallets.engine.world.spec import Flags, Ints
from wallets.engine.world.trade import Economy
from wallets.engine.world.treasury import RETURN_CHARGE, Ledger

SUCCESS, FAILED_TECHNICAL, FAILED_FUNDS = range(3)
_SERIALS = 10**6
_MORNING = np.isin(np.arange(len(Kind)), [Kind.EMI, Kind.MANDATE, Kind.RETURN_CHARGE])
_EVENING = np.isin(np.arange(len(Kind)), [Kind.RETAIL, Kind.PERSONAL])
_TECHNICAL_FAILURES = 0.018


@dataclass(frozen=True)
class Transfers:
    """Flows as they happened, by time: `at` the instant, `status` the fate, `errand` the ring and lap or NOBODY."""

    moved: Flows
    at: Ints
    status: Ints
    errand: Ints
    reference: pl.Series


def happened(economy: Economy, plan: Flows, ledger: Ledger, direct: tuple[Flows, Ints]) -> Transfers:
    """Collect what the treasury executed or refused, the owners' money, sweeps, charges and direct transfers."""
    done = np.flatnonzero(ledger.paid_on >= 0)
    parts = [plan.pick(done).on(ledger.paid_on[done]), *_owners_and_sweeps(ledger), _charges(plan, ledger)]
    failed = np.flatnonzero(plan.rail[ledger.failed] == UPI)
    refused = plan.pick(ledger.failed[failed]).on(ledger.failed_on[failed])
    executed = gathered(parts)
    chance = economy.spec.chance("transfers")
    outward = (executed.rail == UPI) & (executed.payer >= 0) & (executed.payer < economy.people.count)
    glitched = executed.pick(outward & (chance.random(len(executed)) < _TECHNICAL_FAILURES))
    whole = gathered([executed, refused, glitched, direct[0]])
    sizes = (len(executed), len(refused), len(glitched), len(direct[0]))
    status = np.repeat([SUCCESS, FAILED_FUNDS, FAILED_TECHNICAL, SUCCESS], sizes).astype(np.int64)
    errand = np.concatenate([np.full(sum(sizes[:3]), NOBODY), direct[1]])
    return _in_order(economy.almanac, whole, (status, errand), chance)


def _owners_and_sweeps(ledger: Ledger) -> list[Flows]:
    signed = (
        (ledger.owner, ledger.owner_day, ledger.owner_amount, Kind.DRAWING),
        (ledger.swept, ledger.swept_day, ledger.swept_amount, Kind.SWEEP),
    )
    parts = []
    for who, day, amount, kind in signed:
        for sign, side in ((-1, "payer"), (1, "payee")):
            chosen = np.flatnonzero(amount * sign > 0)
            columns: dict[str, Ints | int] = {side: who[chosen], "day": day[chosen], "kind": kind, "rail": BANK}
            parts.append(flows(np.abs(amount[chosen]), **columns))
    return parts


def _charges(plan: Flows, ledger: Ledger) -> Flows:
    """The bank's charge for each returned mandate or cheque; `cause` is the kind of what was returned."""
    returned = ledger.failed[ledger.returned]
    return flows(
        np.full(len(returned), RETURN_CHARGE),
        payer=plan.payer[returned],
        day=ledger.failed_on[ledger.returned],
        kind=Kind.RETURN_CHARGE,
        cause=plan.kind[returned],
    )


def _of_day(moved: Flows, chance: np.random.Generator) -> Ints:
    """Time of day: mandates and charges at six, sweeps at five, retail till late, the rest in office hours."""
    count = len(moved)
    start = np.where(_MORNING[moved.kind], 6, np.where(_EVENING[moved.kind], 8, 10)) * HOUR
    span = np.where(_MORNING[moved.kind], 1, np.where(_EVENING[moved.kind], 14, 7)) * HOUR
    drawn = start + (chance.random(count) * span).astype(np.int64)
    drawn = np.where(moved.kind == Kind.SWEEP, 5 * HOUR, drawn)
    return np.where(moved.of_day == NOBODY, drawn, moved.of_day)


def _in_order(almanac: Almanac, moved: Flows, marks: tuple[Ints, Ints], chance: np.random.Generator) -> Transfers:
    of_day = _of_day(moved, chance)
    at = almanac.instant(moved.day, of_day)
    order = np.argsort(at, kind="stable")
    order = order[(at[order] <= almanac.closing) & (moved.day[order] >= 0)]
    sorted_flows = moved.pick(order)
    return Transfers(
        moved=sorted_flows,
        at=at[order],
        status=marks[0][order],
        errand=marks[1][order],
        reference=references(almanac, sorted_flows.day, of_day[order]),
    )


def references(almanac: Almanac, day: Ints, of_day: Ints) -> pl.Series:
    """12-digit retrieval references: last digit of the year, day of year, hour, and a running number."""
    year, day_of_year = parts_of(np.arange(almanac.days), almanac)
    stamp = ((year % 10) * 1000 + day_of_year)[day] * 100 + of_day % DAY // HOUR
    number = stamp * _SERIALS + np.arange(len(day)) % _SERIALS
    return pl.Series("reference", number).cast(pl.String).str.zfill(12)


def inside(party: Ints, count: int) -> Flags:
    """Parties that are businesses of the population."""
    return (party >= 0) & (party < count)
