"""PostgreSQL advisory locks that end with the transaction."""

import zlib

from django.db import connection


def hold(name: str, key: int, *, shared: bool = False) -> None:
    """Wait for the lock (name, key) and keep it until the transaction ends. Needs an open transaction."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    space = zlib.crc32(name.encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [space, key])
