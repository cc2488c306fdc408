"""Drills have no verdict alone but figures: each tells what it did and measured; the table comes last.

A row says what the drill asks, what was measured, and whether that held: `missed` is a bar not met, `broken` a drill
that ended in an error of its own. A drill tells before it judges, so that a missed bar shows its figure too.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from _pytest.terminal import TerminalReporter

from tests.drills.house import House, house_of
from tests.product import Product

Tell = Callable[..., None]
WORDS = 160
TITLES = ("drill", "goal", "figures", "verdict", "seconds")
NOT_COVERED = (
    "loss of packets on a network between machines (the database is frozen instead: nothing ever comes back)",
    "a full disk under PostgreSQL itself (only under the uploads)",
    "a reorganisation of a live chain (tests/wallets/chain has one on a local chain)",
)
"""What no drill does here, and why."""


@dataclass
class Row:
    """A line of the table."""

    drill: str
    goal: str
    figures: str = ""
    verdict: str = "broken"
    seconds: float = 0.0

    def __str__(self) -> str:
        cells = (self.drill, self.goal, self.figures, self.verdict, f"{self.seconds:.0f}")
        return f"| {' | '.join(' '.join(cell.replace('|', '/').split()) for cell in cells)} |"


ROWS: dict[str, Row] = {}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "goal(words): what a drill asks, in the words of the table")


@pytest.fixture(scope="session")
def house(running_product: Product) -> Iterator[House]:
    """The running product with its services within reach."""
    with house_of(running_product) as house:
        yield house


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Note the figures of this drill, by name; `not_done=why` for one that this machine does not allow."""

    def note(**figures: object) -> None:
        row = ROWS[request.node.nodeid]
        row.figures = " · ".join(f"{name.replace('_', ' ').strip()} {figure}" for name, figure in figures.items())
        row.verdict = "not done" if "not_done" in figures else row.verdict

    return note


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Every drill gets its row, whatever became of it."""
    report = yield
    goal = item.get_closest_marker("goal")
    name = item.name.removeprefix("test_").replace("_", " ")
    row = ROWS.setdefault(item.nodeid, Row(name, goal.args[0] if goal else ""))
    row.seconds += call.duration
    if call.when == "call" and report.passed and row.verdict != "not done":
        row.verdict = "held"
    elif call.excinfo is not None:
        row.verdict = "missed" if call.excinfo.errisinstance(AssertionError) else "broken"
        row.figures = row.figures or f"none: {call.excinfo.exconly()[:WORDS]}"
    return report


@pytest.fixture(scope="session")
def rounds() -> Callable[[int], int]:
    """How often: the number reliability asks for, times DRILL_SCALE, at least twice."""
    scale = float(os.environ.get("DRILL_SCALE", "1"))
    return lambda wanted: max(2, round(wanted * scale))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """The table, and what nobody drilled."""
    terminalreporter.section("figures of the drills")
    terminalreporter.write_line(f"| {' | '.join(TITLES)} |")
    terminalreporter.write_line(f"|{'---|' * len(TITLES)}")
    for row in ROWS.values():
        terminalreporter.write_line(str(row))
    held = sum(row.verdict == "held" for row in ROWS.values())
    terminalreporter.write_line(f"{held} of {len(ROWS)} held at SCALE={os.environ.get('DRILL_SCALE', '1')}")
    terminalreporter.write_line(f"not covered: {'; '.join(NOT_COVERED)}")
