"""Goods circle: invoices that sell round a circle of businesses and back, while hardly any goods move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import polars as pl

from fraud.engine.flow import retained
from fraud.engine.graph import Ints, build_graph
from fraud.engine.paper import sold
from fraud.engine.policy import DAY, PAISE, FraudPolicy
from fraud.engine.rings import share
from fraud.engine.temporal_cycles import CycleSearch, find_cycles
from fraud.engine.typologies.findings import MEDIUM, MOST_ROWS, Finding, Frames, seen

Moved: TypeAlias = Mapping[tuple[int, int], int]

DAYS = 180
LEAST_PAISE = 50_000 * 100
LEAST, MANY = 2, 4
SUPPORT = 0.5


def goods_circle(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Outward invoices of goods dealers to customers of ours and e-way bills of the last 180 days.

    Formula: temporal cycles of 3 to K invoices of ₹50,000 and more (an e-way bill is due on each), within the
    policy's goods window, documents of one day chained by their number, none under a quarter of another's value; at
    least LEAST through a business that share no invoice, and e-way bills explain less than SUPPORT of what the circle
    invoiced. Reference: fraud.md §2 and §3. Example: the same ₹8 lakh of cloth is sold A → B → C → A in three months
    without a lorry.

    >>> strength(LEAST), strength(MANY)
    (0.5, 1.0)
    """
    papers = _papers(frames, as_of)
    ends = (papers[name].to_numpy() for name in ("business", "buyer", "occurred_at"))
    search = CycleSearch(
        window=policy.goods_days * DAY, max_length=policy.max_length, budget=policy.work_budget,
        list_limit=policy.list_limit,
    )  # fmt: skip
    listed = find_cycles(build_graph(*ends, ties="sequence"), search).listed
    circles = _apart(listed[retained(listed, papers["taxable_paise"].to_numpy())])
    _, moved = sold(frames, as_of, DAYS)
    rows = [_Paper(*row) for row in papers.iter_rows()]
    empty = [circle for circle in circles if _support(circle, rows, moved) < SUPPORT]
    mine: dict[int, list[tuple[int, ...]]] = {}
    for circle in empty:
        for number in circle:
            mine.setdefault(rows[number].seller, []).append(circle)
    return [_finding(business, laps, rows, moved) for business, laps in sorted(mine.items()) if len(laps) >= LEAST]


def strength(circles: int) -> float:
    """0.5 at LEAST circles, 1 at MANY."""
    return min(1.0, MEDIUM + (circles - LEAST) / (MANY - LEAST) * (1 - MEDIUM))


class _Paper(NamedTuple):
    seller: int
    buyer: int
    at: int
    number: str
    paise: int


def _papers(frames: Frames, as_of: int) -> pl.DataFrame:
    """The invoices, numbered in the order in which they chain."""
    parties = frames["businesses"].lazy().select(counterparty_gstin="gstin", buyer="business")
    dealers = frames["businesses"].lazy().filter(pl.col("deals_in_goods")).select("business")
    invoices = frames["gst_invoices"].lazy().filter(seen(as_of, DAYS), direction="out", cancelled=False)
    large = invoices.filter((pl.col("kind") != "CDNR") & (pl.col("taxable_paise") >= LEAST_PAISE))
    rows = large.join(dealers, on="business", how="semi").join(parties, on="counterparty_gstin")
    columns = ("business", "buyer", "occurred_at", "invoice_number", "taxable_paise")
    return rows.select(columns).sort("occurred_at", "invoice_number", "business").collect()


def _apart(listed: Ints) -> list[tuple[int, ...]]:
    """Circles that share no invoice, the earliest first: each document goes round once."""
    used: set[int] = set()
    chosen = []
    for row in sorted(tuple(number for number in row if number >= 0) for row in listed.tolist()):
        if used.isdisjoint(row):
            used.update(row)
            chosen.append(row)
    return chosen


def _support(circle: Sequence[int], rows: Sequence[_Paper], moved: Moved) -> float:
    """The part of the circle's value that went along its pairs under e-way bills."""
    papers = [rows[number] for number in circle]
    carried = sum(min(paper.paise, moved.get((paper.seller, paper.buyer), 0)) for paper in papers)
    return share(carried, sum(paper.paise for paper in papers))


def _finding(business: int, laps: Sequence[Sequence[int]], rows: Sequence[_Paper], moved: Moved) -> Finding:
    own = [rows[number] for lap in laps for number in lap if rows[number].seller == business]
    figures = (
        ("circles", float(len(laps))),
        ("businesses", float(max(len(lap) for lap in laps))),
        ("goods_support", round(max(_support(lap, rows, moved) for lap in laps), 4)),
        ("rupees", float(sum(paper.paise for paper in own) / PAISE)),
    )
    keys = tuple(("gst_invoices", paper.number) for paper in own[-MOST_ROWS:])
    return Finding(business, "goods_circle", round(strength(len(laps)), 4), figures, keys)
