"""How the processes of `make test` share the tests, so that neither repeats the other's work nor waits for it.

A file stays in one process, and so do the files that share what is dear to make: a product with its demo, a trained
scorecard, a simulated population, a local chain. Those come first and the slow files behind them; whatever is left,
in random order, fills the rest.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    ("tests/journeys/", "tests/browser/"): "the running product",
    ("tests/scoring/test_", "tests/scoring/api/"): "the trained scorecard",
    ("tests/scoring/engine/",): "the scorecard of the engine",
    ("tests/wallets/chain/",): "the local chain",
    ("tests/wallets/engine/world/",): "the simulated populations",
}
SLOW = (
    "tests/creditiq/test_pipeline.py",
    "tests/benchmarks/test_topology.py",
    "tests/creditiq/test_behind_the_wall.py",
    "tests/creditiq/benchmarks/test_reads.py",
    "tests/fraud/test_screening.py",
    "tests/wallets/engine/importers/test_properties.py",
    "tests/architecture/",
    "tests/lending/engine/test_ledger_invariants.py",
)
"""Files that take long for the number of their tests: begun last they would be waited for."""
QUEUE = (*TOGETHER, *SLOW)


class Shared(LoadScopeScheduling):
    """Units of work are files, or the files of one row of TOGETHER."""

    def _split_scope(self, nodeid: str) -> str:
        units = (unit for starts, unit in TOGETHER.items() if nodeid.startswith(starts))
        return next(units, nodeid.partition("::")[0])


def place(nodeid: str) -> int:
    """Where a test stands in the queue."""
    return next((place for place, starts in enumerate(QUEUE) if nodeid.startswith(starts)), len(QUEUE))


def in_order(items: list[pytest.Item]) -> None:
    """Sort in place; what has the same place keeps its random order."""
    items.sort(key=lambda item: place(item.nodeid))
