"""The database's clock: one for all machines, so that a machine whose own clock is wrong ends nothing early."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The present moment by the database. Sweeps that give up on, end or repeat what others began read this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        rows: list[tuple[datetime]] = cursor.fetchall()
    return rows[0][0]
