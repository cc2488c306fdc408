from datetime import date

import pytest

from wallets.engine.world.simulation import Simulation, simulate
from wallets.engine.world.spec import WorldSpec


@pytest.fixture(scope="session")
def demo() -> Simulation:
    """The demo population at full size."""
    return simulate(WorldSpec(businesses=250, months=18, seed=7, mix="demo"))


@pytest.fixture(scope="session")
def development() -> Simulation:
    """A development population large enough for rates."""
    return simulate(WorldSpec(businesses=1500, months=36, seed=5, end=date(2026, 9, 15), mix="development"))
