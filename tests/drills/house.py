"""The running product seen from below: its database, its services, its processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import requests
from kombu import pools

from creditiq import embedded
from creditiq.settings.env import socket_folder
from tests.journeys.callers import eventually
from tests.product import OTHER_SERVICES, ROOT, SETTINGS, Product

STUCK = """
    SELECT count(*) FROM kernel_delivery WHERE state = 'pending' AND due_at < now() - interval '15 seconds'
"""
WAITING = "SELECT count(*) FROM scoring_scorerequest WHERE state IN ('pending', 'processing')"


@dataclass(frozen=True)
class House:
    """`services` are those of the product, which drills end and bring back."""

    product: Product
    services: embedded.Services
    hands: ExitStack

    def ask(self, question: str, *values: object) -> Sequence[tuple[object, ...]]:
        """Rows of the product's database, read past the product."""
        address = f"postgresql://postgres@/creditiq?host={socket_folder(self.product.var)}"
        with closing(psycopg.connect(address, autocommit=True, connect_timeout=5)) as connection:
            cursor = connection.execute(question, values)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def holding(self, question: str, *values: object) -> Iterator[None]:
        """A transaction of ours that keeps what the question locks until the end."""
        address = f"postgresql://postgres@/creditiq?host={socket_folder(self.product.var)}"
        with closing(psycopg.connect(address, connect_timeout=5)) as connection:
            connection.execute(question, values)
            yield

    def count(self, question: str, *values: object) -> int:
        return int(str(self.ask(question, *values)[0][0]))

    def kill(self, program: str) -> None:
        """`kill -9` one program of the supervisor, if it is up."""
        with suppress(ProcessLookupError, FileNotFoundError, IndexError):
            os.kill(self.product.pid_of(program), signal.SIGKILL)

    def await_web(self) -> float:
        """Seconds until the web answers that it is ready."""
        started = time.monotonic()
        eventually(self.ready, bool)
        return time.monotonic() - started

    def ready(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.product.address}/readyz", timeout=10).status_code == 200
        return False

    def end_valkey(self) -> None:
        end(int(self.services.valkey_pid_file.read_text()))

    def end_postgres(self) -> None:
        """As when the machine loses power: every backend ends at once, recovery follows the next start."""
        end(int((self.services.pgdata / "postmaster.pid").read_text().splitlines()[0]), signal.SIGQUIT)

    def bring_back(self) -> None:
        """Start what is not running."""
        self.hands.enter_context(embedded.at_hand(self.services))
        pools.reset()  # what the drills themselves held open to the old ones

    def settled(self) -> None:
        """I7: nothing waits past its time."""
        eventually(lambda: (self.count(STUCK), self.count(WAITING)), lambda left: left == (0, 0))

    def manage(self, *words: str, var: Path | None = None) -> dict[str, object]:
        """The last line of a command as JSON."""
        inherited = {name: value for name, value in os.environ.items() if name not in OTHER_SERVICES}
        environment = {**inherited, **SETTINGS, "VAR": str(var or self.product.var)}
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    def trail_holds(self) -> bool:
        """I3."""
        return self.manage("verify_audit", "--json")["ok"] is True


@contextmanager
def house_of(product: Product) -> Iterator[House]:
    with ExitStack() as hands:
        yield House(product, embedded.Services(product.var), hands)


def end(pid: int, number: int = signal.SIGKILL) -> None:
    """End a process and wait until it is gone."""
    process = psutil.Process(pid)
    process.send_signal(number)
    with suppress(psutil.TimeoutExpired):
        process.wait(30)
