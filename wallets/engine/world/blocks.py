"""A large world as blocks of businesses that trade inside their block: linear time, memory of one block.

A block depends on the world's options and its own number only, so any process may make any block and writes the same
bytes. Businesses, PANs, GSTINs, payment addresses, accounts, e-way bill numbers and acknowledgements are distinct in
the whole world; a payment reference is distinct inside its block, as a bank's is within a day.
"""

from dataclasses import replace
from pathlib import Path

import polars as pl

from wallets.engine.world.simulation import Records, Simulation, simulate
from wallets.engine.world.spec import SMALLEST, WorldSpec
from wallets.engine.world.truth import Truth, write_truth

_NUMBERS_PER_BLOCK = 10**6
_OWNERS = ("business", "counterparty", "payer", "payee")
_NUMBERED = ("ring", "fraud")


def blocks(spec: WorldSpec, size: int) -> list[WorldSpec]:
    """The blocks of a world, of nearly equal size and at most `size` businesses each (at least 20).

    >>> [block.businesses for block in blocks(WorldSpec(businesses=100, months=1, seed=1), 40)]
    [34, 33, 33]
    """
    if size < SMALLEST:
        raise ValueError(f"a block has at least {SMALLEST} businesses")
    if spec.mix == "demo":
        raise ValueError("the demo is one block: leave the size of blocks away")
    count = min(-(-spec.businesses // size), spec.businesses // SMALLEST)
    least, more = divmod(spec.businesses, count)
    sizes = [least + (number < more) for number in range(count)]
    return [
        replace(spec, businesses=sizes[number], block=number, first=sum(sizes[:number]), room=sizes[0])
        for number in range(count)
    ]


def simulate_block(block: WorldSpec) -> Simulation:
    """One block, with the numbers its businesses have in the whole world."""
    made = simulate(block)
    return Simulation(
        records=Records(**{name: _placed(frame, block) for name, frame in made.records.frames().items()}),
        truth=Truth(**{name: _placed(frame, block) for name, frame in made.truth.frames().items()}),
    )


def _placed(frame: pl.DataFrame, block: WorldSpec) -> pl.DataFrame:
    first, base = pl.lit(block.first, pl.Int64), pl.lit(block.block * _NUMBERS_PER_BLOCK, pl.Int64)
    owners = [pl.col(name) + first for name in _OWNERS if name in frame.columns]
    numbers = [pl.col(name) + base for name in _NUMBERED if name in frame.columns]
    groups = [pl.col(name).list.eval(pl.element() + first) for name in ("members",) if name in frame.columns]
    return frame.with_columns([*owners, *numbers, *groups])


def write_block(block: WorldSpec, out: Path) -> dict[str, int]:
    """Simulate a block and write <frame>/<number>.parquet and truth/<number>/ below `out`; rows per frame."""
    made = simulate_block(block)
    rows = {}
    for name, frame in made.records.frames().items():
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(folder / f"{block.block:05d}.parquet", compression="zstd", statistics=True)
        rows[name] = frame.height
    write_truth(made.truth, out / "truth" / f"{block.block:05d}")
    return rows
