"""PostgreSQL advisory locks that end with the transaction."""

import zlib

from django.db import connection


def hold(name: str, key: int, *, shared: bool = False) -> None:
    """Wait for the lock (name, key) and keep it until the transaction ends. Needs an open transaction."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    space = zlib.crc32(name.encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [space, key])


def try_hold(name: str, key: int) -> bool:
    """The same without waiting; False when somebody else has it."""
    space = zlib.crc32(name.encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [space, key])
        (held,) = cursor.fetchone()
    return bool(held)
