"""How a population is measured."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Execution:
    """In `shards` parts of the businesses one after the other, which bounds memory; spilling to `spill` if given."""

    threads: int = 2
    shards: int = 1
    spill: Path | None = None
    memory: str = "1500MB"
    spill_limit: str = "8GB"
