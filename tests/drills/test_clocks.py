"""A worker whose clock is two hours behind, then two hours ahead (reliability.md §3)."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psutil
import pytest
from celery import Celery

from creditiq.management.commands.run import QUEUES
from creditiq.settings.env import broker, socket_folder
from tests.drills.conftest import Tell
from tests.drills.house import House
from tests.journeys.callers import Caller, eventually
from tests.product import OTHER_SERVICES, ROOT, SETTINGS

pytestmark = pytest.mark.integration
SKEWED = """
import sys, time_machine
from datetime import datetime, timedelta, timezone
moment = datetime.now(timezone.utc) + timedelta(hours=float(sys.argv.pop(1)))
time_machine.travel(moment, tick=True).start()
from celery.__main__ import main
sys.exit(main())
"""
ORDER = """
    SELECT count(*) FROM (
        SELECT at, lag(at) OVER (PARTITION BY organisation_id ORDER BY seq) AS before FROM accounts_auditentry
    ) entries WHERE at < before - interval '1 hour'
"""


@contextmanager
def suspended(pid: int) -> Iterator[None]:
    """The usual worker rests, so that the one with the wrong clock does the work."""
    parent = psutil.Process(pid)
    everybody = [parent, *parent.children(recursive=True)]
    for process in everybody:
        process.suspend()
    try:
        yield
    finally:
        for process in everybody:
            if process.is_running():
                process.resume()


@contextmanager
def worker_of_another_time(house: House, hours: float) -> Iterator[None]:
    """A worker of the product's whose clock, and nobody else's, is so many hours off."""
    inherited = {name: value for name, value in os.environ.items() if name not in OTHER_SERVICES}
    environment = {**inherited, **SETTINGS, "VAR": str(house.product.var)}
    words = ["celery", "--app", "creditiq", "worker", "--loglevel", "error", "--without-gossip", "--without-mingle"]
    command = [sys.executable, "-c", SKEWED, str(hours), *words[1:], "--queues", QUEUES, "--concurrency", "1"]
    started = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        started.terminate()
        started.wait(60)


@pytest.mark.parametrize("hours", [-2.0, 2.0])
@pytest.mark.goal("every score complete, none doubled, tokens good, the trail holds")
def test_a_worker_with_a_wrong_clock_loses_and_doubles_nothing(house: House, tell: Tell, hours: float) -> None:
    people = [Caller(house.product.address, name) for name in ("priya", "rahul")]
    house.settled()
    workers = Celery(broker=broker(f"unix://{socket_folder(house.product.var)}/valkey.sock", 0))
    with ExitStack() as hands:
        hands.enter_context(worker_of_another_time(house, hours))
        eventually(lambda: len(workers.control.ping(timeout=1.0) or ()), lambda count: count > 1)
        hands.enter_context(suspended(house.product.pid_of("worker")))
        started = time.monotonic()
        asked = [(caller, caller.request_score(caller.business()["gstin"])) for caller in people]
        answers = [caller.await_score(task)["status"] for caller, task in asked]
        seconds = time.monotonic() - started
        signed_in = [caller.get("auth/me").status_code for caller in people]
    eventually(house.ready, bool)
    house.settled()
    doubled = house.count(
        "SELECT count(*) FROM (SELECT cause FROM scoring_scorerun GROUP BY business_id, cause HAVING count(*) > 1) d"
    )
    tell(
        hours=hours, scores=answers, seconds=round(seconds, 1), doubled=doubled, tokens=signed_in,
        entries_back_in_time=house.count(ORDER), trail=house.trail_holds(),
    )  # fmt: skip
    assert set(answers) == {"complete"}
    assert set(signed_in) == {200}
    assert doubled == 0
