"""Pools whose reserves were taken away."""

from collections import defaultdict

from wallets.engine.ledger import Ledger
from wallets.engine.pricing import DAY

LOST = 0.95
WITHIN = 30 * DAY


def drained_pools(ledger: Ledger) -> frozenset[str]:
    """Addresses of Uniswap v2 pools that lost more than 95 % of their depth within 30 days (their Sync logs).

    Both: trading moves one reserve up when the other goes down; only whoever takes the liquidity lowers both.
    """
    series: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for item in ledger.decoded:
        if item.key == "uniswap_v2.Sync":
            series[item.log.address].append((item.log.at, item.number("reserve0"), item.number("reserve1")))
    return frozenset(address for address, points in series.items() if _fell(points))


def _fell(points: list[tuple[int, int, int]]) -> bool:
    """Depth is √(reserve0 · reserve1): trading leaves it where it is, liquidity taken lowers it."""
    highest: list[tuple[int, float]] = []
    for at, reserve0, reserve1 in points:
        depth = float(reserve0) ** 0.5 * float(reserve1) ** 0.5
        highest = [(then, seen) for then, seen in highest if at - then <= WITHIN]
        if any(depth < (1 - LOST) * seen for _, seen in highest):
            return True
        highest = [(then, seen) for then, seen in highest if seen > depth]
        highest.append((at, depth))
    return False
