"""The bundled services: one VAR, many users, no leftovers."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest
from django.core.cache import cache
from django.db import connection

from creditiq import embedded

pytestmark = pytest.mark.integration


@pytest.fixture
def apart() -> Iterator[embedded.Services]:
    """Services of their own, outside pytest's folder, which another session of the same user may close."""
    with tempfile.TemporaryDirectory(prefix="creditiq-apart-") as folder:
        yield replace(embedded.configured(), var=Path(folder), careful=False, postgres=True, valkey=True)


def _programs(services: embedded.Services) -> list[int]:
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if str(services.var) in " ".join(process.info["cmdline"] or [])
    ]


@pytest.mark.django_db
def test_a_test_speaks_to_the_real_postgresql_18_and_valkey() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    cache.set("greeting", "hello")
    assert version.startswith("18.")
    assert cache.get("greeting") == "hello"


def test_the_first_user_starts_the_services_and_the_last_one_stops_them(apart: embedded.Services) -> None:
    with embedded.at_hand(apart):
        with embedded.at_hand(apart):
            inside = _programs(apart)
        address = f"postgresql://postgres@/creditiq?host={apart.sockets}"
        with psycopg.connect(address) as direct:
            direct.execute("CREATE TABLE kept (n int)")
        assert inside
    assert _programs(apart) == []


def test_what_was_stored_is_there_after_a_restart(apart: embedded.Services) -> None:
    address = f"postgresql://postgres@/creditiq?host={apart.sockets}"
    with embedded.at_hand(apart), psycopg.connect(address) as direct:
        direct.execute("CREATE TABLE kept AS SELECT 42 AS n")
    with embedded.at_hand(apart), psycopg.connect(address) as direct:
        row = direct.execute("SELECT n FROM kept").fetchone()
    assert row == (42,)


def test_a_folder_with_a_long_name_gets_short_sockets(tmp_path: Path) -> None:
    services = replace(embedded.configured(), var=tmp_path / ("long" * 40))
    assert len(str(services.valkey_socket)) < 100


def test_commands_that_need_no_database_start_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR", str(tmp_path / "var"))
    with embedded.at_hand_for(["manage.py", "simulate"]):
        assert not (tmp_path / "var").exists()
