"""The money layer: each real transfer between two businesses once (fraud.md §1)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

COLUMNS = ("payer", "payee", "amount_paise", "occurred_at", "received_at", "reference", "rail")
LEGS = ("business", "counterparty", "amount_paise", "occurred_at", "received_at", "reference")


def money_edges(frames: Mapping[str, pl.DataFrame], *, since: int, as_of: int) -> pl.DataFrame:
    """Transfers that happened in [since, as_of] and were known at `as_of`, in time order; times in microseconds.

    The two legs of a payment share reference and parties; the transfer is known from its first leg on. Failed
    payments and returned entries are not money; transfers to oneself are dropped. Columns are COLUMNS.
    """
    upi = frames["upi_payments"].lazy().filter(status="success")
    bank = frames["bank_entries"].lazy().filter(~pl.col("purpose").str.ends_with("return"))
    legs = pl.concat([_legs(upi, "upi", "out"), _legs(bank, "bank", "debit")])
    known = pl.col("occurred_at").is_between(since, as_of) & (pl.col("received_at") <= as_of)
    return once_each(legs.filter(known).collect())


def _legs(rows: pl.LazyFrame, rail: str, paid: str) -> pl.LazyFrame:
    paying = pl.col("direction") == paid
    parties = rows.filter(pl.col("counterparty").is_not_null() & (pl.col("counterparty") != pl.col("business")))
    return parties.select(
        pl.when(paying).then("business").otherwise("counterparty").alias("payer"),
        pl.when(paying).then("counterparty").otherwise("business").alias("payee"),
        *LEGS[2:],
        pl.lit(rail).alias("rail"),
    )


def no_edges() -> pl.DataFrame:
    """A history without transfers."""
    text = {"reference": pl.String, "rail": pl.String}
    return pl.DataFrame(schema={name: text.get(name, pl.Int64) for name in COLUMNS})


def once_each(legs: pl.DataFrame) -> pl.DataFrame:
    """One row per transfer, sorted so that equal evidence in any order gives equal rows."""
    parties = ("payer", "payee", "reference", "rail")
    once = legs.group_by(parties).agg(pl.col("amount_paise", "occurred_at", "received_at").min())
    return once.select(COLUMNS).sort("occurred_at", "payer", "payee", "reference", "rail")
