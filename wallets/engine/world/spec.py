"""What a world is asked to be, and the seeded streams of chance it is made from."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Mix = Literal["demo", "development"]

HEALTHY, STRUGGLING, SHELL, PAPER, NEW = range(5)
PROFILE_NAMES = ("genuine_healthy", "genuine_struggling", "shell_circular", "paper_trader", "new_to_credit")
# The demo keeps the source system's mixture; development has a realistic prevalence of fraud (1.9 %).
MIXTURES: dict[Mix, tuple[float, ...]] = {
    "demo": (0.40, 0.25, 0.15, 0.10, 0.10),
    "development": (0.571, 0.270, 0.012, 0.007, 0.140),
}
SMALLEST = 20


@dataclass(frozen=True)
class WorldSpec:
    """A population of `businesses` watched for `months` calendar months up to and including the day `end`.

    A large world is made in blocks (see blocks.py): `block` is the number of this one, `first` the number of its
    first business in the world, `room` the size of the largest block.
    """

    businesses: int
    months: int
    seed: int
    end: date = date(2026, 10, 31)
    mix: Mix = "development"
    block: int = 0
    first: int = 0
    room: int = 0

    def __post_init__(self) -> None:
        if self.businesses < SMALLEST or not 1 <= self.months <= 120:
            raise ValueError(f"a world has at least {SMALLEST} businesses and 1 to 120 months")
        if self.mix not in MIXTURES:
            raise ValueError(f"the mix is one of {', '.join(MIXTURES)}")

    def chance(self, noun: str) -> np.random.Generator:
        """An independent stream of chance per noun: a change in one part of the world leaves the others alone."""
        place = [self.block] if self.block else []
        return np.random.default_rng([self.seed, crc32(noun.encode()), *place])

    def first_serial(self, per_business: int, spare: int = 0) -> int:
        """Where this block begins in a series of which a block takes `per_business` for each business and `spare`."""
        return self.block * (per_business * self.room + spare)
