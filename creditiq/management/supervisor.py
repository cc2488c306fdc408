"""Keeps the product's processes alive and ends them together."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psutil
from django.core.management.base import OutputWrapper

GRACE = 12.0
"""Seconds a process may take to finish its work after being asked to stop."""
MOST_RESTARTS = 5
RESTART_WINDOW = 30.0


class UnableToKeepRunning(RuntimeError):
    """A process ends again as soon as it is started."""


@dataclass
class Program:
    """One process to keep alive; its lines appear under `name`."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[str] | None = None
    starts: list[float] = field(default_factory=list)


class Supervisor:
    """Starts programs in sessions of their own, so that a Ctrl-C reaches them through us, in order and once."""

    def __init__(
        self, programs: Sequence[Program], *, out: OutputWrapper, environment: Mapping[str, str], ledger: Path
    ) -> None:
        self.programs = programs
        self.out = out
        self.environment = dict(environment)
        self.ledger = ledger
        self._writing = threading.Lock()

    def start(self) -> None:
        """Start every program; those that an earlier, killed supervisor left behind end first."""
        self._end_leftovers()
        for program in self.programs:
            self._launch(program)

    def watch(self) -> None:
        """Restart what ends; ends only by an interruption."""
        while True:
            time.sleep(0.2)
            self.revive()

    def revive(self) -> None:
        """Start again whatever has ended since the last look, without what it left running."""
        for program in self.programs:
            if program.process is not None and program.process.poll() is not None:
                self.say(program.name, f"ended with {program.process.returncode}; starting it again")
                _signal_group(program.process, signal.SIGKILL)
                self._launch(program)

    def stop(self) -> None:
        """Ask every program to finish, then insist. Returns when no process is left."""
        processes = [program.process for program in reversed(self.programs) if program.process is not None]
        for process in processes:
            _signal_group(process, signal.SIGTERM, only_leader=True)
        deadline = time.monotonic() + GRACE
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(deadline - time.monotonic(), 0.1))
            _signal_group(process, signal.SIGKILL)
            process.wait()
        self.ledger.unlink(missing_ok=True)

    def say(self, name: str, line: str) -> None:
        """One line of the common stream."""
        with self._writing:
            self.out.write(f"{name:<7}| {line}")
            self.out.flush()

    def _launch(self, program: Program) -> None:
        program.starts = [moment for moment in program.starts if time.monotonic() - moment < RESTART_WINDOW]
        if len(program.starts) > MOST_RESTARTS:
            raise UnableToKeepRunning(f"{program.name} ended {MOST_RESTARTS} times within {RESTART_WINDOW:.0f} s")
        program.starts.append(time.monotonic())
        program.process = subprocess.Popen(
            program.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._relay, args=(program.name, program.process), daemon=True).start()
        self._remember()

    def _relay(self, name: str, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                self.say(name, line.rstrip())

    def _remember(self) -> None:
        alive = [str(program.process.pid) for program in self.programs if program.process is not None]
        self.ledger.write_text("\n".join(alive))

    def _end_leftovers(self) -> None:
        with suppress(FileNotFoundError):
            for pid in self.ledger.read_text().split():
                with suppress(psutil.Error):
                    process = psutil.Process(int(pid))
                    if any(word.startswith("creditiq.") for word in process.cmdline()):
                        os.killpg(process.pid, signal.SIGKILL)


def interrupt_on_signals() -> None:
    """Ctrl-C, termination and a closed terminal all interrupt, once; a second one cannot disturb the way down."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in numbers:
        signal.signal(number, interrupt)


def _signal_group(process: subprocess.Popen[str], number: int, *, only_leader: bool = False) -> None:
    """Signal the process, or with it everything it started (a killed worker leaves its children)."""
    with suppress(ProcessLookupError, PermissionError):
        if only_leader:
            process.send_signal(number)
        else:
            os.killpg(process.pid, number)
