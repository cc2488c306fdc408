"""A folder of evidence whose truth is known, for evaluation only: a simulated world, or the source system's files."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from fraud.engine.policy import DAY
from wallets.engine.importers.source_system import parse, read_profiles
from wallets.engine.world.spec import PAPER, PROFILE_NAMES
from wallets.engine.world.truth import read_truth
from wallets.engine.world.writer import read

NOTHING: dict[str, dict[str, type[pl.DataType]]] = {
    "bank_entries": {
        "business": pl.Int64, "reference": pl.String, "direction": pl.String, "mode": pl.String, "purpose": pl.String,
        "amount_paise": pl.Int64, "counterparty": pl.Int64, "occurred_at": pl.Int64, "received_at": pl.Int64,
    },
}  # fmt: skip
FILES = {
    "gst_invoices": "gst_invoices",
    "gst_returns": "gst_invoices",
    "upi_payments": "upi_transactions",
    "eway_bills": "eway_bills",
}
FRAUD_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "typology": pl.String,
    "members": pl.List(pl.Int64),
    "starts_at": pl.Int64,
    "ends_at": pl.Int64,
}


@dataclass(frozen=True)
class KnownWorld:
    """Frames of evidence; rings (ring, typology, camouflage, members), their transfers (empty: members count always),
    other frauds, businesses that only look guilty, and those whose trade is on paper only."""

    frames: dict[str, pl.DataFrame]
    rings: pl.DataFrame
    transfers: pl.DataFrame | None
    frauds: pl.DataFrame
    hard_negatives: frozenset[int]
    on_paper: frozenset[int] = frozenset()

    @property
    def span(self) -> tuple[int, int]:
        """First and last moment at which something became known, microseconds."""
        times = [frame["received_at"] for frame in self.frames.values() if "received_at" in frame.columns]
        firsts = [int(str(time.min())) for time in times if len(time)]
        return min(firsts), max(int(str(time.max())) for time in times if len(time))

    def guilty(self, ring: int, members: list[int], since: int, until: int) -> set[int]:
        """Members through whom the ring sent money in the period; all of them where the transfers are not told."""
        if self.transfers is None:
            return set(members)
        moved = self.transfers.filter(pl.col("occurred_at").is_between(since, until), ring=ring)
        return set(moved["payer"]) | set(moved["payee"])


def read_world(folder: Path) -> KnownWorld:
    """The world below `folder`; raises FileNotFoundError when it is in neither layout."""
    profiles = sorted(folder.rglob("msme_profiles.parquet"))
    return _source_world(profiles[0].parent) if profiles else _simulated(folder)


def _simulated(folder: Path) -> KnownWorld:
    frames, truth = read(folder), read_truth(folder / "truth")
    hard = frozenset(member for members in truth["hard_negatives"]["members"].to_list() for member in members)
    paper = truth["businesses"].filter(profile=PROFILE_NAMES[PAPER])["business"]
    return KnownWorld(frames, truth["rings"], truth["transfers"], truth["frauds"], hard, frozenset(paper))


def _source_world(folder: Path) -> KnownWorld:
    profiles = read_profiles((folder / "msme_profiles.parquet").read_bytes()).unique("gstin", maintain_order=True)
    profiles = profiles.sort("gstin").with_row_index("business").with_columns(pl.col("business").cast(pl.Int64))
    businesses = profiles.select("business", "gstin", hsn=pl.lit(""), deals_in_goods=pl.lit(True))
    frames = {"businesses": businesses}
    for name, file in FILES.items():
        path = folder / f"{file}.parquet"
        rows = parse(path.read_bytes(), layout="gst_returns" if name == "gst_returns" else file, as_of=2**62).rows
        frames[name] = _owned(rows, profiles)
    frames |= {name: pl.DataFrame(schema=schema) for name, schema in NOTHING.items()}
    named = profiles.filter(pl.col("circular_ring_id").is_not_null())
    grouped = named.group_by("circular_ring_id").agg(members=pl.col("business")).sort("circular_ring_id")
    rings = grouped.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("ring"), typology=pl.lit("circular"),
        camouflage=pl.lit(0, pl.Int64), members="members",
    )  # fmt: skip
    looks = frozenset(profiles.filter(pl.col("circular_ring_id").is_null())["business"].to_list())
    return KnownWorld(frames, rings, None, pl.DataFrame(schema=FRAUD_SCHEMA), looks)


def _owned(rows: pl.DataFrame, profiles: pl.DataFrame) -> pl.DataFrame:
    """Rows with the numbers of the business and, for payments, of the counterparty; known when they happened."""
    number = dict(profiles.select("gstin", "business").iter_rows())
    owned = rows.with_columns(business=pl.col("gstin").replace_strict(number, default=None, return_dtype=pl.Int64))
    if "counterparty_vpa" in owned.columns:
        address = dict(profiles.select(pl.col("vpa").str.to_lowercase(), "business").iter_rows())
        other = pl.col("counterparty_vpa").replace_strict(address, default=None, return_dtype=pl.Int64)
        owned = owned.with_columns(counterparty=other)
    owned = owned.filter(pl.col("business").is_not_null())
    return owned.with_columns(received_at=pl.col("occurred_at")) if "received_at" not in owned.columns else owned


def moments(world: KnownWorld, every_days: int, history_days: int) -> list[int]:
    """When to look: at the end and every so many days before, as long as `history_days` of evidence lie behind."""
    first, last = world.span
    return list(range(last, first + history_days * DAY, -every_days * DAY)) or [last]
