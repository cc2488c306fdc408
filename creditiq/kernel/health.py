"""Health readings: each app registers what it can tell; the health door asks all of them."""

from collections.abc import Callable, Mapping

from django.db import DatabaseError
from redis.exceptions import RedisError

Check = Callable[[], Mapping[str, object]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check under a name; registering the same name again replaces it."""
    _checks[name] = check


def readings() -> dict[str, Mapping[str, object]]:
    """Every check's reading. A check that fails reports its error instead of breaking the page."""
    return {name: _read(check) for name, check in sorted(_checks.items())}


def _read(check: Check) -> Mapping[str, object]:
    try:
        return check()
    except (OSError, RuntimeError, ValueError, LookupError, DatabaseError, RedisError) as error:
        return {"ok": False, "error": type(error).__name__}
