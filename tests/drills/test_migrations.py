"""The newest migration of every app, back and forward again, over a hundred thousand rows that others read (§3)."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from creditiq.settings.env import socket_folder
from tests.drills.conftest import Tell
from tests.drills.house import House
from tests.drills.test_faults import Rounds
from tests.product import ROOT, SETTINGS

pytestmark = pytest.mark.integration
APPS = ("kernel", "accounts", "wallets", "fraud", "scoring", "lending")
NEWEST, COUNT = SQL("SELECT id FROM {} ORDER BY id DESC LIMIT 1"), SQL("SELECT count(*) FROM {}")
NAME, LONGEST_LOCK, ROWS = "drill_migrations", 2.0, 100_000
FILL = {
    "accounts_mail": (
        'INSERT INTO accounts_mail (uuid, "to", subject, text, language, written_at)'
        " SELECT gen_random_uuid(), 'drill@creditiq.example', 's', 't', 'en', now() FROM generate_series(1, %s)"
    ),
    "kernel_outboxevent": (
        "INSERT INTO kernel_outboxevent (name, payload) SELECT 'drill', '{}'::jsonb FROM generate_series(1, %s)"
    ),
    "lending_bookreturn": (
        "INSERT INTO lending_bookreturn"
        " (uuid, organisation_id, kind, since, until, document, book, sha256, made_at)"
        " SELECT gen_random_uuid(), (SELECT min(id) FROM accounts_organisation), 'portfolio', date '1800-01-01' + n,"
        " date '1800-01-01' + n, '{}'::jsonb, '{}'::jsonb, repeat('0', 64), now() FROM generate_series(1, %s) n"
    ),
}


@dataclass
class Reader:
    """Somebody who reads the tables all the time; `longest` is the longest wait in seconds."""

    address: str
    longest: float = 0.0
    reads: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        with closing(psycopg.connect(self.address, autocommit=True)) as connection:
            while not self.done.is_set():
                for table in FILL:
                    started = time.monotonic()
                    connection.execute(NEWEST.format(Identifier(table)))
                    self.longest = max(self.longest, time.monotonic() - started)
                    self.reads += 1
                time.sleep(0.01)


@contextmanager
def database(house: House) -> Iterator[str]:
    """An empty database beside the product's."""
    house.ask(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    house.ask(f"CREATE DATABASE {NAME}")
    try:
        yield f"postgresql://postgres@/{NAME}?host={socket_folder(house.product.var)}"
    finally:
        house.ask(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def migrate(house: House, address: str, *words: str) -> None:
    environment = {**os.environ, **SETTINGS, "VAR": str(house.product.var), "DATABASE_URL": address}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--no-input", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.goal("every row kept, no wait over 2 s")
def test_migrations_keep_every_row_and_let_others_read(house: House, rounds: Rounds, tell: Tell) -> None:
    rows = rounds(ROWS)
    with database(house) as address, closing(psycopg.connect(address, autocommit=True)) as connection:
        migrate(house, address)
        for statement in FILL.values():
            connection.execute(statement, [rows])
        newest = {
            app: [
                str(name)
                for (name,) in connection.execute(
                    "SELECT name FROM django_migrations WHERE app = %s ORDER BY id DESC LIMIT 2", [app]
                )
            ]
            for app in APPS
        }
        reader = Reader(address)
        reading = threading.Thread(target=reader.read)
        reading.start()
        started, moved = time.monotonic(), []
        try:
            for app, names in newest.items():
                if len(names) == 2:
                    migrate(house, address, app, names[1])
                    moved.append(f"{app} {names[0][:4]}")
            migrate(house, address)
        finally:
            reader.done.set()
            reading.join()
        counts = [connection.execute(COUNT.format(Identifier(table))).fetchone() for table in FILL]
    tell(
        rows=f"3 × {rows}", back_and_forward=moved, seconds=round(time.monotonic() - started), reads=reader.reads,
        longest_wait_ms=round(reader.longest * 1000),
    )  # fmt: skip
    assert [count and count[0] for count in counts] == [rows] * len(FILL)
    assert reader.longest <= LONGEST_LOCK
