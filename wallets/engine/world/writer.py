"""Frames to parquet files and back, one per record type, the same bytes for the same world."""

from dataclasses import fields
from pathlib import Path

import polars as pl

from wallets.engine.world.simulation import Records


def write(records: Records, out: Path) -> dict[str, int]:
    """Write <frame>.parquet below `out`; returns rows per frame."""
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in records.frames().items():
        frame.write_parquet(out / f"{name}.parquet", compression="zstd", statistics=True)
    return {name: frame.height for name, frame in records.frames().items()}


def read(out: Path) -> dict[str, pl.DataFrame]:
    """The frames written below `out`, as one file or as one per block each; raises FileNotFoundError."""
    found = {}
    for field in fields(Records):
        single, parts = out / f"{field.name}.parquet", sorted((out / field.name).glob("*.parquet"))
        paths = [single] if single.exists() else parts
        if not paths:
            raise FileNotFoundError(f"there is no {single.name} and no folder {field.name} in {out}")
        found[field.name] = pl.concat([pl.read_parquet(path) for path in paths])
    return found
