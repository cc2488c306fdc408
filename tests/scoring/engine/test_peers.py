import numpy as np

from scoring.engine.peers import EVERYONE, fit_peers
from scoring.engine.sample import Sample


def test_medians_are_those_of_healthy_firms_of_the_sector() -> None:
    rows = 400
    sector = np.where(np.arange(rows) % 2 == 0, "textiles", "paper")
    value = np.where(sector == "textiles", 10.0, 20.0)
    target = (np.arange(rows) < 40).astype(float)
    value = np.where(target > 0, 99.0, value)
    matrix = np.column_stack([value, np.full(rows, np.nan)])
    keys = np.arange(rows)
    peers = fit_peers(Sample(("a", "b"), matrix, target, keys, keys, sector))
    assert peers.median("a", "textiles") == 10.0
    assert peers.median("a", "paper") == 20.0
    assert peers.quantiles("a", "unheard of") == peers.table[EVERYONE]["a"]
    assert peers.median("b", "paper") is None


def test_a_sector_with_few_firms_is_compared_with_everyone() -> None:
    keys = np.arange(120)
    sector = np.where(keys < 10, "rare", "paper")
    peers = fit_peers(Sample(("a",), keys[:, None] * 1.0, np.zeros(120), keys, keys, sector))
    assert "rare" not in peers.table
    assert peers.median("a", "rare") == peers.table[EVERYONE]["a"][2]
