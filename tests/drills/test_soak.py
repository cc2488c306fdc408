"""Half the load for a while: nothing grows that should not (reliability.md §2)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest

from tests.drills.conftest import Tell
from tests.drills.house import House
from tests.drills.test_faults import Rounds, payment, references, send
from tests.journeys.callers import Caller

pytestmark = pytest.mark.integration
READ = ("businesses?limit=20", "applications", "auth/me", "notifications", "evidence/uploads")
WRITE_EACH = 10
CALLERS, MOST_GROWTH, WARM_SECONDS, MINUTE, LEAST_SECONDS = 4, 0.05, 10.0, 60, 20
READINGS, PAUSE_SECONDS, MORE_FILES = 4, 3.0, 10


def family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def figures(house: House) -> dict[str, tuple[int, int]]:
    """Resident bytes and open files of the web and the worker processes."""
    found = {name: family(house.product.pid_of(name)) for name in ("web", "worker")}
    return {
        name: (sum(one.memory_info().rss for one in some), sum(one.num_fds() for one in some))
        for name, some in found.items()
    }


def lowest(house: House) -> dict[str, tuple[int, int]]:
    """The same, the lowest of what is read while few ask: what a round of work leaves is collected now and then."""
    read = []
    for _ in range(READINGS):
        load(house, PAUSE_SECONDS)
        read.append(figures(house))
    return {name: tuple(min(one[name][place] for one in read) for place in (0, 1)) for name in read[0]}


def load(house: House, seconds: float) -> tuple[list[tuple[float, float]], int]:
    """What people do at once for so long: when each answer came with its milliseconds, and how many were wrong."""
    waits: list[tuple[float, float]] = []
    wrong, lock, started = 0, threading.Lock(), time.monotonic()

    def visit(place: int) -> None:
        nonlocal wrong
        caller, count = Caller(house.product.address, ("priya", "anjali", "deepa", "rahul")[place]), 0
        gstin = caller.business()["gstin"] if place in {0, 3} else ""
        while time.monotonic() - started < seconds:
            count += 1
            asked = time.monotonic()
            if gstin and count % WRITE_EACH == 0:
                status = send(caller, gstin, payment(references(1)[0])).status_code
            else:
                status = caller.get(READ[count % len(READ)]).status_code
            with lock:
                waits.append((asked - started, (time.monotonic() - asked) * 1000))
                wrong += status >= 500
            time.sleep(0.05)

    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(visit, range(CALLERS)))
    return waits, wrong


@pytest.mark.goal("memory +5 % at most, 10 more files at most, 0 errors")
def test_half_the_load_for_a_while_grows_nothing(house: House, rounds: Rounds, tell: Tell) -> None:
    """SCALE=30 is the half hour of the promise."""
    load(house, WARM_SECONDS)
    before = lowest(house)
    seconds = max(rounds(MINUTE), LEAST_SECONDS)
    waits, wrong = load(house, seconds)
    after = lowest(house)
    growth = {name: after[name][0] / before[name][0] - 1 for name in before}
    files = {name: after[name][1] - before[name][1] for name in before}
    halves = [[ms for at, ms in waits if (at < seconds / 2) is first] for first in (True, False)]
    early, late = (float(np.percentile(some, 95)) for some in halves)
    tell(
        seconds=seconds, answers=len(waits), errors=wrong, p95_ms=round(late), drift=f"{late / early - 1:+.0%}",
        rss={name: f"{share:+.1%}" for name, share in growth.items()}, open_files=files,
    )  # fmt: skip
    assert wrong == 0
    assert max(growth.values()) <= MOST_GROWTH
    assert max(files.values()) <= MORE_FILES
