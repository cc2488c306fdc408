"""`manage.py run`: from nothing to a live product in one command, and back with one Ctrl-C."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from creditiq import embedded
from creditiq.management.demo.ledger import is_complete
from creditiq.management.progress import Progress
from creditiq.management.supervisor import Program, Supervisor, UnableToKeepRunning, interrupt_on_signals
from creditiq.settings.env import env

QUEUES = "default,scoring,fraud,lending,chain,notify"
READY_TIMEOUT = 90
CELERY = (sys.executable, "-W", "ignore::UserWarning", "-m", "celery", "--quiet", "-A", "creditiq.celery")
"""Celery warns everybody who is root, as people in containers are."""


class Command(BaseCommand):
    help = (
        "Start everything: bundled services (unless DATABASE_URL and REDIS_URL name others), migrations, the demo on "
        "the first run, Celery workers and beat, and the web server. Ctrl-C stops every process."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=env.str("HOST", default="127.0.0.1"))
        parser.add_argument("--port", type=int, default=env.int("PORT", default=8000))
        parser.add_argument("--workers", type=int, default=env.int("WORKERS", default=2), help="Celery processes")

    def handle(self, *, host: str, port: int, workers: int, **_: object) -> None:
        """Services, migrations, demo, processes; in that order, and back."""
        _refuse_a_taken_port(host, port)
        interrupt_on_signals()
        supervisor = Supervisor(
            _programs(host=host, port=port, workers=workers),
            out=self.stdout,
            environment={**os.environ, "PYTHONUNBUFFERED": "1"},
            ledger=settings.VAR / "run.pids",
        )
        with _alone(), suppress(KeyboardInterrupt), _services(Progress(self.stdout)) as progress:
            try:
                self._serve(supervisor, progress, address=(host, port))
            except UnableToKeepRunning as error:
                raise CommandError(str(error)) from error
            finally:
                supervisor.stop()
        supervisor.say("run", "every process has stopped")

    def _serve(self, supervisor: Supervisor, progress: Progress, *, address: tuple[str, int]) -> None:
        started = time.monotonic()
        with progress.step("Migrations"):
            call_command("migrate", verbosity=0, interactive=False)
        if settings.DEMO and not is_complete():
            subprocess.run([sys.executable, "manage.py", "seed_demo"], cwd=settings.BASE_DIR, check=True)
        with progress.step("Web server, workers and beat"):
            supervisor.start()
            health = _await_ready(*address) | {"workers": str(_await_workers())}
        reading = " · ".join(f"{name} {value}" for name, value in health.items())
        seconds = time.monotonic() - started
        supervisor.say("ready", f"http://{address[0]}:{address[1]} after {seconds:.1f} s · {reading}")
        supervisor.watch()


@contextmanager
def _alone() -> Iterator[None]:
    """One product per VAR: a second would end the first one's processes as leftovers."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(f"CreditIQ runs in {settings.VAR} already; choose another: make run VAR=…") from error
        yield


@contextmanager
def _services(progress: Progress) -> Iterator[Progress]:
    with ExitStack() as stack:
        with progress.step("PostgreSQL and Valkey"):
            stack.enter_context(embedded.at_hand(embedded.configured()))
        yield progress


def _programs(*, host: str, port: int, workers: int) -> list[Program]:
    quiet = ("--loglevel", "warning")
    serve = ["uvicorn", "creditiq.asgi:application", "--host", host, "--port", str(port), "--lifespan", "off"]
    caps = ["--ws-max-size", str(settings.MAX_SOCKET_MESSAGE_BYTES), "--timeout-graceful-shutdown", "5"]
    lean = ("--without-gossip", "--without-mingle", "--queues", QUEUES, "--concurrency", str(workers))
    return [
        Program("web", [sys.executable, "-m", *serve, *caps, "--no-server-header", "--log-level", "warning"]),
        Program("worker", [*CELERY, "worker", *quiet, *lean]),
        Program("streams", [sys.executable, "-m", "django", "consume_evidence", "--skip-checks", *_named_settings()]),
        Program("beat", [*CELERY, "beat", *quiet, "--pidfile", ""]),
    ]


def _named_settings() -> list[str]:
    """A word of ours in the command line, by which a later supervisor knows a leftover of this one."""
    return ["--settings", settings.SETTINGS_MODULE]


def _refuse_a_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken; choose another: make run PORT={port + 123}") from error


def _await_ready(host: str, port: int) -> dict[str, str]:
    """Ask /readyz until it agrees."""
    deadline = time.monotonic() + READY_TIMEOUT
    while time.monotonic() < deadline:
        connection = HTTPConnection(host, port, timeout=10)
        with suppress(OSError, HTTPException):
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            if answer.status == 200:
                return dict(json.load(answer)["checks"])
        connection.close()
        time.sleep(0.2)
    raise CommandError("The server did not become ready; the lines above say why")


def _await_workers() -> int:
    """How many workers answer the roll-call, once the first does."""
    deadline = time.monotonic() + READY_TIMEOUT
    while time.monotonic() < deadline:
        if replies := current_app.control.broadcast("ping", reply=True, timeout=2, limit=1):
            return len(replies)
    raise CommandError("No worker answered; the lines above say why")
