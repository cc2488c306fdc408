"""How often a source may be asked: a bucket of requests that fills again with time, one per address of the settings."""

import threading
import time
from functools import lru_cache

NEARLY = 1e-9
"""What rounding takes from a request that is due."""


class Pace:
    """`per_second` requests in the mean, at most that many at once. Waiting is done here, not by the source."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._left = max(1.0, per_second)
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Take one request, once there is one to take."""
        while pause := self._take():
            time.sleep(pause)

    def _take(self) -> float:
        """Seconds until there is one; 0 when it was taken."""
        with self._lock:
            current = time.monotonic()
            filled = self._left + (current - self._at) * self.per_second
            self._left, self._at = min(max(1.0, self.per_second), filled), current
            if self._left < 1 - NEARLY:
                return (1 - self._left) / self.per_second
            self._left -= 1
            return 0.0


@lru_cache(maxsize=200)
def pace_of(url: str, per_second: float) -> Pace:
    """The bucket of an address; everybody of this process who asks there shares it."""
    return Pace(per_second)
