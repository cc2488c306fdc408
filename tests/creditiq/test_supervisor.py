"""The supervisor: what ends comes back, what is stopped stays stopped, nothing is left over."""

import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.core.management.base import OutputWrapper

from creditiq.management.supervisor import Program, Supervisor, UnableToKeepRunning

PATIENT = "import time; print('here', flush=True); time.sleep(60)"
PARENT = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {PATIENT!r}]); time.sleep(60)"


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervise(tmp_path: Path, said: io.StringIO) -> Iterator[object]:
    started: list[Supervisor] = []

    def supervise(*codes: str) -> Supervisor:
        programs = [Program(f"p{n}", [sys.executable, "-c", code, "creditiq.test"]) for n, code in enumerate(codes)]
        supervisor = Supervisor(programs, out=OutputWrapper(said), environment=os.environ, ledger=tmp_path / "pids")
        started.append(supervisor)
        supervisor.start()
        return supervisor

    yield supervise
    for supervisor in started:
        supervisor.stop()


def _wait_for(condition: object) -> None:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert condition()


def test_every_line_of_a_program_carries_its_name(supervise, said) -> None:
    supervise(PATIENT)
    _wait_for(lambda: "p0     | here" in said.getvalue())


def test_a_killed_program_is_started_again(supervise) -> None:
    supervisor = supervise(PATIENT)
    first = supervisor.programs[0].process.pid
    os.kill(first, signal.SIGKILL)
    _wait_for(lambda: supervisor.revive() or supervisor.programs[0].process.pid != first)
    assert supervisor.programs[0].process.poll() is None


def test_stopping_leaves_no_process_behind_not_even_grandchildren(supervise) -> None:
    supervisor = supervise(PARENT, PATIENT)
    parent = psutil.Process(supervisor.programs[0].process.pid)
    _wait_for(lambda: len(parent.children()) == 1)
    family = [parent, *parent.children()]
    supervisor.stop()
    _wait_for(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family))


def test_what_a_killed_supervisor_left_behind_ends_at_the_next_start(supervise) -> None:
    orphan = supervise(PATIENT).programs[0].process
    supervise(PATIENT)
    assert orphan.wait(10) == -signal.SIGKILL


def test_a_program_that_cannot_start_is_given_up(supervise) -> None:
    supervisor = supervise("raise SystemExit(1)")
    with pytest.raises(UnableToKeepRunning):
        supervisor.watch()
