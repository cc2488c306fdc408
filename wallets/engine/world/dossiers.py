"""The files on frauds that are no rings: who, when, and which records show it. For evaluation only, like all truth."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wallets.engine.world.almanac import DAY, Almanac
from wallets.engine.world.mules import Mules
from wallets.engine.world.schemers import BURST, DORMANT, GHOST, LINE, REPURPOSING, ROBOTIC, SPLIT, STRUCTURING, Scheme
from wallets.engine.world.spec import Ints
from wallets.engine.world.transfers import Transfers

MULES = "mule_hub"
FIRST_ERRAND = 10**9
"""Errands from here on are not laps of rings: first the schemes in their order, then the mule networks."""
_ROUND = 10_000 * 100
FRAUDS_SCHEMA: dict[str, pl.DataType] = {
    "fraud": pl.Int64(),
    "typology": pl.String(),
    "members": pl.List(pl.Int64()),
    "starts_at": pl.Int64(),
    "ends_at": pl.Int64(),
}


@dataclass(frozen=True)
class Plots:
    """Every fraud that is no ring; `bursts` are the schemes of BURST again, one per loan asked for."""

    schemes: list[Scheme]
    bursts: list[Scheme]
    networks: list[Mules]

    @property
    def cases(self) -> list[tuple[str, tuple[int, ...], int, int]]:
        """Typology, members, first and last day of each; the place in the list is the number of the fraud."""
        single = [each for each in self.schemes if each.typology != BURST] + self.bursts
        alone = [(each.typology, (each.business,), each.first_day, each.last_day) for each in single]
        return alone + [(MULES, group.members, group.first_day, group.last_day) for group in self.networks]


def frauds_frame(plots: Plots, almanac: Almanac) -> pl.DataFrame:
    """fraud, typology, members, starts_at, ends_at; the hub of a mule network comes first."""
    rows = [
        {
            "fraud": number,
            "typology": typology,
            "members": list(members),
            "starts_at": almanac.midnight + first * DAY,
            "ends_at": almanac.midnight + (last + 1) * DAY - 1,
        }
        for number, (typology, members, first, last) in enumerate(plots.cases)
    ]
    return pl.DataFrame(rows, schema=FRAUDS_SCHEMA)


def records_frame(plots: Plots, frauds: pl.DataFrame, shown: dict[str, pl.DataFrame], moved: Transfers) -> pl.DataFrame:
    """fraud, record, business, key: the rows behind each fraud.

    `record` is the frame; `key` the invoice number, e-way bill number or payment reference there.
    """
    one = frauds.explode("members").rename({"members": "business"})
    sold = _within(one, shown["gst_invoices"].filter((pl.col("direction") == "out") & (pl.col("kind") == "B2B")))
    sent = _within(one, shown["eway_bills"].filter(pl.col("direction") == "out"))
    tax = pl.sum_horizontal("igst_paise", "cgst_paise", "sgst_paise")
    on_paper = (
        (pl.col("typology").is_in([REPURPOSING, DORMANT]))
        | ((pl.col("typology") == SPLIT) & (pl.col("taxable_paise") + tax < LINE))
        | ((pl.col("typology") == BURST) & (pl.col("taxable_paise") % _ROUND == 0))
    )
    on_road = (pl.col("typology") == GHOST) | (
        (pl.col("typology") == STRUCTURING) & pl.col("value_paise").is_between(0.9 * LINE, LINE - 1)
    )
    parts = [
        _named("gst_invoices", sold.filter(on_paper), "invoice_number"),
        _named("eway_bills", sent.filter(on_road), "number"),
        _payments(plots, one, shown["upi_payments"], moved),
    ]
    return pl.concat(parts).sort("fraud", "record", "business", "key")


def _within(frauds: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    both = rows.join(frauds.select("fraud", "typology", "business", "starts_at", "ends_at"), on="business")
    return both.filter(pl.col("occurred_at").is_between(pl.col("starts_at"), pl.col("ends_at")))


def _named(record: str, rows: pl.DataFrame, key: str) -> pl.DataFrame:
    return rows.select("fraud", pl.lit(record).alias("record"), "business", pl.col(key).alias("key"))


def _payments(plots: Plots, frauds: pl.DataFrame, upi: pl.DataFrame, moved: Transfers) -> pl.DataFrame:
    chosen = np.flatnonzero(moved.errand >= FIRST_ERRAND)
    errands = pl.DataFrame(
        {
            "fraud": _numbers(plots)[moved.errand[chosen] - FIRST_ERRAND],
            "reference": moved.reference.gather(chosen),
        }
    )
    money = frauds.filter(pl.col("typology").is_in([ROBOTIC, MULES])).select("fraud", "business")
    legs = errands.join(money, on="fraud").join(upi, on=["business", "reference"], how="semi")
    return _named("upi_payments", legs, "reference").unique(maintain_order=True)


def _numbers(plots: Plots) -> Ints:
    """Number of the fraud of each errand: those of BURST are told per loan and move no money."""
    kept = [each.typology != BURST for each in plots.schemes]
    schemes = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int64)
    first = int(np.sum(kept)) + len(plots.bursts)
    return np.concatenate([schemes, first + np.arange(len(plots.networks))]).astype(np.int64)
