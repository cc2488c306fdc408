"""Layering chain: one sum handed on from business to business, none of whom sold anything to the other."""

from __future__ import annotations

import polars as pl

from fraud.engine.paper import sold
from fraud.engine.policy import DAY, HOUR, FraudPolicy
from fraud.engine.transfers import money_edges
from fraud.engine.typologies.findings import MOST_ROWS, Finding, Frames, ramp

DAYS = 90
LEAST_PAISE = 50_000 * 100
HOPS = 4
STAY = 48 * HOUR
PASSED_ON = 0.9
MOST_CHAINS = 100_000


def layering_chain(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """Payments between customers and their invoices of the last 90 days.

    Formula: HOPS payments of at least ₹50,000, each made by who was paid within 48 hours before, each at least
    PASSED_ON of the one before and no more than it, all parties different, and no payee invoiced its payer. Strength:
    how many such chains go through a business. Reference: FATF (2022), layering; compliance.md §8.
    Example: ₹5,00,000 → ₹4,95,000 → ₹4,90,000 → ₹4,86,000 within four days.

    >>> min(495 / 500, 490 / 495, 486 / 490) >= PASSED_ON
    True
    """
    large = money_edges(frames, since=as_of - DAYS * DAY, as_of=as_of).filter(pl.col("amount_paise") >= LEAST_PAISE)
    if large.is_empty():
        return []
    invoiced, _ = sold(frames, as_of, DAYS)
    pairs = [(buyer, seller) for seller, buyer in invoiced]
    traded = pl.DataFrame(pairs, schema={"payer": pl.Int64, "payee": pl.Int64}, orient="row")
    hops = large.join(traded, on=("payer", "payee"), how="anti").with_row_index("hop")
    return _found(hops, _chains(hops))


def _chains(hops: pl.DataFrame) -> pl.DataFrame:
    """Rows of HOPS hop numbers, at most MOST_CHAINS of them, in the order of time."""
    step = hops.select("hop", "payer", "payee", "amount_paise", "occurred_at")
    chains = step.select(
        hop_0="hop", party_0="payer", party_1="payee", paid="amount_paise", at="occurred_at"
    ).sort("at", "hop_0")  # fmt: skip
    for place in range(1, HOPS):
        longer = chains.join(step, left_on=f"party_{place}", right_on="payer").filter(
            (pl.col("occurred_at") - pl.col("at")).is_between(1, STAY)
            & pl.col("amount_paise").is_between(PASSED_ON * pl.col("paid"), pl.col("paid"))
            & pl.all_horizontal(pl.col("payee") != pl.col(f"party_{before}") for before in range(place + 1))
        )
        kept = [f"hop_{before}" for before in range(place)] + [f"party_{before}" for before in range(place + 1)]
        chains = longer.select(
            *kept,
            pl.col("hop").alias(f"hop_{place}"),
            pl.col("payee").alias(f"party_{place + 1}"),
            paid="amount_paise",
            at="occurred_at",
        )
        chains = chains.sort(f"hop_{before}" for before in range(place + 1)).head(MOST_CHAINS)
    return chains


def _found(hops: pl.DataFrame, chains: pl.DataFrame) -> list[Finding]:
    """One finding per business in the middle of a chain, with its own payments: those at the ends may be victims."""
    numbers = [f"hop_{place}" for place in range(HOPS)]
    middle = chains.unpivot(on=[f"party_{place}" for place in range(1, HOPS)], index=numbers, value_name="business")
    counted = middle.group_by("business").agg(chains=pl.len(), hops=pl.concat_list(numbers).explode().unique().sort())
    scored = counted.with_columns(score=ramp(pl.col("chains"), 1, 5)).sort("business")
    rail = pl.when(pl.col("rail") == "upi").then(pl.lit("upi_payments")).otherwise(pl.lit("bank_entries"))
    rows = hops.select("payer", "payee", rail, "reference").rows()
    own = {
        row["business"]: [rows[hop] for hop in row["hops"] if row["business"] in rows[hop][:2]]
        for row in scored.iter_rows(named=True)
    }
    return [
        Finding(
            business=row["business"],
            typology="layering_chain",
            score=round(row["score"], 4),
            figures=(("chains", float(row["chains"])), ("hops", float(HOPS))),
            rows=tuple((kind, key) for _, _, kind, key in own[row["business"]][-MOST_ROWS:]),
        )
        for row in scored.iter_rows(named=True)
    ]
