"""Frames to parquet files, one per record type, the same bytes for the same world."""

from pathlib import Path

from wallets.engine.world.simulation import Records


def write(records: Records, out: Path) -> dict[str, int]:
    """Write <frame>.parquet below `out`; returns rows per frame."""
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in records.frames().items():
        frame.write_parquet(out / f"{name}.parquet", compression="zstd", statistics=True)
    return {name: frame.height for name, frame in records.frames().items()}
