"""Would the same businesses have gone round in circles by chance? (fraud.md §3, significance)"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl

from fraud.engine.flow import Floats, retained, retention_weight
from fraud.engine.graph import Ints, build_graph
from fraud.engine.policy import DAY, HOUR, FraudPolicy
from fraud.engine.temporal_cycles import CycleSearch, find_cycles

IST = 11 * HOUR // 2
PACE_HOURS = 12.0
TOGETHER = 100_000
"""Payments of shuffled histories searched at once: small histories share one search, large ones take one each."""
ENOUGH_HITS = 30
"""Hits after which no more shuffles of a large history are tried."""
HABIT = 30
"""How much likelier a shuffled payment falls on a day on which the members did pay than on another."""
WEEK = 7
DOUBT = 0.25
"""Days counted for every weekday although nobody paid: one afternoon proves no habit, thirteen Saturdays do."""
Random: TypeAlias = np.random.Generator


class Transfers(NamedTuple):
    """The transfers among the members of one ring, sorted; one array per column."""

    payer: Ints
    payee: Ints
    amount: Ints
    time: Ints


class DaysOfTrade(NamedTuple):
    """Days of the ring window and the chance of each; they add up to one."""

    day: Ints
    chance: Floats


def shuffled_p_value(edges: pl.DataFrame, policy: FraudPolicy, shuffles: int = 0) -> float:
    """Share of time-shuffled histories with at least as much money going round, (1 + hits) ÷ (1 + shuffles).

    The null keeps who paid whom how much, the times of day of each payer and the weekdays of all; which payment fell
    on which day and at which of its payer's times is drawn anew, with the policy's seed: see `days_of_trade`. `edges`
    are the transfers among the members of one ring, in any order; `shuffles` is the policy's number unless more are
    asked for. A large history that chance explains early is not asked to the end (Besag and Clifford 1991). Reference:
    randomised edge times, Holme and Saramäki, Temporal networks (2012), §4; the estimate never says zero (Phipson and
    Smyth 2010).
    """
    rows = edges.sort("occurred_at", "payer", "payee", "amount_paise", "reference", "rail")
    transfers = Transfers(*(rows[name].to_numpy() for name in ("payer", "payee", "amount_paise", "occurred_at")))
    (observed,) = circulation(transfers, transfers.time[np.newaxis], policy)
    hits = tried = 0
    for times in shuffled_times(transfers, policy, shuffles):
        hits += int((circulation(transfers, times, policy) >= observed).sum())
        tried += len(times)
        if hits >= ENOUGH_HITS:
            break
    return (1 + hits) / (1 + tried)


def shuffled_times(transfers: Transfers, policy: FraudPolicy, shuffles: int = 0) -> Iterator[Ints]:
    """The policy's number of shuffled histories, or as many as asked for, in portions: one row of times each.

    More shuffles begin with those that fewer would give.
    """
    wanted = max(policy.null_shuffles, shuffles)
    draw = np.random.default_rng(policy.null_seed)
    of_day = (transfers.time + IST) % DAY
    days, chance = days_of_trade(transfers, policy)
    by_payer = [np.flatnonzero(transfers.payer == payer) for payer in np.unique(transfers.payer)]
    count = len(of_day)
    portion = max(1, TOGETHER // max(1, count))
    for first in range(0, wanted, portion):
        histories = range(min(portion, wanted - first))
        yield np.stack([draw.choice(days, count, p=chance) + _of_day_anew(of_day, by_payer, draw) for _ in histories])


def days_of_trade(transfers: Transfers, policy: FraudPolicy) -> DaysOfTrade:
    """The days (their first microsecond) from which a shuffled history draws, and how likely it draws each.

    Every day of the ring window counts once on average, by how many days of its weekday saw a payment, and HABIT more
    each day on which the members paid. So businesses that settle on certain days of the week or the month keep that
    habit, while a history of one afternoon cannot explain itself: three draws of four fall elsewhere. A day counts the
    same however many payments it saw: chaff does not make it usual.
    """
    paid = np.unique(transfers.time - (transfers.time + IST) % DAY)
    earliest = min(int(paid[0]), int(paid[-1]) - (policy.ring_days - 1) * DAY)
    days = np.arange(earliest, int(paid[-1]) + DAY, DAY)
    usual = (np.bincount(_weekday(paid), minlength=WEEK) + DOUBT)[_weekday(days)]
    weight = usual * len(days) / usual.sum() + HABIT * np.isin(days, paid)
    return DaysOfTrade(days, weight / weight.sum())


def _weekday(day: Ints) -> Ints:
    """A number from 0 to 6 for each day in India."""
    return (day + IST) // DAY % WEEK


def _of_day_anew(of_day: Ints, by_payer: Sequence[Ints], draw: Random) -> Ints:
    """Each payer's times of day, dealt out again among its own payments."""
    anew = of_day.copy()
    for mine in by_payer:
        anew[mine] = draw.permutation(of_day[mine])
    return anew


def circulation(transfers: Transfers, times: Ints, policy: FraudPolicy) -> Floats:
    """How much money went round in each history: a sum over edge-disjoint cycles, the best taken first.

    A cycle adds its weight × its retention ÷ (1 + hours per hop ÷ 12): sums that come back whole and at once are what
    chance does not do. `times` has one row per history. The histories lie side by side as components of one graph.
    """
    histories, count = times.shape
    parties, ends = np.unique(np.concatenate([transfers.payer, transfers.payee]), return_inverse=True)
    beside = np.repeat(np.arange(histories) * len(parties), count)
    tail, head = np.tile(ends[:count], histories) + beside, np.tile(ends[count:], histories) + beside
    search = CycleSearch(
        window=policy.window, max_length=policy.max_length, budget=policy.work_budget, list_limit=policy.list_limit
    )
    listed = find_cycles(build_graph(tail, head, times.ravel()), search).listed
    amount = np.tile(transfers.amount, histories)
    listed = listed[retained(listed, amount)]
    worth = _worth(listed, amount, times.ravel())
    total = np.zeros(histories)
    used: set[int] = set()
    for number in np.argsort(-worth, kind="stable").tolist():
        legs = [edge for edge in listed[number].tolist() if edge >= 0]
        if used.isdisjoint(legs):
            used.update(legs)
            total[legs[0] // count] += worth[number]
    return total.round(9)


def _worth(listed: Ints, amount: Ints, time: Ints) -> Floats:
    if not len(listed):
        return np.zeros(0)
    there = listed >= 0
    hops = amount[np.maximum(listed, 0)].astype(np.float64)
    retention = np.where(there, hops, np.inf).min(axis=1) / np.where(there, hops, 0.0).max(axis=1)
    passed = np.where(there, time[np.maximum(listed, 0)], time[listed[:, :1]]).max(axis=1) - time[listed[:, 0]]
    hours = passed / HOUR / (there.sum(axis=1) - 1)
    worth: Floats = retention_weight(retention) * retention / (1.0 + hours / PACE_HOURS)
    return worth


def false_discovery_rates(p_values: Sequence[float]) -> list[float]:
    """Benjamini–Hochberg q-values in the order given.

    >>> false_discovery_rates([0.02, 0.5, 0.04])
    [0.06, 0.5, 0.06]
    """
    count = len(p_values)
    order = sorted(range(count), key=lambda place: p_values[place], reverse=True)
    rates = [0.0] * count
    smallest = 1.0
    for rank, place in zip(range(count, 0, -1), order, strict=True):
        smallest = min(smallest, p_values[place] * count / rank)
        rates[place] = smallest
    return rates
