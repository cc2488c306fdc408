"""The only reader of the environment. `.env.example` documents every variable named here."""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]
LONGEST_SOCKET_PATH = 90
"""Unix sockets allow about 104 characters; PostgreSQL adds its own file name to the folder."""

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Shared cores: a spinning OpenMP pool ruins latency, so one thread each unless the operator says otherwise.
# Set here because settings load before any module that brings numpy, numba or xgboost along.
for _name, _value in {
    "OMP_NUM_THREADS": "1",
    "OMP_WAIT_POLICY": "PASSIVE",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "2",
    "POLARS_MAX_THREADS": "2",
}.items():
    os.environ.setdefault(_name, _value)


def required(name: str) -> str:
    """The value of a variable that production cannot do without."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} must be set; see .env.example")
    return value


def folder(name: str, default: Path) -> Path:
    """An absolute folder from the environment; it is created by whoever writes there first."""
    return Path(env.str(name, default="") or default).expanduser().resolve()


def var_folder() -> Path:
    """VAR, where the services, uploads and artefacts live; a test session has its own, named after its process."""
    if env.str("DJANGO_SETTINGS_MODULE", default="") == "creditiq.settings.test":
        return folder("VAR", Path(tempfile.gettempdir()) / f"creditiq-test-{os.getpid()}")
    return folder("VAR", BASE_DIR / "var")


def socket_folder(var: Path) -> Path:
    """Where the embedded services put their sockets: under `var`, or a short stand-in when that is too long."""
    sockets = var / "sockets"
    if len(str(sockets)) <= LONGEST_SOCKET_PATH:
        return sockets
    return Path(tempfile.gettempdir()) / f"creditiq-{hashlib.sha256(str(var).encode()).hexdigest()[:12]}"


def database_url(var: Path) -> str:
    """DATABASE_URL, or the address of the PostgreSQL that ships with us."""
    return env.str("DATABASE_URL", default="") or f"postgresql://postgres@/creditiq?host={socket_folder(var)}"


def redis_url(var: Path) -> str:
    """REDIS_URL without a database number, or the address of the Valkey that ships with us."""
    return env.str("REDIS_URL", default="") or f"unix://{socket_folder(var)}/valkey.sock"


def uses_embedded_postgres() -> bool:
    """Whether nobody named a PostgreSQL of their own."""
    return not env.str("DATABASE_URL", default="")


def uses_embedded_valkey() -> bool:
    """Whether nobody named a Redis of their own."""
    return not env.str("REDIS_URL", default="")


def numbered(url: str, database: int) -> str:
    """The same Redis, another of its databases."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"{url}?db={database}"
    return urlunsplit(parts._replace(path=f"/{database}"))


def broker(url: str, database: int) -> str:
    """The same address in Celery's spelling."""
    if url.startswith("unix://"):
        return f"redis+socket://{url.removeprefix('unix://')}?virtual_host={database}"
    return numbered(url, database)


def postgres(url: str, *, pool_size: int, statement_timeout_ms: int) -> dict[str, object]:
    """Django's database settings. A pool excludes long-lived connections (performance.md §5)."""
    config: dict[str, object] = dict(env.db_url_config(url))
    options: dict[str, object] = {"connect_timeout": 5, **dict(parse_qsl(urlsplit(url).query))}
    config["HOST"] = options.pop("host", config["HOST"])
    if statement_timeout_ms:
        options["options"] = f"-c statement_timeout={statement_timeout_ms}"
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 5}
    return {
        **config,
        "ENGINE": "creditiq.kernel.postgresql",
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0 if pool_size else 600,
        "CONN_HEALTH_CHECKS": True,
    }
