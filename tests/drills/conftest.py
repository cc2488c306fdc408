"""Drills have no verdict alone but figures: each tells what it did and measured; the table comes last."""

import os
from collections.abc import Callable, Iterator

import pytest
from _pytest.terminal import TerminalReporter

from tests.drills.house import House, house_of
from tests.product import Product

Tell = Callable[..., None]
FIGURES: list[tuple[str, str]] = []
NOT_COVERED = (
    "loss of packets on a network between machines (the database is frozen instead: nothing ever comes back)",
    "a full disk under PostgreSQL itself (only under the uploads)",
    "a reorganisation of a live chain (tests/wallets/chain has one on a local chain)",
)
"""What no drill does here, and why."""


@pytest.fixture(scope="session")
def house(running_product: Product) -> Iterator[House]:
    """The running product with its services within reach."""
    with house_of(running_product) as house:
        yield house


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Note the figures of this drill, by name."""

    def note(**figures: object) -> None:
        words = " · ".join(f"{name.replace('_', ' ')} {figure}" for name, figure in figures.items())
        FIGURES.append((request.node.name.removeprefix("test_").replace("_", " "), words))

    return note


@pytest.fixture(scope="session")
def rounds() -> Callable[[int], int]:
    """How often: the number reliability asks for, times DRILL_SCALE, at least twice."""
    scale = float(os.environ.get("DRILL_SCALE", "1"))
    return lambda wanted: max(2, round(wanted * scale))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """The table, and what nobody drilled."""
    terminalreporter.section("figures of the drills")
    for drill, words in FIGURES:
        terminalreporter.write_line(f"{drill}\n    {words}")
    terminalreporter.write_line(f"not covered: {'; '.join(NOT_COVERED)}")
