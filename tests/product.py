"""The whole product as a stranger starts it: `manage.py run` in a folder of its own, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
FIRST_RUN_SECONDS = 600
STOP_SECONDS = 60
OTHER_SERVICES = ("DATABASE_URL", "REDIS_URL")
"""The product of the tests brings its own: a demo has no business in a database that somebody named."""
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "creditiq.settings.local",
    "THROTTLE_SIGN_IN": "1000/minute",  # all the visitors of the tests come from one address
    "THROTTLE_SIGN_UP": "1000/minute",
    "WEBHOOK_LOCAL_HOSTS": "127.0.0.1:*",  # the servers that the tests receive at
}


class Product:
    """Where it answers, where it keeps what it knows, and its switch."""

    def __init__(self, var: Path, port: int) -> None:
        self.var = var
        self.port = port
        self.log = var.with_suffix(".log")
        self.starts = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it is ready; the first start in `var` makes the demo."""
        inherited = {name: value for name, value in os.environ.items() if name not in OTHER_SERVICES}
        environment = {**inherited, **SETTINGS, "VAR": str(self.var)}
        command = [sys.executable, "manage.py", "run", "--port", str(self.port)]
        self.starts += 1
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        self._await_ready(self.process)

    def stop(self) -> None:
        """The one Ctrl-C."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        self.process.wait(STOP_SECONDS)
        self.process = None

    def pid_of(self, program: str) -> int:
        """Process id of `web`, `worker` or `beat`."""
        order = ["web", "worker", "streams", "beat"]
        return int((self.var / "run.pids").read_text().split()[order.index(program)])

    def processes(self) -> list[int]:
        """Every living process that has to do with this product."""
        return [
            process.pid
            for process in psutil.process_iter(["cmdline"])
            if {str(self.var), str(self.port)} & set(process.info["cmdline"] or [])
            or f"{self.var}/" in " ".join(process.info["cmdline"] or [])
        ]

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + FIRST_RUN_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError, HTTPException):
                if self._answers():
                    return
            time.sleep(0.3)
        raise AssertionError(f"the product did not start:\n{self.log.read_text(errors='replace')[-4000:]}")

    def _answers(self) -> bool:
        """Ready means ready to work: with workers, which the line of the start counts."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200 and self.starts == self.log.read_bytes().count(b"ready  |")
        finally:
            connection.close()


@contextmanager
def running(var: Path) -> Iterator[Product]:
    """A product that is ready, and gone afterwards."""
    product = Product(var, free_port())
    try:
        product.start()
        yield product
    finally:
        product.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
