"""What only evaluation may know: profiles, hidden health and liquidity, rings and hard negatives.

No product code may import this module or read the file it writes; an architecture test checks it.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from wallets.engine.world.dossiers import FIRST_ERRAND, FRAUDS_SCHEMA, Plots, frauds_frame, records_frame
from wallets.engine.world.frauds import LAPS, Ring, Schemes
from wallets.engine.world.spec import PROFILE_NAMES
from wallets.engine.world.trade import Economy
from wallets.engine.world.transfers import Transfers
from wallets.engine.world.treasury import Ledger

_RING_SCHEMA: dict[str, pl.DataType] = {
    "ring": pl.Int64(),
    "typology": pl.String(),
    "camouflage": pl.Int64(),
    "members": pl.List(pl.Int64()),
    "starts_at": pl.Int64(),
    "ends_at": pl.Int64(),
}


_TABLES = ("businesses", "months", "transfers", "fraud_records")
_STORIES: dict[str, dict[str, pl.DataType]] = {
    "rings": _RING_SCHEMA,
    "frauds": FRAUDS_SCHEMA,
    "hard_negatives": {"kind": pl.String(), "members": pl.List(pl.Int64())},
}


@dataclass(frozen=True)
class Truth:
    """Seven frames.

    businesses: business, profile, ring (null when none). months: business, period, health, liquidity_paise.
    rings: ring, typology, camouflage, members, starts_at, ends_at. transfers: ring, lap, reference, payer, payee,
    amount_paise, occurred_at. frauds: fraud, typology, members, starts_at, ends_at (all that are no rings).
    fraud_records: fraud, record, business, key. hard_negatives: kind, members.
    """

    businesses: pl.DataFrame
    months: pl.DataFrame
    rings: pl.DataFrame
    transfers: pl.DataFrame
    frauds: pl.DataFrame
    fraud_records: pl.DataFrame
    hard_negatives: pl.DataFrame

    def frames(self) -> dict[str, pl.DataFrame]:
        """All frames by name."""
        return dict(vars(self))


def reveal(
    economy: Economy,
    deceit: tuple[Schemes, Plots],
    events: tuple[Ledger, Transfers],
    hard_negatives: dict[str, list[tuple[int, ...]]],
    records: dict[str, pl.DataFrame],
) -> Truth:
    """Collect the truth of a finished world."""
    (schemes, plots), (ledger, transfers) = deceit, events
    frauds = frauds_frame(plots, economy.almanac)
    almanac = economy.almanac
    first = int(almanac.month_of_day[almanac.opening_day])
    count, months = economy.people.count, almanac.months - first
    health = economy.health[:, first:].ravel()
    return Truth(
        businesses=_businesses(economy, schemes.rings),
        months=pl.DataFrame(
            {
                "business": np.repeat(np.arange(count, dtype=np.int64), months),
                "period": np.tile(almanac.periods[first:], count).astype(np.int32),
                "health": health,
                "liquidity_paise": ledger.cash[:, first:].ravel(),
            }
        ),
        rings=_rings(economy, schemes.rings),
        transfers=_transfers(transfers),
        frauds=frauds,
        fraud_records=records_frame(plots, frauds, records, transfers),
        hard_negatives=pl.DataFrame(
            [{"kind": kind, "members": list(group)} for kind, groups in hard_negatives.items() for group in groups],
            schema=_STORIES["hard_negatives"],
        ),
    )


def _businesses(economy: Economy, rings: list[Ring]) -> pl.DataFrame:
    ring_of = {member: ring.number for ring in rings for member in ring.members}
    return pl.DataFrame(
        {
            "business": pl.Series(range(economy.people.count), dtype=pl.Int64),
            "profile": pl.Series(PROFILE_NAMES).gather(economy.people.profile),
            "ring": pl.Series([ring_of.get(n) for n in range(economy.people.count)], dtype=pl.Int64),
        }
    )


def _rings(economy: Economy, rings: list[Ring]) -> pl.DataFrame:
    almanac = economy.almanac
    rows = [
        {
            "ring": ring.number,
            "typology": ring.typology,
            "camouflage": ring.camouflage,
            "members": list(ring.members),
            "starts_at": almanac.midnight + ring.first_day * 86_400_000_000,
            "ends_at": almanac.midnight + (ring.last_day + 1) * 86_400_000_000 - 1,
        }
        for ring in rings
    ]
    return pl.DataFrame(rows, schema=_RING_SCHEMA)


def _transfers(transfers: Transfers) -> pl.DataFrame:
    chosen = ((transfers.errand >= 0) & (transfers.errand < FIRST_ERRAND)).nonzero()[0]
    return pl.DataFrame(
        {
            "ring": transfers.errand[chosen] // LAPS,
            "lap": transfers.errand[chosen] % LAPS,
            "reference": transfers.reference.gather(chosen),
            "payer": transfers.moved.payer[chosen],
            "payee": transfers.moved.payee[chosen],
            "amount_paise": transfers.moved.amount[chosen],
            "occurred_at": transfers.at[chosen],
        }
    )


def write_truth(truth: Truth, out: Path) -> Path:
    """Write truth.json (rings, other frauds, hard negatives) and truth-*.parquet below `out`; returns the folder."""
    out.mkdir(parents=True, exist_ok=True)
    for name in _TABLES:
        truth.frames()[name].write_parquet(out / f"truth-{name}.parquet", statistics=False)
    story = {name: truth.frames()[name].to_dicts() for name in _STORIES}
    (out / "truth.json").write_text(json.dumps(story, indent=1, sort_keys=True) + "\n")
    return out


def read_truth(out: Path) -> dict[str, pl.DataFrame]:
    """The frames that `write_truth` wrote below `out`, there or in its numbered folders of blocks."""
    folders = [out] if (out / "truth.json").exists() else sorted(path.parent for path in out.glob("*/truth.json"))
    if not folders:
        raise FileNotFoundError(f"there is no truth.json in or below {out}")
    tables = {
        name: pl.concat([pl.read_parquet(folder / f"truth-{name}.parquet") for folder in folders]) for name in _TABLES
    }
    stories = [json.loads((folder / "truth.json").read_text()) for folder in folders]
    for name, schema in _STORIES.items():
        tables[name] = pl.DataFrame([row for story in stories for row in story[name]], schema=schema)
    return tables
