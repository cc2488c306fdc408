"""A backup is a folder: the database as one dump, the files beside it, and a manifest that says what must be there.

The dump and the number of rows of every table come from one snapshot of the database.
Files are copied after it: uploads and artefacts are only ever added, so what a row names is there. The folder gets its
name when it is whole; an interrupted backup keeps the ending `.part` and is never taken for one.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from creditiq.embedded import postgres_program

DUMP = "database.dump"
MANIFEST = "manifest.json"
TABLES = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname
"""


class UnableToBackUp(Exception):
    """What is in the way, and what to do."""


class UnableToRestore(Exception):
    """What is in the way, and what to do."""


@dataclass(frozen=True)
class Manifest:
    """`rows` by table; `files` are SHA-256 by path below the backup's folder, the dump among them."""

    version: str
    taken_at: str
    rows: Mapping[str, int]
    files: Mapping[str, str]


def folders() -> Mapping[str, Path]:
    """What is kept in files, by its name in a backup."""
    return {"artefacts": Path(settings.ARTEFACTS_DIR), "uploads": Path(settings.MEDIA_ROOT)}


def take(target: Path, *, at: datetime) -> Manifest:
    """Write a backup to the folder `target`, which must not exist. Only its owner may read it."""
    if target.exists():
        raise UnableToBackUp(f"{target} exists already; name a new folder")
    growing = target.with_name(f"{target.name}.part")
    shutil.rmtree(growing, ignore_errors=True)
    growing.mkdir(mode=0o700, parents=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
        rows = count_rows()
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={growing / DUMP}")
    for name, source in folders().items():
        if source.is_dir():
            shutil.copytree(source, growing / name)
    files = {str(path.relative_to(growing)): digest(path) for path in _files(growing)}
    manifest = Manifest(version=settings.VERSION, taken_at=at.isoformat(), rows=rows, files=files)
    (growing / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True))
    growing.rename(target)
    return manifest


def read(source: Path) -> Manifest:
    """The manifest of a backup whose every file is as it was written; raises `UnableToRestore` else."""
    try:
        manifest = Manifest(**json.loads((source / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise UnableToRestore(f"{source} is not a whole backup: its {MANIFEST} cannot be read") from error
    for name, expected in manifest.files.items():
        path = source / name
        if not path.resolve().is_relative_to(source.resolve()) or not path.is_file() or digest(path) != expected:
            raise UnableToRestore(f"{name} is missing or not what was backed up; take another backup")
    return manifest


def restore(source: Path) -> Manifest:
    """Bring a backup into an empty database and empty folders; nothing there is ever overwritten."""
    manifest = read(source)
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        if cursor.fetchone() is not None:
            raise UnableToRestore("The database has tables already; restore into an empty one")
    for name, folder in folders().items():
        if folder.is_dir() and any(folder.iterdir()):
            raise UnableToRestore(f"{folder} is not empty; move it away, or name another folder for {name}")
    address = str(settings.DATABASES["default"]["NAME"])
    words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run("pg_restore", *words, f"--dbname={address}", str(source / DUMP))
    for name, folder in folders().items():
        if (source / name).is_dir():
            shutil.copytree(source / name, folder, dirs_exist_ok=True)
    differing = sorted(table for table, count in count_rows().items() if count != manifest.rows.get(table))
    if differing:
        raise UnableToRestore(f"Restored, but not the same number of rows: {', '.join(differing)}")
    return manifest


def count_rows() -> dict[str, int]:
    """Rows of every table, a partitioned one as a whole."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [str(name) for (name,) in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table)))
            counts[table] = int(cursor.fetchone()[0])
    return counts


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _run(program: str, *words: str) -> None:
    """One PostgreSQL program on our database; the password travels in the environment, where `ps` does not show it."""
    database = connection.settings_dict
    options = database["OPTIONS"]
    address = {
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
        "PGSSLMODE": options.get("sslmode", ""),
        "PGSSLROOTCERT": options.get("sslrootcert", ""),
    }
    named = {name: str(value) for name, value in address.items() if value}
    done = subprocess.run(
        [postgres_program(program), "--no-password", *words],
        env={**os.environ, **named},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        trouble = UnableToBackUp if program == "pg_dump" else UnableToRestore
        raise trouble(f"{program} failed: {done.stderr.strip()[-1000:]}")
