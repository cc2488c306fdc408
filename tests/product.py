"""The whole product as a stranger starts it: `manage.py run` in a folder of its own, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIRST_RUN_SECONDS = 600
STOP_SECONDS = 60
OTHER_SERVICES = ("DATABASE_URL", "REDIS_URL")
"""The product of the tests brings its own: a demo has no business in a database that somebody named."""


@dataclass(frozen=True)
class Product:
    """Where it answers, and where it keeps what it knows."""

    address: str
    var: Path
    process: subprocess.Popen[bytes] | None = None


@contextmanager
def running(var: Path) -> Iterator[Product]:
    """A product that is ready; the first start in `var` makes the demo. Stopped by the one Ctrl-C."""
    port = _free_port()
    command = [sys.executable, "manage.py", "run", "--port", str(port)]
    inherited = {name: value for name, value in os.environ.items() if name not in OTHER_SERVICES}
    environment = {**inherited, "VAR": str(var), "DJANGO_SETTINGS_MODULE": "creditiq.settings.local"}
    log = var.with_suffix(".log")
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            _await_ready(process, port, log)
            yield Product(f"http://127.0.0.1:{port}", var, process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + FIRST_RUN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError, HTTPException):
            if _answers(port):
                return
        time.sleep(0.5)
    raise AssertionError(f"the product did not start:\n{log.read_text(errors='replace')[-4000:]}")


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    finally:
        connection.close()
