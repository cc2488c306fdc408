"""What happens to the house happens to nobody's work: killed workers, restarts, one Ctrl-C."""

import os
import signal
import time

import psutil
import pytest

from tests.journeys.callers import Caller, eventually
from tests.product import Product

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def test_a_score_arrives_although_its_worker_is_killed(running_product: Product) -> None:
    priya = Caller(running_product.address, "priya")
    gstin = priya.business()["gstin"]
    before = running_product.pid_of("worker")
    task = priya.request_score(gstin)
    os.kill(before, signal.SIGKILL)
    assert priya.await_score(task)["status"] == "complete"
    assert eventually(lambda: running_product.pid_of("worker"), lambda pid: pid != before)


def test_a_restart_keeps_everything_and_stopping_leaves_no_process(running_product: Product) -> None:
    if running_product.process is None:
        return
    priya = Caller(running_product.address, "priya")
    score = priya.await_score(priya.request_score(priya.business()["gstin"]))
    family = psutil.Process(running_product.process.pid).children(recursive=True)
    assert len(family) >= 3
    running_product.stop()
    left = running_product.processes()
    survivors = [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    started = time.monotonic()
    running_product.start()
    assert time.monotonic() - started < 60
    assert left == []
    assert survivors == []
    again = Caller(running_product.address, "priya").get(f"score/{score['task_id']}").json()
    assert again["credit_score"] == score["credit_score"]
