"""How a population is measured."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Execution:
    """In `shards` parts of the businesses one after the other, which bounds memory; spilling to `spill` if given."""

    threads: int = 2
    shards: int = 1
    spill: Path | None = None
    memory: str = "1500MB"
    spill_limit: str = "8GB"

    def parts(self, businesses: pa.ChunkedArray) -> "list[Part | None]":
        """As many parts as shards, of about as many businesses each; None stands for all of them."""
        if self.shards == 1:
            return [None]
        chunks = np.array_split(np.sort(businesses.to_numpy()), self.shards)
        return [Part(int(chunk[0]), int(chunk[-1])) for chunk in chunks if chunk.size]


@dataclass(frozen=True, slots=True)
class Part:
    """The businesses from `first` to `last`."""

    first: int
    last: int

    def span(self, businesses: pa.ChunkedArray) -> tuple[int, int] | None:
        """Offset and length of this part's rows where the column is in order; None where it is not."""
        keys = businesses.to_numpy()
        if np.any(keys[1:] < keys[:-1]):
            return None
        start, end = np.searchsorted(keys, [self.first, self.last + 1])
        return int(start), int(end - start)
