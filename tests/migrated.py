"""The processes of one run migrate once: whoever needs the database first leaves it as a file, others restore that.

Every process has a PostgreSQL of its own, so a template database would not do.
"""

import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from creditiq.embedded import Services, postgres_program


@contextmanager
def shared(folder: Path, services: Services) -> Iterator[None]:
    """Around the creation of the test database, which finds the file's contents there if somebody left one.

    The file appears under its name only when it is whole. A process that waits here waits for the migrations that it
    would else run itself.
    """
    kept = folder / "migrated.dump"
    with (folder / "migrated.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        name = connection.creation._get_test_db_name()
        if kept.exists():
            _run(services, "createdb", name)
            _run(services, "pg_restore", "--exit-on-error", f"--dbname={name}", str(kept))
            fcntl.flock(lock, fcntl.LOCK_UN)
            yield
            return
        yield
        growing = kept.with_suffix(".new")
        _run(services, "pg_dump", "--format=custom", "--compress=0", f"--dbname={name}", f"--file={growing}")
        growing.rename(kept)


def _run(services: Services, program: str, *words: str) -> None:
    address = (f"--host={services.sockets}", "--username=postgres", "--no-password")
    subprocess.run([postgres_program(program), *address, *words], check=True, stdin=subprocess.DEVNULL)
