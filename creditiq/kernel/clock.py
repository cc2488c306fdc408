"""The only reader of the system clock. Doors call it; everything below takes time as a parameter."""

from datetime import UTC, datetime, timedelta, timezone

IST = timezone(timedelta(hours=5, minutes=30), "IST")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000
"""Microseconds in a day."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def micros(moment: datetime) -> int:
    """Microseconds since the Unix epoch, exact (no float on the way).

    >>> micros(datetime(1970, 1, 2, tzinfo=UTC)) == DAY
    True
    """
    return (moment - EPOCH) // MICROSECOND


def moment(microseconds: int) -> datetime:
    """The inverse of `micros`.

    >>> moment(micros(datetime(2026, 11, 20, 10, 42, tzinfo=UTC))).isoformat()
    '2026-11-20T10:42:00+00:00'
    """
    return EPOCH + timedelta(microseconds=microseconds)


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970: how chains count time."""
    return (moment - EPOCH) // timedelta(seconds=1)
