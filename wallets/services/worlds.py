"""Simulated populations for the demo and for model development (evidence.md §6)."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from wallets.engine.world.blocks import blocks, simulate_block
from wallets.engine.world.simulation import simulate
from wallets.engine.world.spec import WorldSpec


def demo_world(*, businesses: int, months: int, seed: int, end: date) -> dict[str, pl.DataFrame]:
    """Frames of the demo population, ending on `end`; the first three businesses are the demo cast."""
    return _frames(WorldSpec(businesses=businesses, months=months, seed=seed, end=end, mix="demo"))


def development_world(*, businesses: int, months: int, seed: int, end: date) -> dict[str, pl.DataFrame]:
    """Frames of a population with realistic prevalence, for training; it shares nothing with the demo."""
    return _frames(WorldSpec(businesses=businesses, months=months, seed=seed, end=end, mix="development"))


@dataclass(frozen=True)
class JudgedWorld:
    """Evidence to learn from, and the hidden months of the same firms, which only a judge of models may read."""

    frames: dict[str, pl.DataFrame]
    hidden: pl.DataFrame


def judged_world(*, businesses: int, months: int, seed: int, end: date) -> JudgedWorld:
    """A development world with its hidden months: business, period, health, liquidity_paise."""
    made = simulate(WorldSpec(businesses=businesses, months=months, seed=seed, end=end, mix="development"))
    return JudgedWorld(made.records.frames(), made.hidden_months)


def simulated_records(*, businesses: int, months: int, seed: int, block: int) -> int:
    """Make a development world block by block, keep nothing, and count its records."""
    spec = WorldSpec(businesses=businesses, months=months, seed=seed)
    made = (simulate_block(each).records.frames() for each in blocks(spec, block))
    return sum(frame.height for frames in made for frame in frames.values())


def _frames(spec: WorldSpec) -> dict[str, pl.DataFrame]:
    return simulate(spec).records.frames()
